using Telemetry.Testing;

namespace Telemetry.Spool.Tests;

/// <summary>Files of released segments become new ones, and nothing of what they held before is ever read.</summary>
public sealed class SpareSegmentsTests
{
    // Records of one size: where one of a life before begins, one of this life may end.
    private const int BodyBytesMax = 1;
    private static readonly SpoolOptions Large = SpoolBench.SmallOptions with
    {
        SegmentBytesMax = 4_000,
        BufferBytesMax = 512,
    };

    [Theory]
    [InlineData(StopMode.Kill)]
    [InlineData(StopMode.PowerCut)]
    [InlineData(StopMode.PowerCutWithRemains)]
    public void What_a_file_held_before_is_read_neither_while_running_nor_after_a_stop(StopMode mode)
    {
        for (int more = 0; more < 60; more++)
        {
            using SpoolBench bench = OpenReused(SpoolBench.SmallOptions, more);
            bench.CheckLaw($"{more} more");
            long end = bench.AcknowledgedOffset;
            bench.Append(3, BodyBytesMax); // and no commit
            bench.Dispose();
            bench.Files.Restart(mode);
            bench.Open();
            bench.CheckLaw($"{more} more, then {mode}");
            Assert.Equal(end, bench.Spool.DurableOffset);
            Assert.Empty(bench.Spool.Recovery.Corruptions);
            Assert.Equal(0, bench.Spool.Recovery.TornBytes);
        }
    }

    [Fact]
    public void The_end_of_a_log_may_stand_anywhere_in_a_file_that_was_longer()
    {
        using SpoolBench bench = OpenReused(Large, more: 10);
        long end = bench.AcknowledgedOffset;
        bench.Dispose();
        bench.Open();
        Assert.Equal(end, bench.Spool.DurableOffset);
        Assert.Empty(bench.Spool.Recovery.Corruptions);
        bench.CheckLaw("opened again");
    }

    [Fact]
    public void A_file_lives_on_as_often_as_its_segment_is_released()
    {
        using SpoolBench bench = OpenReused(SpoolBench.SmallOptions, more: 0);
        using SpoolHold store = bench.Spool.OpenHold("store", required: true, bench.Spool.FirstOffset);
        for (int i = 0; i < 200; i++)
        {
            bench.Append(1, BodyBytesMax);
            bench.Commit();
            Release(bench, store);
        }

        Assert.InRange(LastLife(bench), 5, 50);
        int files = bench.Files.Paths.Count(path => path.EndsWith(SegmentName.SpareSuffix, StringComparison.Ordinal));
        Assert.InRange(files, 0, SpareSegments.CountMax);
        bench.CheckLaw("after 200 more");
    }

    [Fact]
    public void Records_of_a_segment_in_a_later_life_survive_its_header_and_a_record_gone_bad()
    {
        using SpoolBench bench = OpenReused(SpoolBench.SmallOptions, more: 40);
        (string path, long first, long end) = FirstReused(bench);
        long count = bench.Appended.Keys.Count(offset => offset >= first && offset < end);
        bench.Dispose();
        bench.Files.FlipBit(path, 3); // of the header
        bench.Files.FlipBit(path, (SegmentHeader.Bytes + (3 * RecordBytes) + SpoolRecord.HeaderBytes) * 8L);
        bench.Open();
        Assert.Equal(RecordBytes, Assert.Single(bench.Spool.Recovery.Corruptions).LostBytes);
        Assert.Equal(count - 1, Read(bench, first).Count(offset => offset < end));
    }

    [Fact]
    public void The_end_of_a_log_that_is_followed_by_records_of_its_life_is_no_torn_tail()
    {
        using SpoolBench bench = OpenReused(Large, more: 40);
        (string path, long first, long end) = FirstReused(bench);
        Assert.Equal(bench.Spool.DurableOffset, end);
        bench.Dispose();
        bench.Files.FlipBit(path, ((SegmentHeader.Bytes + (2 * RecordBytes)) * 8L) + 1); // a length: nothing leads on
        bench.Open();
        SpoolCorruption found = Assert.Single(bench.Spool.Recovery.Corruptions);
        Assert.Equal(first + (2 * RecordBytes), found.Offset);
        Assert.Equal(2 * RecordBytes, found.SalvagedBytes);
        Assert.True(bench.Spool.DurableOffset >= end, "offsets that were given out are not given out again");
    }

    [Fact]
    public void A_segment_that_gives_way_in_parts_keeps_the_life_of_its_file()
    {
        using SpoolBench bench = OpenReused(SpoolBench.SmallOptions, more: 0);
        (string path, long first, _) = FirstReused(bench);
        for (int i = 0; i < 10; i++)
        {
            bench.Append(2);
            bench.Commit();
        }

        long from = first;
        Assert.True(bench.Spool.CompactNext(ref from, bench.Spool.DurableOffset, new EverySecond()).IsReplaced);
        Assert.Equal(1, LifeOf(bench, path));
        Assert.Equal(bench.Appended.Keys.Where(offset => offset >= first), Read(bench, first));
        bench.Dispose();
        bench.Files.Restart(StopMode.PowerCut);
        bench.Open();
        Assert.Empty(bench.Spool.Recovery.Corruptions);
        Assert.Equal(bench.Appended.Keys.Where(offset => offset >= first), Read(bench, first));
    }

