using Microsoft.AspNetCore.Connections;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// Lets a number of TLS handshakes go on at once, so that two thousand gateways that come back together are taken in
/// one after the other, and the connected ones keep their share of the cores. A handshake that takes longer than its
/// turn goes on, but lets the next one begin: a peer that dawdles holds nobody up.
/// </summary>
public sealed class HandshakeGate : IDisposable
{
    /// <summary>Handshakes at once: over a link of half a second each they still make two hundred per second.</summary>
    public const int HandshakesMax = 256;

    private static readonly TimeSpan TurnMax = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _turns;
    private readonly TimeProvider _time;

    /// <summary>A gate, shared by all TLS listeners.</summary>
    public HandshakeGate(TimeProvider time, int handshakesMax = HandshakesMax)
    {
        _time = time;
        _turns = new SemaphoreSlim(handshakesMax);
    }

    /// <summary>The step before the handshake: waits for a turn.</summary>
    public ConnectionDelegate Enter(ConnectionDelegate next) => async connection =>
    {
        try
        {
            await _turns.WaitAsync(connection.ConnectionClosed);
        }
        catch (OperationCanceledException)
        {
            return; // it has gone while it waited
        }

        using var turn = new Turn(_turns, _time);
        connection.Features.Set(turn);
        await next(connection);
    };

    /// <summary>The step after the handshake: the turn is over.</summary>
    public static ConnectionDelegate Leave(ConnectionDelegate next) => connection =>
    {
        connection.Features.Get<Turn>()?.Dispose();
        return next(connection);
    };

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    private sealed class Turn : IDisposable
    {
        private readonly SemaphoreSlim _turns;
        private readonly ITimer _timer;
        private int _isOver;

        public Turn(SemaphoreSlim turns, TimeProvider time)
        {
            _turns = turns;
            _timer = time.CreateTimer(_ => End(), state: null, TurnMax, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            _timer.Dispose();
            End();
        }

        private void End()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                _turns.Release();
            }
        }
    }
}
