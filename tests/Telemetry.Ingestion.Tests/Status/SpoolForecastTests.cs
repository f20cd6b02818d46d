using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Spool;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

public sealed class SpoolForecastTests : IDisposable
{
    private const int MessageBytes = 100_000;
    private const long QuotaBytes = 64 * 1024 * 1024;
    private readonly TestLog _log = new(bytesMax: QuotaBytes);
    private readonly HurriedTime _time = new();
    private readonly SpoolForecast _forecast;

    public SpoolForecastTests() => _forecast = Start(_time);

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Intake_stops_when_the_forecast_says_and_health_has_warned_before()
    {
        using SpoolHold store = _log.Log.OpenHold("store", required: true, 0);
        _log.Log.Trim();
        for (int minute = 0; minute < 120; minute++)
        {
            await TakeAsync();
            store.ReleaseTo(_log.Log.DurableOffset);
        }

        SpoolOutlook outlook = _forecast.Now();
        Assert.Equal(MessageBytes / 60.0, outlook.BytesPerSecond!.Value, MessageBytes / 60.0 * 0.01);
        Assert.Null(outlook.Shortest);
        Assert.Equal(HealthStatus.Pass, HealthReport.Survival(outlook, 24).Status);
        await CheckUntilFullAsync("store", store.Offset);
    }

    [Fact]
    public async Task The_free_space_of_the_disk_counts_where_it_is_less_than_the_quota()
    {
        using SpoolHold store = _log.Log.OpenHold("store", required: true, 0);
        _log.Log.Trim();
        _log.Files.CapacityBytes = 40 * 1024 * 1024;
        for (int minute = 0; minute < 30; minute++)
        {
            await TakeAsync();
        }

        await CheckUntilFullAsync("store", store.Offset);
    }

    [Fact]
    public async Task An_optional_holder_has_a_forecast_of_its_own_and_does_not_shorten_that_of_intake()
    {
        using SpoolHold store = _log.Log.OpenHold("store", required: true, 0);
        using Cursor influx = _log.Log.OpenCursor("influx", required: false);
        _log.Log.Trim();
        for (int minute = 0; minute < 400; minute++)
        {
            await TakeAsync();
            store.ReleaseTo(_log.Log.DurableOffset);
        }

        SpoolOutlook outlook = _forecast.Now();
        double expected = (QuotaBytes - _log.Log.DurableOffset) / (MessageBytes * 60.0);
        Assert.Equal("influx", outlook.Shortest!.Name);
        Assert.InRange(outlook.Shortest.HoursLeft!.Value, expected * 0.95, expected * 1.05);
        Assert.InRange(outlook.HoursLeft!.Value, 10, 11.5);

        HealthCheck health = HealthReport.Survival(outlook, 24);
        Assert.Equal(HealthStatus.Warn, health.Status);
        Assert.Matches(
            @"^the spool lasts for 4\.\d h: consumer influx is \d{8} bytes behind, and 2\d{7} bytes more fit in; then "
            + "the oldest of it goes and is refilled from the embedded store later$",
            health.Message);
        Assert.Equal(HealthStatus.Pass, HealthReport.Survival(outlook, 0).Status);
    }

    [Fact]
    public async Task A_restart_in_the_middle_gives_the_forecast_of_none()
    {
        using SpoolHold store = _log.Log.OpenHold("store", required: true, 0);
        for (int minute = 0; minute < 30; minute++)
        {
            await TakeAsync();
        }

        SpoolOutlook before = _forecast.Now();
        await StopAsync(_forecast);
        SpoolOutlook after = Start(_time).Now();
        Assert.Equal(before.BytesPerSecond!.Value, after.BytesPerSecond!.Value, 1e-6);
        Assert.Equal(before.HoursLeft!.Value, after.HoursLeft!.Value, 1e-6);
    }

