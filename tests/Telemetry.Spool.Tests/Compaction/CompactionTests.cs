using System.Buffers.Binary;
using Telemetry.Testing;

namespace Telemetry.Spool.Tests;

/// <summary>
/// Acknowledged, less what was to give way, ⊆ recovered ⊆ appended; and every offset stays as it was.
/// </summary>
public sealed class CompactionTests
{
    private const int RoundCount = 12;

    [Fact]
    public void What_gives_way_leaves_its_offset_and_a_remnant()
    {
        using SpoolBench bench = NewBench();
        long before = bench.Spool.Metrics.SegmentBytes;
        CompactionResult result = CompactAll(bench);
        Assert.True(result.IsReplaced);
        Assert.Equal(before - result.FreedBytes, bench.Spool.Metrics.SegmentBytes);
        Check(bench, "compacted");
        Assert.True(CountDropped(bench) > 20);
        Assert.Equal(result.DroppedRecords, CountDropped(bench));

        bench.Dispose();
        bench.Files.Restart(StopMode.PowerCut);
        bench.Open();
        Check(bench, "opened again");
        Assert.Empty(bench.Spool.Recovery.Corruptions);
        Assert.Equal(0, bench.Spool.Recovery.MissingBytes);
        Assert.Equal(result.DroppedRecords, CountDropped(bench));
    }

    [Fact]
    public void A_reader_opened_at_any_record_begins_with_it()
    {
        using SpoolBench bench = NewBench();
        CompactAll(bench);
        foreach ((long offset, int number) in bench.Appended)
        {
            using SpoolReader reader = bench.Spool.OpenReader(offset);
            Assert.True(reader.TryRead(out RecordView record));
            Assert.Equal(offset, record.Offset);
            Assert.Equal(number, RecordMaker.NumberOf(record.Body));
            Assert.Equal(number, record.ArrivalTime);
            Assert.Equal(reader.Position, record.NextOffset);
            Assert.Equal(0, reader.SkippedBytes);
        }
    }

    [Fact]
    public void A_reader_in_the_middle_goes_on_with_whole_records_and_a_later_one_with_remnants()
    {
        using SpoolBench bench = NewBench();
        using SpoolReader early = bench.Spool.OpenReader(0);
        Assert.True(early.TryRead(out _));
        CompactAll(bench);
        int count = 1;
        while (early.TryRead(out RecordView record))
        {
            Assert.Equal(bench.Appended[record.Offset], RecordMaker.NumberOf(record.Body));
            count++;
        }

        Assert.Equal(bench.Appended.Count, count);
    }

    [Fact]
    public void A_reader_stops_within_a_gap_where_it_is_told_to()
    {
        using SpoolBench bench = NewBench();
        long from = 0;
        bench.Spool.CompactNext(ref from, long.MaxValue, new EvenSieve(dropsAll: true));
        foreach (long before in bench.Appended.Keys)
        {
            using SpoolReader reader = bench.Spool.OpenReader(0);
            while (reader.TryRead(out _, before))
            {
            }

            Assert.Equal(before, reader.Position);
            Assert.True(reader.TryRead(out RecordView next));
            Assert.Equal(before, next.Offset);
        }
    }

    [Fact]
    public void A_segment_in_which_nothing_gives_way_is_left_alone()
    {
        using SpoolBench bench = NewBench();
        long from = 0;
        int operations = bench.Files.OperationCount;
        CompactionResult result = bench.Spool.CompactNext(ref from, long.MaxValue, new EvenSieve(dropsNone: true));
        Assert.False(result.IsReplaced);
        Assert.True(from > 0);
        Assert.True(bench.Files.OperationCount - operations < 4, "it was only read");
        Assert.Equal(0, CountDropped(bench));
    }

    [Fact]
    public void Only_segments_that_end_before_a_place_are_compacted()
    {
        using SpoolBench bench = NewBench();
        long from = 0;
        bench.Spool.CompactNext(ref from, 0, new EvenSieve());
        Assert.Equal(0, from);
        bench.Spool.CompactNext(ref from, long.MaxValue, new EvenSieve());
        long end = from;
        from = 0;
        bench.Spool.CompactNext(ref from, end, new EvenSieve());
        Assert.Equal(0, from);
        bench.Spool.CompactNext(ref from, long.MaxValue, new EvenSieve());
        Assert.True(from > end);
    }

