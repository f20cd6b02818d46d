using System.Globalization;
using System.Text.Json;
using Xunit.Abstractions;

namespace Telemetry.EndToEnd.Tests;

public sealed class KillTests(ITestOutputHelper output) : ServiceTests
{
    private const int AcknowledgedMax = 5_000; // a kill comes at a random count up to this
    private const int RunsDefault = 50;
    private const int RunsNightly = 1_000;
    private const long FirstTime = 1_700_000_000_000_000_000;

    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_stored_once_after_it()
    {
        int seed = Environment.GetEnvironmentVariable("TELEMETRY_KILL_SEED") is { } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        int runs = Runs();
        var random = new Random(seed);
        long time = FirstTime;
        int acknowledged = 0;
        for (int run = 0; run < runs; run++)
        {
            (int stored, long next) = await KillOnceAsync(random, time, $"TELEMETRY_KILL_SEED={seed}, run {run}");
            acknowledged += stored;
            time = next;
        }

        double[] before = await SummaryAsync();
        await RestartAfterKillAsync();
        Assert.Equal(before, await SummaryAsync());
        output.WriteLine($"seed {seed}: {runs} kills, {acknowledged} acknowledged points, none lost, none twice");
    }

    [Fact]
    public async Task SIGTERM_drains_and_ends_with_exit_code_0()
    {
        await using ToolRun subscriber = await Service.SubscribeAsync("-t", "nothing/#");
        using var sender = new PointSender(Service.MqttPort, FirstTime);
        await sender.WaitForAcknowledgedAsync(1_000);

        int exitCode = await Service.StopAsync();

        IReadOnlyList<long> acknowledged = sender.Stop();
        Assert.True(exitCode == 0, $"exit code {exitCode}: {Service.Output}");
        await Service.DisposeAsync();
        await StartAsync();
        await RequireStoredAsync(acknowledged, FirstTime, sender.NextTime, "after SIGTERM");
    }

    [Fact]
    public async Task With_an_empty_spool_and_no_state_of_detection_it_goes_on_from_what_is_stored()
    {
        // The way back to the machine's clock after arrival times were far ahead of it.
        await Service.PublishAsync("a/b", "kept v=1 1");
        await Service.ExpectAsync("SELECT v FROM kept", 1);
        Assert.Equal(0, await Service.StopAsync());
        await Service.DisposeAsync();
        System.IO.Directory.Move(Directory.At("spool"), Directory.At("spool.old"));
        System.IO.Directory.Move(Directory.At("detection"), Directory.At("detection.old"));

        await StartAsync();
        await Service.PublishAsync("a/b", "kept v=2 2");
        await Service.ExpectAsync("SELECT sum(v) FROM kept", 3);
        Assert.Equal(0, await Service.StopAsync());
    }

    private static int Runs()
    {
        if (Environment.GetEnvironmentVariable("TELEMETRY_KILL_RUNS") is { } runs)
        {
            return int.Parse(runs, CultureInfo.InvariantCulture);
        }

        return Environment.GetEnvironmentVariable("TELEMETRY_NIGHTLY") == "1" ? RunsNightly : RunsDefault;
    }

    private async Task<(int Acknowledged, long NextTime)> KillOnceAsync(Random random, long firstTime, string run)
    {
        using var sender = new PointSender(Service.MqttPort, firstTime);
        await sender.WaitForAcknowledgedAsync(random.Next(AcknowledgedMax));
        await RestartAfterKillAsync();
        IReadOnlyList<long> acknowledged = sender.Stop();
        await RequireStoredAsync(acknowledged, firstTime, sender.NextTime, run);
        return (acknowledged.Count, sender.NextTime);
    }

    /// <summary>Acknowledged ⊆ stored ⊆ sent, and each time once.</summary>
    private async Task RequireStoredAsync(IReadOnlyList<long> acknowledged, long from, long to, string run)
    {
        await Service.ExpectMetricAsync("telemetry_ingestion_consumer_pending_bytes{consumer=\"store\"}", 0);
        string where = $"WHERE time >= {from} AND time < {to}";
        JsonElement[] rows = await Service.RowsAsync($"SELECT n FROM {PointSender.Measurement} {where}");
        long[] times = [.. rows.Select(row => row[0].GetInt64())];
        Assert.True(times.Length == times.Distinct().Count(), $"{run}: points are stored twice");
        Assert.All(rows, row => Assert.Equal(row[0].GetInt64(), row[1].GetInt64()));
        long[] lost = [.. acknowledged.Except(times)];
        Assert.True(
            lost.Length == 0,
            $"{run}: {lost.Length} of {acknowledged.Count} points are lost, first {lost.FirstOrDefault()}");
    }

    private async Task<double[]> SummaryAsync()
    {
        await Service.ExpectMetricAsync("telemetry_ingestion_consumer_pending_bytes{consumer=\"store\"}", 0);
        JsonElement[] rows = await Service.RowsAsync(
            $"SELECT count(n), sum(n), min(n), max(n) FROM {PointSender.Measurement}");
        return [.. rows[0].EnumerateArray().Skip(1).Select(cell => cell.GetDouble())];
    }
}
