namespace Telemetry.Access.Tests;

public sealed class HashQueueTests
{
    private static readonly PasswordHash Hash = PasswordHash.Of("right", 1_000);

    [Fact]
    public async Task It_tells_right_from_wrong()
    {
        using var queue = new HashQueue(workers: 2, waitingMax: 10);
        Assert.True(await queue.TryMatch(Hash, "right"u8.ToArray(), CancellationToken.None)!);
        Assert.False(await queue.TryMatch(Hash, "wrong"u8.ToArray(), CancellationToken.None)!);
    }

    [Fact]
    public void A_full_queue_says_so_and_does_nothing()
    {
        using var queue = new HashQueue(workers: 0, waitingMax: 2);
        Assert.NotNull(queue.TryMatch(Hash, [], CancellationToken.None));
        Assert.NotNull(queue.TryMatch(Hash, [], CancellationToken.None));
        Assert.Null(queue.TryMatch(Hash, [], CancellationToken.None));
        Assert.Equal(2, queue.Waiting);
    }

    [Fact]
    public async Task Who_has_gone_before_its_turn_is_not_hashed()
    {
        using var queue = new HashQueue(workers: 1, waitingMax: 2);
        Task<bool> matching = queue.TryMatch(Hash, [], new CancellationToken(canceled: true))!;
        await Assert.ThrowsAsync<TaskCanceledException>(() => matching);
    }
}
