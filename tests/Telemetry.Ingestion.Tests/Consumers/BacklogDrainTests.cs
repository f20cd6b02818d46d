using System.Net;
using Telemetry.Influx;
using Telemetry.Spool;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

public sealed class BacklogDrainTests
{
    private const int QuotaBytes = 4 * 1024 * 1024;
    private const long Day = 86_400_000_000_000;

    [Fact]
    public async Task After_an_outage_new_data_goes_first_and_the_backlog_follows_in_order()
    {
        using var rig = new SinkRig();
        await rig.AppendAsync(1);
        await rig.PumpAsync();
        await rig.AppendAsync(2);
        for (int i = 0; i < 3; i++)
        {
            rig.Server.Answer(HttpStatusCode.ServiceUnavailable);
        }

        rig.Server.OnRequest = async () =>
        {
            if (rig.Server.Bodies.Count is > 1 and <= 4)
            {
                await rig.MissAsync(rig.Server.Bodies.Count + 1);
            }
        };
        await rig.PumpAsync(); // the batch in hand is what the server is tried with
        await rig.AppendAsync(6);
        await rig.PumpAsync();
        Assert.Equal([1, 2, 6], rig.Taken);
        Assert.Single(rig.Backlog.Ranges);

        await rig.DrainAsync();
        Assert.Equal([1, 2, 6, 3, 4, 5], rig.Taken);
        Assert.Empty(rig.Backlog.Ranges);
        Assert.Equal(rig.Log.Log.DurableOffset, rig.Consumer.DurableOffset);
    }

    [Fact]
    public async Task The_spool_is_kept_from_the_oldest_range_on_while_new_data_flows()
    {
        using var rig = new SinkRig();
        await rig.MissAsync(1, 2, 3);
        await rig.PumpAsync();
        long oldest = Assert.Single(rig.Backlog.Ranges).From;
        for (int i = 4; i < 8; i++)
        {
            await rig.AppendAsync(i);
            await rig.PumpAsync();
        }

        Assert.Equal(oldest, rig.Consumer.DurableOffset);
        Assert.True(rig.Backlog.LiveOffset > oldest);
    }

    [Fact]
    public async Task While_new_data_waits_the_backlog_waits_too()
    {
        using var rig = new SinkRig();
        await rig.MissAsync(1, 2);
        await rig.PumpAsync();
        rig.Server.Answer(HttpStatusCode.ServiceUnavailable);
        bool? turned = null;
        rig.Server.OnRequest = async () =>
        {
            // The first request is refused; whoever waits for the second is the sink's new data.
            if (rig.Server.Bodies.Count > 1 && turned is null)
            {
                turned = await rig.Drain.TurnAsync(CancellationToken.None);
            }
        };
        rig.Server.Bodies.Clear();
        await rig.AppendAsync(3);
        await rig.PumpAsync();

        Assert.False(turned);
        Assert.Equal([3], rig.Taken);
    }

    [Fact]
    public async Task The_backlog_keeps_to_its_budget_of_bytes()
    {
        using var rig = new SinkRig();
        await rig.MissAsync([.. Enumerable.Range(0, 300)]);
        await rig.PumpAsync();
        rig.Options.BatchBytes = 500;
        rig.Server.Bodies.Clear();
        long start = rig.Time.GetTimestamp();
        await rig.DrainAsync();

        int bytes = rig.Server.Bodies.Sum(body => body.Length);
        Assert.InRange(bytes, 7_000, 20_000);
        Assert.InRange(rig.Server.Bodies.Max(body => body.Length), 500, 600);
        Assert.Equal(bytes / 1_000.0, rig.Time.GetElapsedTime(start).TotalSeconds, 0.01);
    }

