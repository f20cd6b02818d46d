using System.Buffers.Binary;
using System.Text;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The log → sessions, after a restart: applies what happened to sessions since the last checkpoint, in the order of
/// the log. While the service runs, connections change the sessions themselves, and the log only keeps it.
/// </summary>
internal sealed class BrokerReplay(SessionTable sessions, SubscriptionTable subscriptions, SubscriptionDesk desk)
{
    /// <summary>Applies one event.</summary>
    public void Apply(
        SessionEventKind kind, ReadOnlySpan<byte> client, ReadOnlySpan<byte> content, long arrivalTime)
    {
        if (kind == SessionEventKind.Opened)
        {
            Open(Encoding.UTF8.GetString(client), content);
        }
        else if (sessions.Find(client) is { } session)
        {
            Apply(session, kind, content, arrivalTime);
        }
    }

    private void Open(string client, ReadOnlySpan<byte> content)
    {
        if (!SessionEventFormat.TryReadOpened(
            content, out bool isClean, out string? owner, out uint expiry, out SessionWill? will))
        {
            return;
        }

        if (isClean && sessions.Find(client) is { } old)
        {
            sessions.End(old);
        }

        if (sessions.FindOrBegin(client)?.State is { } state)
        {
            state.Owner = owner;
            state.ExpirySeconds = expiry;
            state.Will = will;
            state.ClosedAt = 0;
        }
    }

    private void Apply(
        LiveSession session, SessionEventKind kind, ReadOnlySpan<byte> content, long arrivalTime)
    {
        switch (kind)
        {
            case SessionEventKind.Closed
                when SessionEventFormat.TryReadClosed(content, out uint expiry, out bool keeps):
                session.State.ExpirySeconds = expiry;
                session.State.Will = keeps ? session.State.Will : null;
                session.CutOff(arrivalTime);
                break;
            case SessionEventKind.Ended:
                sessions.End(session);
                break;
            case SessionEventKind.Subscribed when SessionEventFormat.ReadSubscribed(content) is { } terms:
                desk.Replay(session, terms);
                break;
            case SessionEventKind.Unsubscribed:
                subscriptions.Remove(session, Encoding.UTF8.GetString(content));
                break;
            case SessionEventKind.Released when content.Length == sizeof(ushort):
                session.Release(BinaryPrimitives.ReadUInt16BigEndian(content));
                break;
            case SessionEventKind.Delivered
                when SessionEventFormat.TryReadDelivered(content, out long offset, out OutgoingState state):
                session.ReplayDelivered(offset, state);
                break;
            case SessionEventKind.WillSent:
                session.State.Will = null;
                break;
            default:
                break; // a checksum stands behind every record: this is one of a later version
        }
    }
}
