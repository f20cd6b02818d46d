using System.Text;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// What one connection says of its presence: nothing before the subscription stands, and again whenever somebody says
/// otherwise.
/// </summary>
internal sealed class LinkPresence(
    BrokerClientParts parts, LinkOutbox outbox, ProtocolLevel level, DateTimeOffset connectedAt)
{
    /// <summary>The packet identifier of all of them: a broker has long answered the last one.</summary>
    public const ushort PacketIdentifier = LinkSubscription.PacketIdentifier + 1;

    private readonly IClientPresence? _presence = parts.Options.Presence;
    private bool _isTold;

    /// <summary>The subscription stands: the first PUBLISH of the connection.</summary>
    public void OnSubscribed(bool isGranted)
    {
        if (_presence is not null && isGranted)
        {
            _isTold = true;
            Send(_presence.Online(connectedAt));
        }
    }

    /// <summary>Somebody has said that this client is away.</summary>
    public void OnDenied()
    {
        if (_presence is not null && _isTold)
        {
            Send(_presence.Online(connectedAt));
        }
    }

    /// <summary>DISCONNECT is next: a will is not published then.</summary>
    public void OnLeaving()
    {
        if (_presence is not null && _isTold)
        {
            Send(_presence.Offline(parts.Time.GetUtcNow()));
        }
    }

    /// <summary>The broker has taken one, or refused it.</summary>
    public void OnAcknowledged(in AckView ack)
    {
        if (ack.PacketIdentifier == PacketIdentifier && ack.ReasonCode >= ReasonCode.UnspecifiedError)
        {
            parts.Status.Fail($"the broker refuses to publish \"{_presence?.Topic}\": {ack.ReasonCode}");
        }
    }

    private void Send(byte[] payload)
    {
        var publish = new PublishView
        {
            Topic = Encoding.UTF8.GetBytes(_presence!.Topic),
            Payload = payload,
            Qos = 1,
            Retain = true,
            PacketIdentifier = PacketIdentifier,
        };
        byte[] packet = new byte[publish.Measure(level)];
        publish.Write(packet, level);
        outbox.Send(packet);
    }
}
