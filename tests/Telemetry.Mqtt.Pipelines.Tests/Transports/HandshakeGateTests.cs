using Microsoft.AspNetCore.Connections;
using Telemetry.Testing;

namespace Telemetry.Mqtt.Pipelines;

public sealed class HandshakeGateTests
{
    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource _end = new();
    private int _begun;

    [Fact]
    public async Task One_more_waits_until_a_handshake_is_done()
    {
        using var gate = new HandshakeGate(_time, handshakesMax: 1);
        var handshake = new TaskCompletionSource();
        ConnectionDelegate served = HandshakeGate.Leave(_ => _end.Task);
        ConnectionDelegate door = gate.Enter(async connection =>
        {
            _begun++;
            await handshake.Task;
            await served(connection);
        });

        Task first = door(new DefaultConnectionContext("first"));
        Task second = door(new DefaultConnectionContext("second"));
        Assert.Equal(1, _begun);

        handshake.SetResult();
        await Begun(2);
        Assert.False(first.IsCompleted); // it is served, which holds nobody up
        _end.SetResult();
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task Who_dawdles_lets_the_next_one_begin_after_its_turn()
    {
        using var gate = new HandshakeGate(_time, handshakesMax: 1);
        ConnectionDelegate door = gate.Enter(_ =>
        {
            _begun++;
            return _end.Task;
        });

        Task first = door(new DefaultConnectionContext("first"));
        Task second = door(new DefaultConnectionContext("second"));
        Assert.Equal(1, _begun);

        _time.Advance(TimeSpan.FromSeconds(1));
        await Begun(2);
        _end.SetResult();
        await Task.WhenAll(first, second);
    }

    private async Task Begun(int count)
    {
        while (Volatile.Read(ref _begun) < count)
        {
            await Task.Yield();
        }
    }
}
