using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Testing;

namespace Telemetry.Spool.Tests;

/// <summary>What is kept of segments that the spool lets go of.</summary>
public sealed class ArchiveTests
{
    private const string Directory = "/archive";
    private const int Blocks = 60;

    private static readonly SpoolOptions Archiving = SpoolBench.SmallOptions with
    {
        Archive = new ArchiveOptions { Directory = Directory, FreeBytesMin = 0 },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_the_spool_lets_go_of_is_read_from_the_archive_and_then_from_the_spool(bool isPacked)
    {
        using SpoolBench bench = OpenReleased(Archiving);
        Assert.True(bench.Spool.FirstOffset > 0);
        Assert.Equal(0, bench.Spool.HistoryOffset);
        while (isPacked && bench.Spool.Archive!.PackNext())
        {
        }

        Assert.Equal(isPacked, bench.Files.Paths.Any(path => path.EndsWith(".pack", StringComparison.Ordinal)));
        Assert.Equal(bench.Appended, ReadHistory(bench, 0));
        foreach (long offset in bench.Appended.Keys)
        {
            Assert.Equal(bench.Appended.Where(pair => pair.Key >= offset), ReadHistory(bench, offset));
        }
    }

    [Fact]
    public void A_segment_is_packed_smaller_and_the_plain_one_goes()
    {
        using SpoolBench bench = OpenReleased(Archiving);
        SegmentArchive archive = bench.Spool.Archive!;
        long before = archive.Bytes;
        int count = archive.Count;
        int packed = 0;
        while (archive.PackNext())
        {
            packed++;
        }

        Assert.Equal((count, count), (packed, archive.Count));
        Assert.Equal(archive.Bytes, BytesOf(bench.Files));
        Assert.True(archive.Bytes < before, $"{archive.Bytes} of {before}");
        Assert.DoesNotContain(bench.Files.Paths, path =>
            path.StartsWith(Directory, StringComparison.Ordinal) && !path.EndsWith(".pack", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_file_of_a_packed_segment_becomes_another_unless_someone_may_be_reading_it(bool isRead)
    {
        using SpoolBench bench = OpenReleased(Archiving);
        List<KeyValuePair<long, int>> before = [.. bench.Appended];
        using HistoryReader? reader = isRead ? bench.Spool.OpenHistory(0) : null;
        Assert.True(bench.Spool.Archive!.PackNext());
        Assert.Equal(!isRead, bench.Files.Paths.Any(
            path => path.EndsWith(SegmentName.SpareSuffix, StringComparison.Ordinal)));
        for (int i = 0; i < Blocks; i++)
        {
            bench.Append(2);
            bench.Commit();
        }

        Assert.Equal(isRead ? 0 : 1, bench.Spool.Metrics.ReusedSegmentCount);
        Assert.Equal(bench.Appended, ReadHistory(bench, 0));
        Assert.Equal(before, isRead ? ReadAll(reader!) : before);
    }

    [Fact]
    public void Beyond_the_budget_the_oldest_go()
    {
        using SpoolBench bench = OpenReleased(Archiving with
        {
            Archive = Archiving.Archive! with { BytesMax = 2_000 },
        });
        SegmentArchive archive = bench.Spool.Archive!;
        Assert.InRange(archive.Bytes, 1_000, 2_000);
        Assert.Equal(archive.Bytes, BytesOf(bench.Files));
        Assert.True(archive.DeletedCount > 3);
        Assert.Equal(archive.FirstOffset, bench.Spool.HistoryOffset);
        long first = archive.FirstOffset!.Value;
        Assert.Equal(bench.Appended.Where(pair => pair.Key >= first), ReadHistory(bench, first));
        Assert.Equal(ReadHistory(bench, first), ReadHistory(bench, 0));
    }

    [Fact]
    public void A_full_disk_takes_from_the_archive_before_intake_stops()
    {
        using SpoolBench bench = OpenReleased(Archiving);
        SegmentArchive archive = bench.Spool.Archive!;
        long capacity = bench.Spool.CapacityBytes;
        bench.Files.CapacityBytes = bench.Files.Paths.Sum(bench.Files.LengthOf); // not a byte more
        while (archive.Count > 0)
        {
            Assert.True(bench.Append(1));
            bench.Commit();
            Assert.Equal(SpoolState.Running, bench.Spool.State);
        }

        Assert.True(capacity > archive.Bytes);
        while (bench.Spool.State.Status == SpoolStatus.Running)
        {
            Assert.True(bench.Append(1));
            bench.Commit();
        }

        Assert.Equal(0, archive.Bytes);
        bench.CheckLaw("full");
    }

    [Fact]
    public void The_disks_reserve_is_left_alone_long_before_intake_needs_it()
    {
        using SpoolBench bench = OpenReleased(Archiving with
        {
            Archive = Archiving.Archive! with { FreeBytesMin = 5_000 },
        });
        SegmentArchive archive = bench.Spool.Archive!;
        long used = bench.Files.Paths.Sum(bench.Files.LengthOf);
        bench.Files.CapacityBytes = used + 4_000;
        archive.HoldToBudget();
        Assert.InRange(bench.Files.FreeBytes(Directory), 5_000, 5_700);
        bench.Files.CapacityBytes = 1;
        archive.HoldToBudget();
        Assert.Equal((0, 0), (archive.Count, archive.Bytes));
    }

    [Fact]
    public void The_archive_counts_as_room_that_the_spool_can_have()
    {
        using SpoolBench bench = OpenReleased(Archiving with { BytesMax = 1 << 30 });
        bench.Files.CapacityBytes = bench.Files.Paths.Sum(bench.Files.LengthOf) + 100;
        long segments = bench.Spool.Metrics.SegmentBytes;
        Assert.Equal(segments + bench.Spool.Archive!.Bytes + 100, bench.Spool.CapacityBytes);
    }

    [Fact]
    public void A_disk_that_refuses_the_move_has_the_segment_deleted_and_the_spool_goes_on()
    {
        using SpoolBench bench = OpenFilled(Archiving);
        using SpoolHold store = bench.Spool.OpenHold("store", required: true, 0);
        bench.Spool.Trim();
        store.ReleaseTo(600);
        bench.Files.FailAt(bench.Files.OperationCount + 1, FaultKind.Error); // the rename
        bench.Commit();
        Assert.True(bench.Spool.FirstOffset > 0);
        Assert.Equal(0, bench.Spool.Archive!.Count);
        Assert.NotNull(bench.Spool.Archive.Fault);
        Assert.Equal(bench.Spool.FirstOffset, bench.Spool.HistoryOffset);
        store.ReleaseTo(bench.Spool.DurableOffset);
        bench.Commit();
        Assert.True(bench.Spool.Archive.Count > 3);
        Assert.Null(bench.Spool.Archive.Fault);
    }

    [Fact]
    public void A_damaged_segment_stays_plain_and_all_but_the_damage_is_read()
    {
        using SpoolBench bench = OpenReleased(Archiving);
        string second = bench.Spool.Archive!.Segments[1].Path;
        bench.Files.FlipBit(second, 8 * (SegmentHeader.Bytes + SpoolRecord.HeaderBytes));
        while (bench.Spool.Archive!.PackNext())
        {
        }

        Assert.Contains(second, bench.Files.Paths);
        using HistoryReader reader = bench.Spool.OpenHistory(0);
        List<KeyValuePair<long, int>> read = ReadAll(reader);
        Assert.Equal(bench.Appended.Count - 1, read.Count);
        KeyValuePair<long, int> lost = Assert.Single(bench.Appended.Except(read));
        Assert.InRange(reader.SkippedBytes, SpoolRecord.HeaderBytes, 600);
        Assert.Equal(long.Parse(Path.GetFileNameWithoutExtension(second), null), lost.Key);
    }

    [Fact]
    public void A_damaged_block_costs_the_rest_of_its_file_and_nothing_else()
    {
        using SpoolBench bench = OpenReleased(Archiving);
        while (bench.Spool.Archive!.PackNext())
        {
        }

        string second = bench.Spool.Archive!.Segments[1].Path;
        bench.Files.FlipBit(second, 8 * (PackedFormat.HeaderBytes + PackedFormat.BlockHeaderBytes + 3));
        ArchivedSegment damaged = bench.Spool.Archive.Segments[1];
        using HistoryReader reader = bench.Spool.OpenHistory(0);
        Assert.Equal(
            bench.Appended.Where(pair => pair.Key < damaged.FirstOffset || pair.Key >= damaged.EndOffset),
            ReadAll(reader));
        Assert.Equal(damaged.EndOffset - damaged.FirstOffset, reader.SkippedBytes);
    }

    [Fact]
    public void A_file_with_a_foreign_header_is_set_aside()
    {
        var files = new FaultyFileSystem(1);
        using (SpoolBench bench = OpenReleased(Archiving, files))
        {
            while (bench.Spool.Archive!.PackNext())
            {
            }
        }

        string first = files.Paths.First(path => path.StartsWith(Directory, StringComparison.Ordinal));
        files.FlipBit(first, 8 * 20);
        SegmentArchive archive = SegmentArchive.Open(
            Archiving.Archive!, files, new SpareSegments(files, Archiving), long.MaxValue, NullLogger.Instance);
        Assert.True(archive.FirstOffset > 0);
        Assert.Contains(first + ".corrupt", files.Paths);
    }

    [Fact]
    public void A_time_leads_to_a_place_before_all_that_arrived_since()
    {
        using SpoolBench bench = OpenReleased(Archiving);
        Assert.True(bench.Spool.Archive!.PackNext());
        Assert.InRange(bench.Spool.HistoryArrival, 1, 10); // the very first record has 0, which is no time
        foreach ((long offset, int number) in bench.Appended)
        {
            long place = bench.Spool.HistoryOffsetAt(number); // the bench has a record's number for its arrival
            Assert.InRange(place, offset - Archiving.SegmentBytesMax, offset);
        }
    }

    [Fact]
    public void What_was_packed_while_a_reader_is_on_its_way_is_read_once()
    {
        using SpoolBench bench = OpenReleased(Archiving);
        using HistoryReader reader = bench.Spool.OpenHistory(0);
        var read = new List<KeyValuePair<long, int>>();
        while (reader.TryRead(out RecordView record))
        {
            read.Add(new(record.Offset, RecordMaker.NumberOf(record.Body)));
            bench.Spool.Archive!.PackNext();
        }

        Assert.Equal(bench.Appended, read);
    }

    /// <summary>A stop after each operation on the disk, on the way into the archive and while packing.</summary>
    [Theory]
    [InlineData(StopMode.Kill)]
    [InlineData(StopMode.PowerCut)]
    [InlineData(StopMode.PowerCutWithRemains)]
    public void A_stop_at_any_step_neither_loses_nor_doubles_a_record(StopMode mode)
    {
        bool isDone = false;
        for (int step = 1; !isDone; step++)
        {
            var files = new FaultyFileSystem(step);
            using SpoolBench bench = OpenFilled(Archiving, files);
            SpoolHold store = bench.Spool.OpenHold("store", required: true, 0);
            files.FailAt(files.OperationCount + step, FaultKind.Crash);
            isDone = TryRun(bench, store);
            files.Restart(mode);
            var after = new SpoolBench(files, Archiving);
            Spool spool = after.Open();
            using HistoryReader reader = spool.OpenHistory(0);
            Assert.Equal(bench.Appended, ReadAll(reader));
            Assert.Equal(spool.Archive!.Bytes, BytesOf(files));
            spool.Dispose();
        }
    }

    private static bool TryRun(SpoolBench bench, SpoolHold store)
    {
        try
        {
            bench.Spool.Trim();
            store.ReleaseTo(bench.Spool.DurableOffset);
            bench.Commit();
            while (bench.Spool.Archive!.PackNext())
            {
            }
        }
        catch (IOException)
        {
            // The machine has stopped.
        }

        return !bench.Files.HasCrashed;
    }

    private static SpoolBench OpenFilled(SpoolOptions options, FaultyFileSystem? files = null)
    {
        var bench = new SpoolBench(files ?? new FaultyFileSystem(1), options);
        bench.Open();
        for (int i = 0; i < Blocks; i++)
        {
            Assert.True(bench.Append(1));
            bench.Commit();
        }

        return bench;
    }

    private static SpoolBench OpenReleased(SpoolOptions options, FaultyFileSystem? files = null)
    {
        SpoolBench bench = OpenFilled(options, files);
        SpoolHold store = bench.Spool.OpenHold("store", required: true, 0);
        bench.Spool.Trim();
        bench.ReleasedOffset = bench.Spool.DurableOffset;
        store.ReleaseTo(bench.ReleasedOffset);
        bench.Commit();
        return bench;
    }

    private static long BytesOf(FaultyFileSystem files) => files.Paths
        .Where(path => path.StartsWith(Directory, StringComparison.Ordinal))
        .Sum(files.LengthOf);

    private static List<KeyValuePair<long, int>> ReadHistory(SpoolBench bench, long offset)
    {
        using HistoryReader reader = bench.Spool.OpenHistory(offset);
        return ReadAll(reader);
    }

    private static List<KeyValuePair<long, int>> ReadAll(HistoryReader reader)
    {
        var read = new List<KeyValuePair<long, int>>();
        while (reader.TryRead(out RecordView record))
        {
            read.Add(new(record.Offset, RecordMaker.NumberOf(record.Body)));
        }

        return read;
    }
}
