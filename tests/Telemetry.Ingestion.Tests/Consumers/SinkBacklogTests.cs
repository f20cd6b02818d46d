namespace Telemetry.Ingestion.Tests;

public sealed class SinkBacklogTests
{
    private const string File = "/influx/influx.backlog";

    [Fact]
    public async Task A_file_that_cannot_be_read_is_set_aside_and_all_behind_the_cursor_is_sent_again()
    {
        using var rig = new SinkRig();
        await rig.MissAsync(1, 2, 3);
        await rig.PumpAsync();
        await rig.AppendAsync(4);
        await rig.PumpAsync();
        Assert.Equal([4], rig.Taken);
        rig.Log.Files.FlipBit(File, 8 * 30);

        rig.Restart();
        Assert.Empty(rig.Backlog.Ranges);
        Assert.Equal(rig.Consumer.DurableOffset, rig.Backlog.LiveOffset);
        Assert.Contains(File + ".corrupt", rig.Log.Files.Paths);
        Assert.Contains(rig.Words.Lines, line => line.StartsWith($"cannot use checkpoint {File}: checksum", default));
        await rig.PumpAsync();
        await rig.DrainAsync();
        Assert.Equal([1, 2, 3, 4], rig.Taken.Distinct().Order());
    }

    [Fact]
    public async Task A_file_that_the_cursor_has_overtaken_means_nothing()
    {
        using var rig = new SinkRig();
        await rig.MissAsync(1, 2);
        await rig.PumpAsync();
        await rig.DrainAsync();
        for (int i = 3; i < 6; i++)
        {
            await rig.AppendAsync(i);
            await rig.PumpAsync();
        }

        long live = rig.Backlog.LiveOffset;
        rig.Restart();
        Assert.Empty(rig.Backlog.Ranges);
        Assert.Equal((live, live), (rig.Backlog.LiveOffset, rig.Consumer.DurableOffset));
    }

    [Fact]
    public async Task Beyond_the_ceiling_of_ranges_the_last_one_grows()
    {
        using var rig = new SinkRig();
        for (int i = 0; i < IngestionLimits.BacklogRangesMax + 5; i++)
        {
            await rig.AppendAsync(i);
            rig.Backlog.LeaveBehind(rig.Log.Log.DurableOffset, rig.Now);
        }

        IReadOnlyList<BacklogRange> ranges = rig.Backlog.Ranges;
        Assert.Equal(IngestionLimits.BacklogRangesMax, ranges.Count);
        Assert.Equal((0, rig.Log.Log.DurableOffset), (ranges[0].From, ranges[^1].To));
        rig.Options.BacklogBytesPerSecond = 0;
        await rig.DrainAsync();
        Assert.Equal(Enumerable.Range(0, IngestionLimits.BacklogRangesMax + 5), rig.Taken);
    }

    [Fact]
    public async Task A_missed_range_that_grows_while_it_is_refilled_begins_anew()
    {
        using var rig = new SinkRig(bytesMax: 4 * 1024 * 1024);
        rig.Log.Log.Trim();
        await PassQuotaAsync(rig);
        rig.Backlog.PassTrimmed();
        MissedRange before = Assert.Single(rig.Backlog.Missed);
        await PassQuotaAsync(rig);
        rig.Backlog.PassTrimmed();
        MissedRange after = Assert.Single(rig.Backlog.Missed);
        Assert.Equal((before.From, before.FirstArrival), (after.From, after.FirstArrival));
        Assert.True(after.To > before.To && after.LastArrival > before.LastArrival);

        rig.Backlog.Refill(before, long.MaxValue);
        Assert.Equal([after], rig.Backlog.Missed);
        rig.Backlog.Refill(after, 17);
        await PassQuotaAsync(rig);
        rig.Backlog.PassTrimmed();
        Assert.Equal([17, long.MinValue], rig.Backlog.Missed.Select(range => range.RefilledTo));
        Assert.Equal(rig.Log.Log.FirstOffset, rig.Backlog.Missed[^1].To);
    }

