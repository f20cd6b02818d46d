namespace Telemetry.Ingestion.Tests;

public sealed class PositionGateTests
{
    [Fact]
    public void A_position_already_reached_is_not_waited_for()
    {
        var gate = new PositionGate(10);
        Assert.True(gate.WaitForAsync(10, default).IsCompletedSuccessfully);
        Assert.True(gate.WaitForAsync(3, default).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Waiters_are_let_through_in_the_order_of_what_they_wait_for()
    {
        var gate = new PositionGate(0);
        Task far = gate.WaitForAsync(30, default);
        Task near = gate.WaitForAsync(10, default);
        gate.Reached(9);
        Assert.False(near.IsCompleted);
        gate.Reached(10);
        await near;
        Assert.False(far.IsCompleted);
        gate.Reached(31);
        await far;
    }

    [Fact]
    public async Task A_cancelled_waiter_holds_nobody_up()
    {
        var gate = new PositionGate(0);
        using var source = new CancellationTokenSource();
        Task left = gate.WaitForAsync(10, source.Token);
        Task other = gate.WaitForAsync(10, default);
        await source.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => left);
        gate.Reached(10);
        await other;
    }

    [Fact]
    public async Task Who_waits_for_what_will_never_be_reached_is_given_the_cause()
    {
        var gate = new PositionGate(5);
        Task waiting = gate.WaitForAsync(10, default);
        gate.Fail(new InvalidOperationException("it is over"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => waiting);
        await Assert.ThrowsAsync<InvalidOperationException>(() => gate.WaitForAsync(6, default));
        await gate.WaitForAsync(5, default);
    }

    [Fact]
    public async Task No_waiter_is_forgotten_when_both_sides_run_at_once()
    {
        const int Rounds = 2_000;
        var gate = new PositionGate(0);
        Task reaching = Task.Run(() =>
        {
            for (int i = 1; i <= Rounds; i++)
            {
                gate.Reached(i);
            }
        });
        for (int i = 1; i <= Rounds; i++)
        {
            await gate.WaitForAsync(i, default);
        }

        await reaching;
    }
}
