using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Testing;

namespace Telemetry.Spool.Tests;

public sealed class GroupCommitTests
{
    [Fact]
    public void One_commit_takes_all_blocks_and_tells_each_listener_once()
    {
        using Spool spool = OpenStepwise();
        var one = new CountingListener();
        var other = new CountingListener();
        for (int i = 0; i < 6; i++)
        {
            Append(spool, i, i % 2 == 0 ? one : other);
        }

        Append(spool, 6, null);
        Assert.Equal(0, spool.DurableOffset);
        spool.CommitOnce();
        Assert.Equal(spool.AppendedOffset, spool.DurableOffset);
        Assert.Equal([spool.DurableOffset], one.Told);
        Assert.Equal([spool.DurableOffset], other.Told);
        Assert.Equal(1, spool.Metrics.CommitCount);
        Assert.Equal(7, spool.Metrics.AppendedRecords);
        spool.CommitOnce();
        Assert.Single(one.Told);
        Assert.Equal(1, spool.Metrics.CommitCount);
    }

    [Fact]
    public void A_full_buffer_has_no_room_until_it_is_taken()
    {
        using Spool spool = OpenStepwise();
        int number = 0;
        while (TryAppend(spool, number, null) == AppendOutcome.Appended)
        {
            number++;
        }

        Assert.InRange(number, 5, SpoolBench.SmallOptions.BufferBytesMax / SpoolRecord.HeaderBytes);
        Assert.Equal(SpoolState.Running, spool.State);
        long end = spool.AppendedOffset;
        ValueTask room = spool.WaitForRoomAsync(default);
        Assert.False(room.IsCompleted);
        spool.CommitOnce();
        Assert.True(SpinWait.SpinUntil(() => room.IsCompleted, TimeSpan.FromSeconds(30)));
        Assert.True(room.IsCompletedSuccessfully);
        Assert.Equal(AppendOutcome.Appended, TryAppend(spool, number, null));
        Assert.True(spool.AppendedOffset > end);
        Assert.Equal(1, spool.Metrics.NoRoomCount);
        Assert.True(spool.WaitForRoomAsync(default).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Waiting_for_a_commit_ends_with_it_or_with_its_token()
    {
        using Spool spool = OpenStepwise();
        using var cancellation = new CancellationTokenSource();
        ValueTask<long> first = spool.WaitForCommitAsync(0, default);
        ValueTask<long> second = spool.WaitForCommitAsync(0, cancellation.Token);
        ValueTask<long> beyond = spool.WaitForCommitAsync(1_000_000, cancellation.Token);
        Append(spool, 1, null);
        Assert.False(first.IsCompleted);
        spool.CommitOnce();
        Assert.Equal(spool.DurableOffset, await first);
        Assert.Equal(spool.DurableOffset, await second);
        Assert.Equal(spool.DurableOffset, await spool.WaitForCommitAsync(0, default));
        Assert.False(beyond.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await beyond);
    }

    [Fact]
    public void While_more_comes_those_who_wait_are_woken_at_intervals()
    {
        var time = new ManualTime();
        using Spool spool = OpenStepwise(SpoolBench.SmallOptions with { WakeIntervalMinMilliseconds = 10 }, time);
        time.Advance(TimeSpan.FromSeconds(1));
        ValueTask<long> first = AppendAndCommit(spool, 1);
        Assert.True(first.IsCompleted); // nobody was woken for long
        ValueTask<long> second = AppendAndCommit(spool, 2);
        Assert.False(second.IsCompleted);
        Assert.Equal(spool.AppendedOffset, spool.DurableOffset);
        time.Advance(TimeSpan.FromMilliseconds(10));
        ValueTask<long> third = AppendAndCommit(spool, 3);
        Assert.True(second.IsCompleted);
        Assert.True(third.IsCompleted);
        ValueTask<long> last = AppendAndCommit(spool, 4);
        Assert.False(last.IsCompleted);
        spool.CommitOnce(); // nothing more has come
        Assert.True(last.IsCompleted);
    }

    [Fact]
    public async Task The_last_commit_of_a_burst_wakes_those_who_wait_without_another()
    {
        SpoolOptions options = SpoolBench.SmallOptions with { WakeIntervalMinMilliseconds = 10 };
        using Spool spool = Spool.Open(
            options, new FaultyFileSystem(1), TimeProvider.System, NullLogger<Spool>.Instance);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (int i = 0; i < 10; i++)
        {
            Append(spool, i, null);
            long end = spool.AppendedOffset;
            Assert.Equal(end, await spool.WaitForCommitAsync(end - 1, patience.Token));
        }
    }

    [Fact]
    public async Task A_spool_that_closes_lets_nobody_wait()
    {
        Spool spool = OpenStepwise();
        ValueTask<long> waiting = spool.WaitForCommitAsync(0, default);
        spool.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await waiting);
        Assert.Throws<ObjectDisposedException>(() => { _ = spool.WaitForCommitAsync(0, default).AsTask(); });
        Assert.Equal(AppendOutcome.Refused, TryAppend(spool, 1, null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Blocks_of_many_threads_all_become_durable_in_order(int intervalMilliseconds)
    {
        const int ThreadCount = 4;
        const int BlockCount = 500;
        SpoolOptions options = SpoolBench.SmallOptions with
        {
            SegmentBytesMax = 50_000,
            CommitIntervalMinMilliseconds = intervalMilliseconds,
        };
        var files = new FaultyFileSystem(1);
        using Spool spool = Spool.Open(options, files, TimeProvider.System, NullLogger<Spool>.Instance);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Task[] senders = [.. Enumerable.Range(0, ThreadCount).Select(thread => Task.Run(async () =>
        {
            for (int i = 0; i < BlockCount; i++)
            {
                byte[] record = RecordMaker.Numbered((i * ThreadCount) + thread, 40, (byte)thread);
                while (spool.TryAppend(record, null, out _) != AppendOutcome.Appended)
                {
                    await spool.WaitForRoomAsync(patience.Token);
                }
            }
        }))];

        int[] next = [0, 1, 2, 3];
        using SpoolReader reader = spool.OpenReader(0);
        for (int count = 0; count < ThreadCount * BlockCount;)
        {
            await spool.WaitForCommitAsync(reader.Position, patience.Token);
            count += ReadSome(reader, next, ThreadCount);
        }

        await Task.WhenAll(senders);
        Assert.Equal(0, reader.SkippedBytes);
        Assert.Equal(spool.DurableOffset, reader.Position);
    }

    [Fact]
    public void Closing_commits_what_was_appended()
    {
        var files = new FaultyFileSystem(1);
        long end;
        using (Spool spool = Spool.Open(
            SpoolBench.SmallOptions, files, TimeProvider.System, NullLogger<Spool>.Instance))
        {
            Append(spool, 1, null);
            end = spool.AppendedOffset;
        }

        files.Restart(StopMode.PowerCut);
        using Spool again = Spool.OpenStepwise(
            SpoolBench.SmallOptions, files, TimeProvider.System, NullLogger<Spool>.Instance);
        Assert.Equal(end, again.DurableOffset);
    }

    [Fact]
    public void Blocks_that_are_not_whole_records_are_a_callers_bug()
    {
        using Spool spool = OpenStepwise();
        Assert.Throws<ArgumentException>(() => spool.TryAppend([], null, out _));
        Assert.Throws<ArgumentException>(() => spool.TryAppend(new byte[40], null, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => spool.TryAppend(new byte[1_025], null, out _));
    }

    private static int ReadSome(SpoolReader reader, int[] next, int step)
    {
        int count = 0;
        while (reader.TryRead(out RecordView record))
        {
            Assert.Equal(next[record.Lane], RecordMaker.NumberOf(record.Body));
            next[record.Lane] += step;
            count++;
        }

        return count;
    }

    private static Spool OpenStepwise() => OpenStepwise(SpoolBench.SmallOptions, TimeProvider.System);

    private static Spool OpenStepwise(SpoolOptions options, TimeProvider time) => Spool.OpenStepwise(
        options, new FaultyFileSystem(1), time, NullLogger<Spool>.Instance);

    private static ValueTask<long> AppendAndCommit(Spool spool, int number)
    {
        Append(spool, number, null);
        ValueTask<long> waiting = spool.WaitForCommitAsync(spool.DurableOffset, default);
        spool.CommitOnce();
        return waiting;
    }

    private static void Append(Spool spool, int number, ICommitListener? listener) =>
        Assert.Equal(AppendOutcome.Appended, TryAppend(spool, number, listener));

    private static AppendOutcome TryAppend(Spool spool, int number, ICommitListener? listener) =>
        spool.TryAppend(RecordMaker.Numbered(number, 50), listener, out _);

    private sealed class CountingListener : ICommitListener
    {
        public List<long> Told { get; } = [];

        public void OnCommitted(long durableOffset) => Told.Add(durableOffset);
    }
}