    private static async Task PassQuotaAsync(SinkRig rig)
    {
        string filler = "# " + new string('x', 200_000);
        for (int i = 0; i < 30; i++)
        {
            rig.Time.Advance(TimeSpan.FromMinutes(1));
            await rig.AppendAsync(filler);
        }
    }

    [Fact]
    public async Task Counts_are_those_of_what_lies_before_the_place_also_after_a_crash()
    {
        using var rig = new SinkRig();
        await rig.AppendAsync("m v=1 1\nm a\\b=1 2\nm v=3 3");
        await rig.PumpAsync();
        await rig.AppendAsync(4);
        await rig.PumpAsync();
        var expected = new SinkCounts { Points = 4, Stored = 3, Withheld = 1 };
        Assert.Equal((expected, 0), (rig.Backlog.Counts, rig.Backlog.Counts.Off));

        rig.Restart();
        Assert.Equal(expected, rig.Backlog.Counts);
        await rig.AppendAsync(5);
        await rig.PumpAsync();
        rig.Restart();
        Assert.Equal((5, 4), (rig.Backlog.Counts.Points, rig.Backlog.Counts.Stored));
    }

    [Fact]
    public async Task Points_left_behind_are_counted_once_when_they_are_drained()
    {
        using var rig = new SinkRig();
        await rig.MissAsync(1, 2, 3);
        await rig.PumpAsync();
        await rig.AppendAsync(4);
        await rig.PumpAsync();
        Assert.Equal(1, rig.Backlog.Counts.Points);
        await rig.DrainAsync();
        Assert.Equal(new SinkCounts { Points = 4, Stored = 4 }, rig.Backlog.Counts);
    }

    [Fact]
    public async Task A_file_without_counts_is_read_as_it_was_written()
    {
        using var rig = new SinkRig();
        await rig.MissAsync(1, 2);
        await rig.PumpAsync();
        BacklogRange range = Assert.Single(rig.Backlog.Ranges);
        var file = new CheckpointFile(rig.Log.Files, "/influx", "influx.backlog", 0x4B42_4B53, 1, rig.Words);
        Assert.True(file.TryRead(out byte[] state, out long live));
        file.Write(live, state.AsSpan(0, 8 + 4 + 24 + 4)); // a live arrival, one range and no missed one

        rig.Restart();
        Assert.Equal(range, Assert.Single(rig.Backlog.Ranges));
        Assert.Equal(default, rig.Backlog.Counts);
        Assert.DoesNotContain(rig.Words.Lines, line => line.Contains("cannot use", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Places_are_made_durable_every_half_second_and_at_the_end()
    {
        using var rig = new SinkRig(persistInterval: TimeSpan.FromSeconds(0.5));
        await rig.AppendAsync(1);
        await rig.PumpAsync();
        long first = rig.Consumer.DurableOffset;
        Assert.Equal(rig.Log.Log.DurableOffset, first);

        await rig.AppendAsync(2);
        await rig.PumpAsync();
        Assert.Equal(first, rig.Consumer.DurableOffset);
        rig.Restart();
        Assert.Equal(1, rig.Backlog.Counts.Points);
        await rig.PumpAsync();
        Assert.Equal([1, 2, 2], rig.Taken);
        Assert.Equal(2, rig.Backlog.Counts.Points);

        await rig.AppendAsync(3);
        await rig.PumpAsync();
        await rig.Consumer.CompleteAsync();
        Assert.Equal(rig.Log.Log.DurableOffset, rig.Consumer.DurableOffset);

        await rig.AppendAsync(4);
        rig.Time.Advance(TimeSpan.FromSeconds(0.6));
        await rig.PumpAsync();
        Assert.Equal(rig.Log.Log.DurableOffset, rig.Consumer.DurableOffset);
    }
}
