using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>
/// The clock of a gateway as its firmware keeps it: it drifts, loses its time in some resets, and is set by a time
/// server now and then. Asked in the order of time.
/// </summary>
internal sealed class FirmwareClock
{
    private const double CabinetCelsius = 25; // where the crystal is as it was cut: what drifts is drawn, not the cold
    private const double PartsPerMillionPerSecondADay = 1e6 / 86_400;

    private readonly SimulatedClock _clock;
    private readonly (long Time, long Reading)[] _settings;
    private int _next;

    /// <param name="start">When the run starts; the clock is right then.</param>
    /// <param name="events">What befalls the gateway.</param>
    /// <param name="syncs">When the clock is set right.</param>
    public FirmwareClock(long start, IReadOnlyList<FirmwareEvent> events, IEnumerable<long> syncs)
    {
        double drift = events.Where(one => one.Kind == FirmwareEventKind.Drift).Sum(one => one.Size);
        _clock = new SimulatedClock(start, drift * PartsPerMillionPerSecondADay);
        _settings =
        [
            .. events
                .Where(one => one.Kind == FirmwareEventKind.ClockLost)
                .Select(one => (Time: one.Start, Reading: one.ClockBegins))
                .Concat(syncs.Select(time => (Time: time, Reading: time)))
                .OrderBy(setting => setting.Time),
        ];
    }

    /// <summary>Clock less true time, whole milliseconds in nanoseconds.</summary>
    public long SkewAt(long time)
    {
        for (; _next < _settings.Length && _settings[_next].Time <= time; _next++)
        {
            _clock.Advance(_settings[_next].Time, CabinetCelsius);
            _clock.Set(_settings[_next].Reading);
        }

        _clock.Advance(time, CabinetCelsius);
        return _clock.Skew / Timestamp.NanosecondsPerMillisecond * Timestamp.NanosecondsPerMillisecond;
    }
}