    [Fact]
    public void Spare_files_count_against_the_quota_and_give_way_first()
    {
        SpoolOptions tight = SpoolBench.SmallOptions with { BufferBytesMax = 512, BytesMax = 2_400 };
        using SpoolBench bench = OpenReused(tight, more: 0);
        using SpoolHold store = bench.Spool.OpenHold("store", required: true, bench.Spool.FirstOffset);
        while (bench.Append(1, BodyBytesMax))
        {
            bench.Commit();
            Assert.InRange(Used(bench), 1, tight.BytesMax);
        }

        Assert.Equal(SpoolStatus.Full, bench.Spool.State.Status);
        Assert.DoesNotContain(
            bench.Files.Paths, path => path.EndsWith(SegmentName.SpareSuffix, StringComparison.Ordinal));
        Assert.InRange(Used(bench), tight.BytesMax - tight.SegmentBytesMax, tight.BytesMax);
    }

    [Fact]
    public void A_file_whose_sync_has_failed_is_not_used_again()
    {
        var files = new FaultyFileSystem(1);
        using var bench = new SpoolBench(files);
        bench.Open();
        using SpoolHold store = bench.Spool.OpenHold("store", required: true, 0);
        bench.Spool.Trim();
        Fill(bench, 10);
        bench.Append(1, BodyBytesMax);
        files.FailAt(files.OperationCount + 2, FaultKind.Error); // behind the write
        bench.Commit();
        Assert.Equal(1, bench.Spool.Metrics.SyncFailureCount);
        Release(bench, store);
        Assert.DoesNotContain(files.Paths, path => path.EndsWith(SegmentName.SpareSuffix, StringComparison.Ordinal));
    }

    [Fact]
    public void A_reader_in_a_file_that_is_another_segment_by_now_passes_on_as_over_a_deleted_one()
    {
        var files = new FaultyFileSystem(1);
        using var bench = new SpoolBench(files, Large);
        bench.Open();
        using SpoolHold store = bench.Spool.OpenHold("store", required: true, 0);
        bench.Spool.Trim();
        Fill(bench, 10);
        using SpoolReader late = bench.Spool.OpenReader(0);
        while (late.TryRead(out _))
        {
            // It stays in the segment, which grows behind it.
        }

        for (int i = 0; i < 500; i++)
        {
            bench.Append(1, BodyBytesMax);
            bench.Commit();
            Release(bench, store);
        }

        while (late.TryRead(out RecordView record))
        {
            Assert.Equal(bench.Appended[record.Offset], RecordMaker.NumberOf(record.Body));
        }

        Assert.True(late.TryTakeSkip(out SkippedRange skip));
        Assert.Equal(SkipCause.Trimmed, skip.Cause);
        Assert.False(late.TryTakeSkip(out _));
    }

    private const int RecordBytes = SpoolRecord.HeaderBytes + sizeof(int);

    /// <summary>A spool whose last segment is in a file that was another before.</summary>
    private static SpoolBench OpenReused(SpoolOptions options, int more)
    {
        var bench = new SpoolBench(new FaultyFileSystem(1), options);
        bench.Open();
        using (SpoolHold store = bench.Spool.OpenHold("store", required: true, 0))
        {
            bench.Spool.Trim();
            while (LastLife(bench) == 0)
            {
                Fill(bench, 3);
                Release(bench, store);
            }
        }

        using SpoolHold rest = bench.Spool.OpenHold("rest", required: true, bench.Spool.FirstOffset);
        Fill(bench, more);
        return bench;
    }

    private static void Fill(SpoolBench bench, int count)
    {
        for (int i = 0; i < count; i++)
        {
            bench.Append(1, BodyBytesMax);
            bench.Commit();
        }
    }

    private static void Release(SpoolBench bench, SpoolHold store)
    {
        bench.ReleasedOffset = bench.Spool.DurableOffset;
        store.ReleaseTo(bench.Spool.DurableOffset);
        bench.Spool.CommitOnce();
    }

    private static List<long> Read(SpoolBench bench, long from)
    {
        var offsets = new List<long>();
        using SpoolReader reader = bench.Spool.OpenReader(from);
        while (reader.TryRead(out RecordView record))
        {
            offsets.Add(record.Offset);
        }

        return offsets;
    }

    private static long Used(SpoolBench bench) => bench.Files.Paths
        .Where(path => !path.EndsWith(".lock", StringComparison.Ordinal))
        .Sum(bench.Files.LengthOf);

    private static int LastLife(SpoolBench bench) =>
        SegmentPaths(bench) is [.., var last] ? LifeOf(bench, last) : 0;

    private static (string Path, long First, long End) FirstReused(SpoolBench bench)
    {
        string[] paths = SegmentPaths(bench);
        int index = Array.FindIndex(paths, path => LifeOf(bench, path) > 0);
        long end = index + 1 < paths.Length ? FirstOf(paths[index + 1]) : bench.Spool.DurableOffset;
        return (paths[index], FirstOf(paths[index]), end);
    }

    private static long FirstOf(string path)
    {
        Assert.True(SegmentName.TryParse(Path.GetFileName(path), SegmentName.Suffix, out long first));
        return first;
    }

    private static int LifeOf(SpoolBench bench, string path)
    {
        byte[] header = new byte[SegmentHeader.Bytes];
        using IFile file = bench.Files.Open(path, FileIntent.Read);
        file.Read(header, 0);
        return SegmentHeader.LifeOf(header);
    }

    private static string[] SegmentPaths(SpoolBench bench) =>
        [.. bench.Files.Paths.Where(path => path.EndsWith(SegmentName.Suffix, StringComparison.Ordinal))];

    private sealed class EverySecond : ISegmentSieve
    {
        public void Begin(long start, long end)
        {
        }

        public bool Drops(in RecordView record, out ReadOnlySpan<byte> remnant)
        {
            remnant = default;
            return RecordMaker.NumberOf(record.Body) % 2 == 0;
        }
    }
}