    [Fact]
    public async Task The_first_start_knows_nothing_and_one_with_a_damaged_or_newer_file_sets_it_aside_and_is_like_it()
    {
        Assert.Null(_forecast.Now().BytesPerSecond);
        await TakeAsync();
        await StopAsync(_forecast);
        Assert.NotNull(Start(_time).Now().BytesPerSecond);
        foreach (int at in (int[])[4, 30])
        {
            await StopAsync(_forecast);
            Damage(at);
            Assert.Null(Start(_time).Now().BytesPerSecond);
            Assert.Equal(["forecast.checkpoint.corrupt"], _log.Files.ListFiles("/forecast"));
        }
    }

    [Fact]
    public async Task What_was_learnt_is_kept_each_minute_for_a_kill()
    {
        var time = new ManualTime();
        SpoolForecast forecast = Start(time);
        using var stopping = new CancellationTokenSource();
        Task running = forecast.RunAsync(stopping.Token);
        for (int i = 0; !_log.Files.ListFiles("/forecast").Contains("forecast.checkpoint"); i++)
        {
            Assert.InRange(i, 0, 10_000);
            time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        Assert.NotNull(Start(time).Now().BytesPerSecond);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_disk_that_refuses_leaves_the_old_file()
    {
        await TakeAsync();
        await StopAsync(_forecast);
        _time.Advance(TimeSpan.FromHours(25));
        _log.Files.FailAt(_log.Files.OperationCount + 1, FaultKind.Error);
        await StopAsync(_forecast);
        Assert.Null(Start(_time).Now().BytesPerSecond); // the old one is a day old
        await StopAsync(_forecast);
        Assert.NotNull(Start(_time).Now().BytesPerSecond);
    }

    private SpoolForecast Start(TimeProvider time) =>
        new(_log.Log, warningHours: 24, _log.Files, "/forecast", time, NullLogger.Instance);

    private static Task<OperationCanceledException> StopAsync(SpoolForecast forecast)
    {
        var cancelled = new CancellationToken(canceled: true);
        return Assert.ThrowsAnyAsync<OperationCanceledException>(() => forecast.RunAsync(cancelled));
    }

    private void Damage(int at)
    {
        const string Path = "/forecast/forecast.checkpoint";
        var bytes = new byte[1];
        using (IFile file = _log.Files.Open(Path, FileIntent.Read))
        {
            file.Read(bytes, at);
        }

        bytes[0] ^= 1;
        using (IFile file = _log.Files.Open(Path, FileIntent.Write))
        {
            file.Write(bytes, at);
        }
    }

    private async Task TakeAsync()
    {
        await _log.AppendAsync("t", new byte[MessageBytes - 50]);
        Pass();
    }

    private void Pass()
    {
        for (int i = 0; i < 6; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            _forecast.Now();
        }
    }

    private async Task CheckUntilFullAsync(string holder, long offset)
    {
        HolderForecast first = _forecast.Now().Holders.Single(found => found.Name == holder);
        double passed = 0;
        bool hasWarned = false;
        while (true)
        {
            SpoolOutlook outlook = _forecast.Now();
            hasWarned |= HealthReport.Survival(outlook, 24) is { Status: HealthStatus.Warn } warning
                && warning.Message.EndsWith("then intake stops and nothing is acknowledged", StringComparison.Ordinal);
            _log.AppendUncommitted("t", new string('x', MessageBytes - 50));
            while (_log.Log.DurableOffset < _log.Log.AppendedOffset && _log.Log.State.Status == SpoolStatus.Running)
            {
                await Task.Yield();
            }

            if (_log.Log.State.Status == SpoolStatus.Full)
            {
                break;
            }

            Pass();
            passed++;
        }

        Assert.True(hasWarned);
        Assert.InRange(first.HoursLeft!.Value, passed / 60 * 0.95, passed / 60 * 1.05);
        Assert.Equal(offset, _log.Log.Holds.Single(hold => hold.Name == holder).Offset);
    }
}
