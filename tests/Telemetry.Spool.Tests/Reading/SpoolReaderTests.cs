using Telemetry.Testing;

namespace Telemetry.Spool.Tests;

public sealed class SpoolReaderTests
{
    private static readonly SpoolOptions Roomy = SpoolBench.SmallOptions with
    {
        SegmentBytesMax = 4 * 1024 * 1024,
        BufferBytesMax = 2 * 1024 * 1024,
        BytesMax = 64 * 1024 * 1024,
    };

    [Fact]
    public void What_is_not_durable_is_not_read()
    {
        using SpoolBench bench = OpenBench();
        bench.Append(1);
        using SpoolReader reader = bench.Spool.OpenReader(0);
        Assert.False(reader.TryRead(out _));
        bench.Commit();
        bench.Append(1);
        Assert.True(reader.TryRead(out RecordView record));
        Assert.Equal(bench.Spool.DurableOffset, record.NextOffset);
        Assert.False(reader.TryRead(out _));
        Assert.Equal(bench.Spool.DurableOffset, reader.Position);
    }

    [Fact]
    public void Reading_stops_before_a_bound_and_goes_on_later()
    {
        using SpoolBench bench = OpenBench();
        for (int i = 0; i < 20; i++)
        {
            bench.Append(1);
            bench.Commit();
        }

        foreach (long bound in bench.Appended.Keys)
        {
            using SpoolReader reader = bench.Spool.OpenReader(0);
            int count = 0;
            while (reader.TryRead(out _, bound))
            {
                count++;
            }

            Assert.Equal(bench.Appended.Keys.Count(offset => offset < bound), count);
            Assert.Equal(bound, reader.Position);
            Assert.True(reader.TryRead(out RecordView next));
            Assert.Equal(bound, next.Offset);
        }
    }

    [Fact]
    public void Only_the_lanes_asked_for_are_read()
    {
        using SpoolBench bench = OpenBench();
        for (int i = 0; i < 64; i++)
        {
            Append(bench.Spool, RecordMaker.Numbered(i, 20 + i, lane: (byte)(i % SpoolRecord.LaneCount)));
            bench.Commit();
        }

        using SpoolReader reader = bench.Spool.OpenReader(0);
        reader.LaneMask = (1 << 3) | (1 << 15);
        var numbers = new List<int>();
        while (reader.TryRead(out RecordView record))
        {
            Assert.True(record.Lane is 3 or 15);
            numbers.Add(RecordMaker.NumberOf(record.Body));
        }

        Assert.Equal([3, 15, 19, 31, 35, 47, 51, 63], numbers);
        Assert.Equal(bench.Spool.DurableOffset, reader.Position);
        Assert.Equal(0, reader.SkippedBytes);
    }

