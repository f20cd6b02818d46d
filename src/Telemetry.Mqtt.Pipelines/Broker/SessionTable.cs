using System.Text;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>The sessions by client identifier, with their subscriptions. The broker owns it under its lock.</summary>
internal sealed class SessionTable(SubscriptionTable subscriptions, MqttServerOptions options, MqttMetrics metrics)
{
    private readonly Dictionary<string, LiveSession> _sessions = [];
    private readonly QueueBudget _budget = new(options.QueuedBytesMax);

    /// <summary>All sessions, in no order.</summary>
    public IReadOnlyCollection<LiveSession> All => _sessions.Values;

    /// <summary>Bytes that wait for all clients together.</summary>
    public long QueuedBytes => _budget.Bytes;

    /// <summary>Whether the session is still one.</summary>
    public bool Holds(LiveSession session) =>
        _sessions.TryGetValue(session.State.ClientIdentifier, out LiveSession? held) && held == session;

    /// <summary>The session of a client; null when there is none.</summary>
    public LiveSession? Find(string clientIdentifier) => _sessions.GetValueOrDefault(clientIdentifier);

    /// <summary>The session of a client; null when there is none.</summary>
    public LiveSession? Find(ReadOnlySpan<byte> clientIdentifier) =>
        _sessions.Count == 0 ? null : Find(Encoding.UTF8.GetString(clientIdentifier));

    /// <summary>The session of a client, begun when there is none; null when too many are kept.</summary>
    public LiveSession? FindOrBegin(string clientIdentifier)
    {
        if (_sessions.TryGetValue(clientIdentifier, out LiveSession? session))
        {
            return session;
        }

        if (_sessions.Count >= options.SessionsMax)
        {
            return null;
        }

        session = new LiveSession(new ClientSession(clientIdentifier), _budget, options, metrics);
        _sessions.Add(clientIdentifier, session);
        return session;
    }

    /// <summary>Ends a session: its subscriptions and messages go.</summary>
    public void End(LiveSession session)
    {
        subscriptions.RemoveAll(session);
        session.End();
        if (Holds(session))
        {
            _sessions.Remove(session.State.ClientIdentifier);
        }
    }
}
