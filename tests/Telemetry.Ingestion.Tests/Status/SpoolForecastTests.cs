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

    public SpoolForecastTests() => _forecast = new SpoolForecast(_log.Log, warningHours: 24, _time);

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
