using Telemetry.Testing;

namespace Telemetry.Spool.Tests;

public sealed class CommitFaultTests
{
    [Fact]
    public void After_a_failed_sync_the_segment_is_left_and_the_bytes_go_to_a_new_one()
    {
        using SpoolBench bench = OpenWithOneCommit();
        string before = Assert.Single(SegmentPaths(bench));
        long length = bench.Files.LengthOf(before);
        bench.Append(1);
        long from = bench.Spool.DurableOffset;
        bench.Files.FailAt(bench.Files.OperationCount + 2, FaultKind.Error); // write, then sync
        bench.Commit();
        Assert.Equal(SpoolState.Running, bench.Spool.State);
        Assert.Equal([before, $"/spool/{from:D20}.seg"], SegmentPaths(bench));
        long untrusted = bench.Files.LengthOf(before);
        Assert.True(untrusted > length);
        bench.Append(1);
        bench.Commit();
        Assert.Equal(untrusted, bench.Files.LengthOf(before));
        Assert.Equal(1, bench.Spool.Metrics.SyncFailureCount);
        bench.CheckLaw("after a failed sync");
    }

    [Fact]
    public void When_the_new_segment_fails_too_intake_is_over_and_reading_goes_on()
    {
        using SpoolBench bench = OpenWithOneCommit();
        long durable = bench.Spool.DurableOffset;
        bench.Files.SyncsFail = true;
        bench.Append(1);
        bench.Commit();
        Assert.Equal(SpoolStatus.Failed, bench.Spool.State.Status);
        Assert.Equal("the disk does not answer", bench.Spool.State.Cause);
        Assert.Equal(durable, bench.AcknowledgedOffset);
        Assert.Equal(durable, bench.Spool.DurableOffset);
        bench.Files.SyncsFail = false;
        bench.Commit();
        Assert.False(bench.Append(1));
        Assert.Equal(1, bench.Spool.Metrics.RefusedCount);
        bench.CheckLaw("failed");
    }

    [Fact]
    public void A_full_disk_refuses_until_there_is_room_and_then_commits_what_waited()
    {
        using SpoolBench bench = OpenWithOneCommit();
        long durable = bench.Spool.DurableOffset;
        bench.Files.CapacityBytes = bench.Files.LengthOf(SegmentPaths(bench)[0]) + 10;
        Assert.True(bench.Append(1));
        bench.Commit();
        SpoolState full = bench.Spool.State;
        Assert.Equal(SpoolStatus.Full, full.Status);
        Assert.Equal("no space left on device", full.Cause);
        Assert.Equal(bench.Spool.AppendedOffset - durable, full.BytesWanted);
        Assert.False(bench.Append(1));
        Assert.Equal(durable, bench.AcknowledgedOffset);
        bench.CheckLaw("full");
        // What got through was cut off again.
        Assert.Equal(SegmentHeader.Bytes + durable, bench.Files.LengthOf(SegmentPaths(bench)[0]));

        bench.Commit();
        Assert.Equal(SpoolStatus.Full, bench.Spool.State.Status);
        bench.Files.CapacityBytes = long.MaxValue;
        bench.Commit();
        Assert.Equal(SpoolState.Running, bench.Spool.State);
        Assert.Equal(bench.Spool.AppendedOffset, bench.AcknowledgedOffset);
        Assert.Equal(1, bench.Spool.Metrics.FullEpisodeCount);
        Assert.True(bench.Append(1));
    }

    [Fact]
    public void Intake_stops_while_others_still_have_their_reserve()
    {
        var files = new FaultyFileSystem(1) { CapacityBytes = 10_000 };
        using var bench = new SpoolBench(
            files, SpoolBench.SmallOptions with { FreeBytesMin = 5_000, SegmentBytesMax = 100_000 });
        bench.Open();
        while (bench.Append(1))
        {
            bench.Commit();
        }

        Assert.Equal(SpoolStatus.Full, bench.Spool.State.Status);
        Assert.Contains("reserve of 5000 bytes", bench.Spool.State.Cause, StringComparison.Ordinal);
        Assert.InRange(files.FreeBytes(SpoolBench.Directory), 5_000, 5_500);
        files.CapacityBytes = 20_000;
        bench.Commit();
        Assert.Equal(SpoolState.Running, bench.Spool.State);
    }

    [Fact]
    public async Task A_full_disk_is_tried_again_by_the_clock()
    {
        var time = new ManualTime();
        var files = new FaultyFileSystem(1) { CapacityBytes = 20 };
        using Spool spool = Spool.Open(
            SpoolBench.SmallOptions, files, time, Microsoft.Extensions.Logging.Abstractions.NullLogger<Spool>.Instance);
        Assert.Equal(AppendOutcome.Appended, spool.TryAppend(RecordMaker.Numbered(1, 50), null, out long end));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (spool.State.Status != SpoolStatus.Full)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        ValueTask room = spool.WaitForRoomAsync(patience.Token);
        Assert.False(room.IsCompleted);
        files.CapacityBytes = long.MaxValue;
        // The state is seen before its timer is set, so the clock may have to move more than once.
        while (spool.State.Status == SpoolStatus.Full)
        {
            patience.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await room;
        Assert.Equal(end, await spool.WaitForCommitAsync(0, patience.Token));
    }

    private static SpoolBench OpenWithOneCommit()
    {
        var bench = new SpoolBench(
            new FaultyFileSystem(1), SpoolBench.SmallOptions with { SegmentBytesMax = 100_000 });
        bench.Open();
        bench.Append(2);
        bench.Commit();
        return bench;
    }

    private static List<string> SegmentPaths(SpoolBench bench) =>
        [.. bench.Files.Paths.Where(path => path.EndsWith(SegmentName.Suffix, StringComparison.Ordinal))];
}
