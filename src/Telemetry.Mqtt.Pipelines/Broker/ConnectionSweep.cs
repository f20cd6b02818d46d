using System.Collections.Concurrent;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// One timer for the time limits of all connections: connect time-out and keep alive. A limit is noticed within a
/// second; no connection has a timer of its own.
/// </summary>
internal sealed class ConnectionSweep : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Connection, bool> _connections = new();
    private readonly Action _also;
    private readonly ITimer _timer;

    /// <param name="time">The clock.</param>
    /// <param name="also">What else is looked at each second.</param>
    public ConnectionSweep(TimeProvider time, Action also)
    {
        _also = also;
        _timer = time.CreateTimer(static sweep => ((ConnectionSweep)sweep!).Run(), this, Period, Period);
    }

    /// <summary>Watches a connection from its socket on.</summary>
    public void Add(Connection connection) => _connections[connection] = true;

    /// <summary>Watches it no longer.</summary>
    public void Remove(Connection connection) => _connections.TryRemove(connection, out _);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Run()
    {
        foreach ((Connection connection, _) in _connections)
        {
            connection.CheckTime();
        }

        _also();
    }
}
