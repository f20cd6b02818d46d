namespace Telemetry.FirmwareSim;

/// <summary>
/// When a signal is read. A periodic one is read at every so-manieth tick, from a tick of its own, so that not all of
/// them fall on the full minute; an event happens at times of day of its own.
/// </summary>
internal sealed class SamplingSlot
{
    private const double DaySeconds = 86_400;
    private const double BlastSecondOfDay = 5 * 3_600; // 13 h in Mongolia

    private readonly double _eventSeconds;
    private readonly double _eventPhaseSeconds;

    public SamplingSlot(ulong seed, SignalModel model, double periodSecondsMin = 0)
    {
        Model = model;
        ulong stream = SeededNoise.StreamOf(model.Signal.Id) ^ seed;
        double period = model.Signal.Definition.PeriodSeconds;
        PeriodTicks = (long)Math.Max(1, Math.Round(Math.Max(period, periodSecondsMin)));
        PhaseTicks = (long)(stream % (ulong)PeriodTicks);
        _eventSeconds = period > 0 ? 0 : EventSecondsOf(model.Signal.Definition.Key);
        _eventPhaseSeconds = _eventSeconds == DaySeconds ? BlastSecondOfDay : stream % 997;
    }

    public SignalModel Model { get; }

    /// <summary>True when it has no period.</summary>
    public bool IsEvent => _eventSeconds > 0;

    /// <summary>Ticks from one reading to the next.</summary>
    public long PeriodTicks { get; }

    /// <summary>It is read at ticks that are a multiple of the period when this is added.</summary>
    public long PhaseTicks { get; }

    /// <summary>True when the signal is read at a tick.</summary>
    /// <param name="tick">The tick, from 0 on.</param>
    /// <param name="seconds">Its time in seconds since 1970.</param>
    /// <param name="tickSeconds">How long a tick lasts; shorter than a second when the load is multiplied.</param>
    public bool IsDue(long tick, double seconds, double tickSeconds)
    {
        if (_eventSeconds == 0)
        {
            return tick == 0 || (tick + PhaseTicks) % PeriodTicks == 0;
        }

        double interval = _eventSeconds * tickSeconds;
        double before = Math.Floor((seconds - tickSeconds - _eventPhaseSeconds) / interval);
        bool happens = Math.Floor((seconds - _eventPhaseSeconds) / interval) > before;
        return happens || (tick == 0 && _eventSeconds < DaySeconds);
    }

    private static double EventSecondsOf(string key) => key switch
    {
        "ppv" or "airblast" => DaySeconds,
        "bucket_payload" => 40,
        "payload" => 1_200,
        "cycle_time" => 1_440,
        _ => 4 * 3_600,
    };
}
