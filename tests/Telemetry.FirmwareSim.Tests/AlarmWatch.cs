using Telemetry.Model;

namespace Telemetry.FirmwareSim.Tests;

/// <summary>A slow, plain reading of the catalogue's alarm rules: would a run have raised an alarm?</summary>
internal sealed class AlarmWatch
{
    private readonly Dictionary<string, SignalInstance> _signals =
        Runs.Site.Signals.ToDictionary(signal => signal.Id, StringComparer.Ordinal);

    private readonly Dictionary<string, (double Value, long Since, long Seen)> _last = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _beyondSince = new(StringComparer.Ordinal);
    private readonly HashSet<string> _alarms = new(StringComparer.Ordinal);

    /// <summary>What was raised, such as <c>CR-201.bearing_de_temp/HighHigh</c>.</summary>
    public IReadOnlyCollection<string> Alarms => _alarms;

    public IReadOnlyCollection<string> SignalsSeen => _last.Keys;

    public void Observe(ReadSample sample)
    {
        SignalDefinition definition = _signals[sample.Signal].Definition;
        Assert.InRange(sample.Value, definition.RangeLow, definition.RangeHigh);
        AlarmRule rule = definition.Alarm;
        Hold(sample, ConditionKind.LowLow, sample.Value < rule.Limits.LowLow, rule.OnDelaySeconds);
        Hold(sample, ConditionKind.Low, sample.Value < rule.Limits.Low, rule.OnDelaySeconds);
        Hold(sample, ConditionKind.High, sample.Value > rule.Limits.High, rule.OnDelaySeconds);
        Hold(sample, ConditionKind.HighHigh, sample.Value > rule.Limits.HighHigh, rule.OnDelaySeconds);
        bool isKnown = _last.TryGetValue(sample.Signal, out var last);
        bool isSame = isKnown && last.Value == sample.Value;
        Hold(sample, ConditionKind.Flatline, isSame && rule.FlatlineSeconds > 0, rule.FlatlineSeconds);
        Raise(sample, ConditionKind.Silence, isKnown && IsLonger(last.Seen, sample.Time, rule.SilenceSeconds));
        _last[sample.Signal] = (sample.Value, isSame ? last.Since : sample.Time, sample.Time);
    }

    /// <summary>Silence that no sample ended.</summary>
    public void End(long time)
    {
        foreach ((string signal, var last) in _last)
        {
            double silence = _signals[signal].Definition.Alarm.SilenceSeconds;
            Raise(new ReadSample(signal, 0, time), ConditionKind.Silence, IsLonger(last.Seen, time, silence));
        }
    }

    private static bool IsLonger(long from, long to, double seconds) =>
        seconds > 0 && to - from > seconds * Timestamp.NanosecondsPerSecond;

    private void Hold(ReadSample sample, ConditionKind kind, bool isPresent, double delaySeconds)
    {
        string alarm = $"{sample.Signal}/{kind}";
        if (!isPresent)
        {
            _beyondSince.Remove(alarm);
            return;
        }

        _beyondSince.TryAdd(alarm, sample.Time);
        long heldFor = sample.Time - _beyondSince[alarm];
        Raise(sample, kind, heldFor >= delaySeconds * Timestamp.NanosecondsPerSecond);
    }

    private void Raise(ReadSample sample, ConditionKind kind, bool isRaised)
    {
        if (isRaised)
        {
            _alarms.Add($"{sample.Signal}/{kind}");
        }
    }
}