    [Theory]
    [InlineData(FaultKind.Crash, StopMode.Kill)]
    [InlineData(FaultKind.Crash, StopMode.PowerCut)]
    [InlineData(FaultKind.Crash, StopMode.PowerCutWithRemains)]
    [InlineData(FaultKind.ShortWrite, StopMode.PowerCut)]
    [InlineData(FaultKind.Error, StopMode.Kill)]
    [InlineData(FaultKind.Error, StopMode.PowerCut)]
    public void A_stop_or_a_fault_at_any_operation_keeps_the_law(FaultKind kind, StopMode mode)
    {
        var clean = new FaultyFileSystem(0);
        using (var bench = new SpoolBench(clean))
        {
            RunScript(bench);
            Assert.True(CountDropped(bench) > 10);
        }

        Assert.InRange(clean.OperationCount, 100, 1_000);
        for (int failAt = 1; failAt <= clean.OperationCount; failAt++)
        {
            var files = new FaultyFileSystem(failAt);
            files.FailAt(failAt, kind);
            using var bench = new SpoolBench(files);
            RunScript(bench);
            string scene = $"{kind} at operation {failAt}, then {mode}";
            bench.Dispose();
            files.Restart(mode);
            bench.Open();
            Check(bench, scene);
            bench.Append(3);
            bench.Commit();
            TryCompactAll(bench);
            Check(bench, $"{scene}, gone on");
            bench.Dispose();
            files.Restart(StopMode.PowerCut);
            bench.Open();
            Check(bench, $"{scene}, opened again");
        }
    }

    [Fact]
    public void A_flipped_bit_never_gives_a_wrong_record_and_never_the_offset_of_another()
    {
        using SpoolBench measured = NewBench();
        CompactAll(measured);
        string path = Path.Combine(SpoolBench.Directory, SegmentName.Of(0));
        long bits = measured.Files.LengthOf(path) * 8;
        for (long bit = 0; bit < bits; bit += 5)
        {
            using SpoolBench bench = NewBench();
            CompactAll(bench);
            bench.Dispose();
            bench.Files.Restart(StopMode.PowerCut);
            bench.Files.FlipBit(path, bit);
            bench.Open();
            using SpoolReader reader = bench.Spool.OpenReader(bench.Spool.FirstOffset);
            long last = -1;
            while (reader.TryRead(out RecordView record))
            {
                Assert.True(record.Offset > last, $"bit {bit}");
                last = record.Offset;
                Assert.Equal(bench.Appended[record.Offset], RecordMaker.NumberOf(record.Body));
            }

            Assert.Equal(bench.Appended.Keys.Max(), last);
            Assert.Single(bench.Spool.Recovery.Corruptions);
        }
    }

    private static SpoolBench NewBench()
    {
        var bench = new SpoolBench(new FaultyFileSystem(0));
        bench.Open();
        for (int round = 0; round < 30; round++)
        {
            bench.Append(1 + (round % 3));
            bench.Commit();
        }

        return bench;
    }

    private static void RunScript(SpoolBench bench)
    {
        if (!TryOpen(bench) && !TryOpen(bench))
        {
            return;
        }

        for (int round = 0; round < RoundCount; round++)
        {
            bench.Append(2 + (round % 3));
            bench.Commit();
            if (round % 4 == 3)
            {
                TryCompactAll(bench);
            }
        }
    }

    private static bool TryOpen(SpoolBench bench)
    {
        try
        {
            bench.Open();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static CompactionResult CompactAll(SpoolBench bench)
    {
        long dropped = 0;
        long freed = 0;
        long from = 0;
        for (long before = -1; from > before;)
        {
            before = from;
            CompactionResult result = bench.Spool.CompactNext(ref from, long.MaxValue, new EvenSieve());
            dropped += result.DroppedRecords;
            freed += result.FreedBytes;
        }

        return new CompactionResult(dropped > 0, dropped, freed);
    }

    private static void TryCompactAll(SpoolBench bench)
    {
        try
        {
            CompactAll(bench);
        }
        catch (IOException)
        {
            // A disk that fails is taken as it comes.
        }
    }

    private static void Check(SpoolBench bench, string scene)
    {
        bench.CheckLaw(scene);
        using SpoolReader reader = bench.Spool.OpenReader(bench.Spool.FirstOffset);
        while (reader.TryRead(out RecordView record))
        {
            bool mayBeDropped = bench.Appended[record.Offset] % 2 == 0;
            Assert.True(mayBeDropped || !record.IsDropped, $"{scene}: offset {record.Offset} gave way");
        }
    }

    private static int CountDropped(SpoolBench bench)
    {
        int count = 0;
        using SpoolReader reader = bench.Spool.OpenReader(bench.Spool.FirstOffset);
        while (reader.TryRead(out RecordView record))
        {
            count += record.IsDropped ? 1 : 0;
        }

        return count;
    }

    /// <summary>Records of even numbers give way, and leave their number.</summary>
    private sealed class EvenSieve(bool dropsAll = false, bool dropsNone = false) : ISegmentSieve
    {
        private readonly byte[] _remnant = new byte[sizeof(int)];
        private long _next = -1;
        private long _end;

        public void Begin(long start, long end)
        {
            Assert.True(_next < 0 || _next == _end, "it was asked about all of the one before");
            _next = start;
            _end = end;
        }

        public bool Drops(in RecordView record, out ReadOnlySpan<byte> remnant)
        {
            Assert.Equal(_next, record.Offset);
            _next = record.NextOffset;
            int number = RecordMaker.NumberOf(record.Body);
            BinaryPrimitives.WriteInt32LittleEndian(_remnant, number);
            remnant = _remnant;
            return !dropsNone && (dropsAll || number % 2 == 0);
        }
    }
}