    [Fact]
    public void Records_of_any_size_come_back_over_every_edge_of_a_block()
    {
        using SpoolBench bench = OpenBench(Roomy);
        int number = 0;
        const int Block = SpoolReader.BlockBytes;
        foreach (int bytes in new[] { 4, 100, Block - 200, 17, Block, 1_000_000, 5, 300_000 })
        {
            Append(bench.Spool, RecordMaker.Numbered(number++, bytes));
            bench.Commit();
        }

        using SpoolReader reader = bench.Spool.OpenReader(0);
        for (int i = 0; i < number; i++)
        {
            Assert.True(reader.TryRead(out RecordView record));
            Assert.Equal(i, RecordMaker.NumberOf(record.Body));
        }

        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void A_reader_that_comes_too_late_says_what_it_missed()
    {
        using SpoolBench bench = OpenBench();
        Fill(bench, 20);
        using SpoolHold hold = bench.Spool.OpenHold("store", required: true, 0);
        hold.ReleaseTo(bench.Spool.DurableOffset);
        bench.Spool.Trim();
        bench.Commit();
        long first = bench.Spool.FirstOffset;
        using SpoolReader reader = bench.Spool.OpenReader(0);
        Assert.True(reader.TryRead(out RecordView record));
        Assert.Equal(first, record.Offset);
        Assert.True(reader.TryTakeSkip(out SkippedRange skip));
        Assert.Equal(new SkippedRange(0, first, SkipCause.Trimmed), skip);
        Assert.Equal(first, reader.SkippedBytes);
    }

    [Fact]
    public void A_reader_in_a_segment_that_is_deleted_reads_it_to_its_end()
    {
        using SpoolBench bench = OpenBench();
        Fill(bench, 20);
        using SpoolReader reader = bench.Spool.OpenReader(0);
        Assert.True(reader.TryRead(out _));
        using SpoolHold hold = bench.Spool.OpenHold("store", required: true, 0);
        hold.ReleaseTo(bench.Spool.DurableOffset);
        bench.Spool.Trim();
        bench.Commit();
        Assert.True(reader.TryRead(out RecordView record));
        Assert.True(record.Offset < bench.Spool.FirstOffset);
    }

    [Fact]
    public void A_record_gone_bad_while_the_spool_runs_is_passed_over_and_reported()
    {
        using SpoolBench bench = OpenBench(Roomy);
        Fill(bench, 10);
        List<long> starts = [.. bench.Appended.Keys];
        string path = bench.Files.Paths.Single(name => name.EndsWith(SegmentName.Suffix, StringComparison.Ordinal));
        FlipBodyAt(bench, path, starts[4]);
        using SpoolReader reader = bench.Spool.OpenReader(0);
        var seen = new List<long>();
        while (reader.TryRead(out RecordView record))
        {
            seen.Add(record.Offset);
        }

        Assert.Equal(starts.Where((_, i) => i != 4), seen);
        Assert.True(reader.TryTakeSkip(out SkippedRange skip));
        Assert.Equal(new SkippedRange(starts[4], starts[5], SkipCause.Corrupt), skip);
    }

    [Fact]
    public void A_length_gone_bad_costs_what_was_durable_behind_it_and_not_what_comes_later()
    {
        using SpoolBench bench = OpenBench(Roomy);
        Fill(bench, 5);
        long durable = bench.Spool.DurableOffset;
        string path = bench.Files.Paths.Single(name => name.EndsWith(SegmentName.Suffix, StringComparison.Ordinal));
        bench.Files.FlipBit(path, ((SegmentHeader.Bytes + bench.Appended.Keys.ElementAt(2)) * 8) + 7);
        using SpoolReader reader = bench.Spool.OpenReader(0);
        Assert.True(reader.TryRead(out _));
        Assert.True(reader.TryRead(out _));
        Assert.False(reader.TryRead(out _));
        Assert.Equal(durable, reader.Position);
        bench.Append(1);
        bench.Commit();
        Assert.True(reader.TryRead(out RecordView record));
        Assert.Equal(durable, record.Offset);
    }

    [Fact]
    public void Nothing_can_be_read_behind_the_end()
    {
        using SpoolBench bench = OpenBench();
        Assert.Throws<ArgumentOutOfRangeException>(() => bench.Spool.OpenReader(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => bench.Spool.OpenReader(-1));
    }

    private static void FlipBodyAt(SpoolBench bench, string path, long offset) =>
        bench.Files.FlipBit(path, (SegmentHeader.Bytes + offset + SpoolRecord.HeaderBytes) * 8);

    private static SpoolBench OpenBench(SpoolOptions? options = null)
    {
        var bench = new SpoolBench(new FaultyFileSystem(1), options);
        bench.Open();
        return bench;
    }

    private static void Fill(SpoolBench bench, int count)
    {
        for (int i = 0; i < count; i++)
        {
            bench.Append(1);
            bench.Commit();
        }
    }

    private static void Append(Spool spool, byte[] record) =>
        Assert.Equal(AppendOutcome.Appended, spool.TryAppend(record, null, out _));
}
