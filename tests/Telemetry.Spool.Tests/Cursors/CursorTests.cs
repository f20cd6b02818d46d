using Telemetry.Testing;

namespace Telemetry.Spool.Tests;

public sealed class CursorTests
{
    [Fact]
    public void A_new_cursor_stands_at_the_first_offset()
    {
        using SpoolBench bench = OpenFilled();
        using Cursor cursor = bench.Spool.OpenCursor("store", required: true);
        Assert.Equal(SpoolRecord.LaneCount, cursor.LaneOffsets.Length);
        Assert.Equal(0, cursor.Minimum);
        Assert.True(cursor.IsRequired);
    }

    [Fact]
    public void A_place_survives_a_power_cut_lane_by_lane()
    {
        using SpoolBench bench = OpenFilled();
        long[] lanes = [.. Enumerable.Range(0, SpoolRecord.LaneCount).Select(lane => 100L + lane)];
        bench.Spool.OpenCursor("influx-main", required: false).Advance(lanes);
        bench.Dispose();
        bench.Files.Restart(StopMode.PowerCut);
        using Cursor cursor = bench.Open().OpenCursor("influx-main", required: false);
        Assert.Equal(lanes, cursor.LaneOffsets.ToArray());
        Assert.Equal(100, cursor.Minimum);
    }

    [Fact]
    public void A_cursor_closed_and_opened_again_stands_where_it_stood()
    {
        using SpoolBench bench = OpenFilled();
        using (Cursor cursor = bench.Spool.OpenCursor("store", required: true))
        {
            cursor.Advance(Lanes(200));
        }

        using Cursor again = bench.Spool.OpenCursor("store", required: true);
        Assert.Equal(200, again.Minimum);
    }

    [Fact]
    public void A_cursor_does_not_go_back_or_ahead_of_what_is_durable()
    {
        using SpoolBench bench = OpenFilled();
        using Cursor cursor = bench.Spool.OpenCursor("store", required: true);
        cursor.Advance(Lanes(200));
        Assert.Throws<ArgumentException>(() => cursor.Advance(Lanes(199)));
        Assert.Throws<ArgumentException>(() => cursor.Advance(Lanes(bench.Spool.DurableOffset + 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.Advance(new long[15]));
        Assert.Equal(200, cursor.Minimum);
    }

    [Fact]
    public void A_corrupt_cursor_is_set_aside_and_starts_from_the_first_offset()
    {
        for (int bit = 0; bit < CursorFormat.Bytes * 8; bit += 7)
        {
            using SpoolBench bench = OpenFilled();
            bench.Spool.OpenCursor("store", required: true).Advance(Lanes(200));
            bench.Dispose();
            bench.Files.FlipBit("/spool/store.cursor", bit);
            using Cursor cursor = bench.Open().OpenCursor("store", required: true);
            Assert.Equal(0, cursor.Minimum);
            Assert.Contains("/spool/store.cursor.corrupt", bench.Files.Paths);
            Assert.Equal(1, bench.Spool.Metrics.SetAsideCount);
        }
    }

    [Fact]
    public void A_lost_end_of_the_log_is_not_given_out_again_below_a_cursor()
    {
        using SpoolBench bench = OpenFilled();
        long end = bench.Spool.DurableOffset;
        bench.Spool.OpenCursor("store", required: true).Advance(Lanes(end));
        bench.Dispose();
        foreach (string path in bench.Files.Paths.Where(path => path.EndsWith(".seg", StringComparison.Ordinal)))
        {
            bench.Files.Delete(path);
        }

        Assert.Equal(end, bench.Open().AppendedOffset);
    }

    [Fact]
    public void Names_are_plain_and_each_is_held_once()
    {
        using SpoolBench bench = OpenFilled();
        foreach (string name in new[] { "", "a/b", "..", "Store", "a.b", new string('a', 65) })
        {
            Assert.ThrowsAny<ArgumentException>(() => bench.Spool.OpenCursor(name, required: true));
        }

        using Cursor cursor = bench.Spool.OpenCursor("store", required: true);
        Assert.Throws<InvalidOperationException>(() => bench.Spool.OpenCursor("store", required: true));
        Assert.Throws<InvalidOperationException>(() => bench.Spool.OpenHold("store", true, 0));
    }

    private static long[] Lanes(long offset)
    {
        long[] lanes = new long[SpoolRecord.LaneCount];
        Array.Fill(lanes, offset);
        return lanes;
    }

    private static SpoolBench OpenFilled()
    {
        var bench = new SpoolBench(new FaultyFileSystem(1));
        bench.Open();
        for (int i = 0; i < 20; i++)
        {
            bench.Append(1);
            bench.Commit();
        }

        return bench;
    }
}
