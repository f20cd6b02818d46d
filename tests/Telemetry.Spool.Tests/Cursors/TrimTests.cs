using Telemetry.Testing;

namespace Telemetry.Spool.Tests;

public sealed class TrimTests
{
    private static readonly SpoolOptions Tight = SpoolBench.SmallOptions with
    {
        SegmentBytesMax = 1_000,
        BufferBytesMax = 1_000,
        BytesMax = 4_000,
    };

    [Fact]
    public void Whole_segments_behind_every_holder_go_and_no_others()
    {
        using SpoolBench bench = OpenFilled(SpoolBench.SmallOptions);
        using SpoolHold store = bench.Spool.OpenHold("store", required: true, 0);
        using Cursor influx = bench.Spool.OpenCursor("influx", required: false);
        bench.Spool.Trim();
        foreach (long offset in bench.Appended.Keys)
        {
            store.ReleaseTo(bench.Spool.DurableOffset);
            influx.Advance(Lanes(offset));
            bench.Commit();
            Assert.True(bench.Spool.FirstOffset <= offset);
            Assert.True(bench.Spool.FirstOffset > offset - Tight.SegmentBytesMax);
        }
    }

    [Fact]
    public void A_reader_that_comes_while_its_segment_is_deleted_goes_on_behind_it()
    {
        using SpoolBench bench = OpenFilled(SpoolBench.SmallOptions);
        using SpoolHold store = bench.Spool.OpenHold("store", required: true, 0);
        bench.Spool.Trim();
        var found = new List<long>();
        bench.Files.Gone = path =>
        {
            if (!path.EndsWith(SegmentName.Suffix, StringComparison.Ordinal))
            {
                return;
            }

            using SpoolReader reader = bench.Spool.OpenReader(0);
            Assert.True(reader.TryRead(out RecordView record));
            found.Add(record.Offset);
        };
        store.ReleaseTo(bench.Spool.DurableOffset);
        bench.Commit();

        Assert.True(found.Count > 3);
        Assert.Equal(bench.Spool.FirstOffset, found[^1]);
        Assert.Equal(found.Order().Distinct(), found);
    }

    [Fact]
    public void Nothing_goes_before_the_first_call_of_Trim_or_without_a_required_holder()
    {
        using SpoolBench bench = OpenFilled(SpoolBench.SmallOptions);
        using SpoolHold optional = bench.Spool.OpenHold("influx", required: false, 0);
        optional.ReleaseTo(bench.Spool.DurableOffset);
        bench.Spool.Trim();
        bench.Commit();
        Assert.Equal(0, bench.Spool.FirstOffset);

        using SpoolBench other = OpenFilled(SpoolBench.SmallOptions);
        using SpoolHold required = other.Spool.OpenHold("store", required: true, 0);
        required.ReleaseTo(other.Spool.DurableOffset);
        other.Commit();
        Assert.Equal(0, other.Spool.FirstOffset);
    }

    [Fact]
    public void At_the_quota_a_required_holder_stops_intake_until_it_releases()
    {
        using var bench = new SpoolBench(new FaultyFileSystem(1), Tight);
        bench.Open();
        using SpoolHold store = bench.Spool.OpenHold("store", required: true, 0);
        bench.Spool.Trim();
        while (bench.Append(1))
        {
            bench.Commit();
        }

        Assert.Equal(SpoolStatus.Full, bench.Spool.State.Status);
        Assert.Contains("quota of 4000 bytes", bench.Spool.State.Cause, StringComparison.Ordinal);
        Assert.True(bench.Spool.State.BytesWanted > 0);
        Assert.True(bench.Spool.Metrics.SegmentBytes <= Tight.BytesMax);
        Assert.Equal(0, bench.Spool.FirstOffset);
        bench.CheckLaw("full");

        store.ReleaseTo(bench.Spool.DurableOffset);
        bench.Commit();
        Assert.Equal(SpoolState.Running, bench.Spool.State);
        Assert.Equal(bench.Spool.AppendedOffset, bench.Spool.DurableOffset);
        Assert.True(bench.Append(1));
        Assert.Equal(1, bench.Spool.Metrics.FullEpisodeCount);
    }

    [Fact]
    public void At_the_quota_an_optional_holder_is_overruled_and_its_reader_says_what_it_missed()
    {
        using var bench = new SpoolBench(new FaultyFileSystem(1), Tight);
        bench.Open();
        using SpoolHold store = bench.Spool.OpenHold("store", required: true, 0);
        using Cursor influx = bench.Spool.OpenCursor("influx", required: false);
        bench.Spool.Trim();
        for (int i = 0; i < 200; i++)
        {
            Assert.True(bench.Append(1));
            bench.Commit();
            store.ReleaseTo(bench.Spool.DurableOffset);
        }

        Assert.True(bench.Spool.Metrics.SegmentBytes <= Tight.BytesMax);
        Assert.True(bench.Spool.FirstOffset > 0);
        using SpoolReader reader = bench.Spool.OpenReader(influx.Minimum);
        Assert.True(reader.TryRead(out _));
        Assert.Equal(bench.Spool.FirstOffset, reader.SkippedBytes);
    }

    [Fact]
    public void A_segment_that_cannot_be_deleted_is_tried_again()
    {
        using SpoolBench bench = OpenFilled(SpoolBench.SmallOptions);
        using SpoolHold store = bench.Spool.OpenHold("store", required: true, 0);
        store.ReleaseTo(bench.Spool.DurableOffset);
        bench.Files.FailAt(bench.Files.OperationCount + 1, FaultKind.Error);
        bench.Spool.Trim();
        bench.Commit();
        Assert.Equal(0, bench.Spool.FirstOffset);
        bench.Commit();
        Assert.Single(bench.Files.Paths, path => path.EndsWith(SegmentName.Suffix, StringComparison.Ordinal));
    }

    [Fact]
    public void A_holder_outside_cannot_hold_what_was_never_appended()
    {
        using SpoolBench bench = OpenFilled(SpoolBench.SmallOptions);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => bench.Spool.OpenHold("store", true, bench.Spool.AppendedOffset + 1));
    }

    private static long[] Lanes(long offset)
    {
        long[] lanes = new long[SpoolRecord.LaneCount];
        Array.Fill(lanes, offset);
        return lanes;
    }

    private static SpoolBench OpenFilled(SpoolOptions options)
    {
        var bench = new SpoolBench(new FaultyFileSystem(1), options);
        bench.Open();
        for (int i = 0; i < 30; i++)
        {
            bench.Append(1);
            bench.Commit();
        }

        return bench;
    }
}