    [Fact]
    public async Task A_second_outage_leaves_a_second_range_and_both_arrive()
    {
        using var rig = new SinkRig();
        await rig.MissAsync(1, 2, 3);
        await rig.PumpAsync();
        await rig.AppendAsync(4);
        await rig.PumpAsync();
        await rig.MissAsync(5, 6, 7);
        await rig.PumpAsync();
        await rig.AppendAsync(8);
        await rig.PumpAsync();
        Assert.Equal(2, rig.Backlog.Ranges.Count);

        rig.Restart();
        Assert.Equal(2, rig.Backlog.Ranges.Count);
        await rig.DrainAsync();
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], rig.Taken.Order().Distinct());
        Assert.Equal(8, rig.Taken.Length);
    }

    [Fact]
    public async Task What_the_spool_let_go_of_is_written_down_and_refilled_from_the_store()
    {
        using var rig = new SinkRig(QuotaBytes);
        rig.Log.Log.Trim();
        await rig.AppendAsync(1);
        await rig.PumpAsync();
        await FillAsync(rig, first: 2, count: 100);
        Assert.Equal(SpoolStatus.Running, rig.Log.Log.State.Status);
        Assert.True(rig.Log.Log.FirstOffset > rig.Backlog.LiveOffset);

        rig.Backlog.PassTrimmed();
        MissedRange missed = Assert.Single(rig.Backlog.Missed);
        Assert.Equal((missed.To, missed.To), (rig.Log.Log.FirstOffset, rig.Consumer.DurableOffset));
        Assert.Contains(rig.Words.Lines, line => line.StartsWith("sink influx did not get offsets ", default));

        rig.Restart();
        Assert.Equal([missed], rig.Backlog.Missed);
        await rig.PumpAsync();
        await rig.DrainAsync();
        Assert.Equal(Enumerable.Range(1, 101), rig.Taken.Order().Distinct());
        Assert.Empty(rig.Backlog.Missed);
        Assert.InRange(rig.Metrics.LinesRefilled, 40, 101);
    }

    [Fact]
    public async Task Only_what_arrived_in_the_missed_range_is_refilled()
    {
        using var rig = new SinkRig(QuotaBytes);
        rig.Log.Log.Trim();
        await rig.AppendAsync(0);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.AppendAsync(1);
        await rig.PumpAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        long late = rig.Now - (20 * Day);
        await rig.AppendAsync($"late v=7001 {late}\nsaid t=\"a \\\"b\\\"\",n=3i,on=true {rig.Now}");
        await FillAsync(rig, first: 2, count: 100);
        await rig.PumpAsync();
        rig.Server.Accepted.Clear();
        await rig.DrainAsync();

        string taken = rig.Server.Accepted.ToString();
        Assert.Contains($"late v=7001 {late}\n", taken);
        Assert.Contains("said t=\"a \\\"b\\\"\" ", taken);
        Assert.Contains("said n=3i ", taken);
        Assert.Contains("said on=t ", taken);
        Assert.DoesNotContain(0, rig.Taken);
    }

    [Fact]
    public async Task A_refill_is_cut_into_bodies_and_goes_on_where_it_stood()
    {
        const int Points = 25_000;
        using var rig = new SinkRig(QuotaBytes);
        rig.Options.BacklogBytesPerSecond = 0;
        rig.Log.Log.Trim();
        await rig.AppendAsync(1);
        await rig.PumpAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        long now = rig.Now;
        for (int i = 0; i < Points; i += 5_000)
        {
            await rig.AppendAsync(string.Concat(
                Enumerable.Range(i, 5_000).Select(n => $"many n={n}i {now + n}\n")));
        }

        await FillAsync(rig, first: 2, count: 100);
        await rig.PumpAsync();
        rig.Server.Accepted.Clear();
        await rig.DrainAsync();

        string[] many =
        [
            .. rig.Server.Accepted.ToString().Split('\n').Where(line => line.StartsWith("many ", default)),
        ];
        Assert.Equal(Points, many.Length);
        Assert.Equal(Points, many.Distinct().Count());
    }

    [Fact]
    public async Task Points_older_than_the_server_keeps_are_set_apart_by_name_and_not_tried_again()
    {
        using var rig = new SinkRig();
        rig.Options.BatchBytes = 10_000;
        long old = rig.Now - (400 * Day);
        rig.Server.KeepsFrom = rig.Now - (30 * Day);
        await rig.AppendAsync($"m v=1 {rig.Now}\nfan,a=x\\ y v=2 {old}\nfan,a=x\\ y v=3 {old + 5}\nm v=4 {old}");
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        await rig.PumpAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        await rig.AppendAsync(5);
        await rig.PumpAsync();

        Assert.Equal([1, 5], rig.Taken);
        Assert.Equal((2, 3), (rig.Metrics.LinesAccepted, rig.Metrics.LinesBeyondRetention));
        Assert.Equal(0, rig.Metrics.LinesRefused);
        Assert.Equal(
            [("fan,a=x\\ y", 2L, old, old + 5), ("m", 1L, old, old)],
            rig.SetApart.All.Select(series => (series.Series, series.Count, series.FirstTime, series.LastTime)));
        Assert.All(rig.SetApart.All, series => Assert.Equal(SetApartReason.BeyondRetention, series.Reason));
        Assert.Equal(rig.Log.Log.DurableOffset, rig.Consumer.DurableOffset);
    }

    [Fact]
    public async Task A_list_of_series_set_apart_has_an_end()
    {
        using var rig = new SinkRig();
        rig.Server.KeepsFrom = rig.Now;
        const int More = 7;
        await rig.AppendAsync(string.Concat(Enumerable.Range(0, IngestionLimits.SetApartSeriesMax + More)
            .Select(i => $"m{i} v=1 1\n")));
        await rig.PumpAsync();
        Assert.Equal(IngestionLimits.SetApartSeriesMax, rig.SetApart.All.Count);
        Assert.Equal(More, rig.SetApart.Unlisted);
    }

    [Theory]
    [InlineData(StopMode.Kill)]
    [InlineData(StopMode.PowerCut)]
    [InlineData(StopMode.PowerCutWithRemains)]
    public async Task A_stop_at_any_operation_of_the_sink_loses_nothing(StopMode mode)
    {
        for (int stopAt = 1; ; stopAt++)
        {
            using var rig = new SinkRig();
            await rig.MissAsync(1, 2, 3, 4);
            rig.Log.Files.FailAt(rig.Log.Files.OperationCount + stopAt, FaultKind.Crash);
            rig.Server.OnRequest = () => rig.Log.Files.HasCrashed ? throw new IOException() : Task.CompletedTask;
            try
            {
                await SendAllAsync(rig);
            }
            catch (Exception) when (rig.Log.Files.HasCrashed)
            {
                // What the rig would have done next it does not do.
            }

            bool hasCrashed = rig.Log.Files.HasCrashed;
            rig.Log.Log.Dispose();
            rig.Log.Files.Restart(mode);
            rig.Server.OnRequest = null;
            rig.Restart();
            await SendAllAsync(rig);
            Assert.Equal([1, 2, 3, 4], rig.Taken.Distinct().Order());
            Assert.Empty(rig.Backlog.Ranges);
            if (!hasCrashed)
            {
                Assert.InRange(stopAt, 20, 200);
                return;
            }
        }
    }

    private static async Task SendAllAsync(SinkRig rig)
    {
        await rig.PumpAsync();
        await rig.DrainAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.PumpAsync();
    }

    /// <summary>Messages of 100 KB, so that the quota is passed.</summary>
    private static async Task FillAsync(SinkRig rig, int first, int count)
    {
        string filler = new('x', 100_000);
        for (int i = first; i < first + count; i++)
        {
            rig.Time.Advance(TimeSpan.FromMinutes(10));
            await rig.AppendAsync($"m v={i} {rig.Now}\n# {filler}");
        }
    }
}
