namespace Telemetry.Access;

/// <summary>
/// Denied publishes and subscribes: each is counted, and one per identity and topic and minute is written, since a
/// gateway with a wrong topic tries again with every sample.
/// </summary>
internal sealed class DenialAudit(AuditLog audit, AccessMetrics metrics, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly HashSet<(string Event, string Identity, string Topic)> _written = [];
    private long _periodBegan = time.GetTimestamp();

    public void OnPublish(string identity, string client, string topic)
    {
        metrics.OnDeniedPublish();
        Write("deny_publish", identity, client, topic);
    }

    public void OnSubscribe(string identity, string client, string filter)
    {
        metrics.OnDeniedSubscribe();
        Write("deny_subscribe", identity, client, filter);
    }

    private void Write(string name, string identity, string client, string topic)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_periodBegan) >= Period)
            {
                _written.Clear();
                _periodBegan = time.GetTimestamp();
            }

            // Beyond the ceiling nothing more is written in this minute: the counters still move.
            if (_written.Count >= AccessLimits.DenialEntriesMax || !_written.Add((name, identity, topic)))
            {
                return;
            }
        }

        audit.OnDenied(name, identity, client, topic);
    }
}
