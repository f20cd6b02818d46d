using Telemetry.Model;

namespace Telemetry.Detection;

/// <summary>An <see cref="AlarmRule"/> made ready for judging: nanoseconds, and what is watched at all.</summary>
internal sealed class WatchRule
{
    private const double NanosecondsPerSecond = 1e9;

    public WatchRule(AlarmRule rule)
    {
        Limits = rule.Limits;
        Deadband = rule.Deadband > 0 ? rule.Deadband : 0;
        OnDelay = Nanoseconds(rule.OnDelaySeconds);
        OffDelay = Nanoseconds(rule.OffDelaySeconds);
        RatePerMinuteMax = rule.RatePerMinuteMax;
        Flatline = Nanoseconds(rule.FlatlineSeconds);
        Silence = Nanoseconds(rule.SilenceSeconds);
        QuietLow = double.MaxNumber(double.MaxNumber(Limits.LowLow, Limits.Low), double.NegativeInfinity);
        QuietHigh = double.MinNumber(double.MinNumber(Limits.High, Limits.HighHigh), double.PositiveInfinity);
        Watched = Mask(ConditionKind.LowLow, !double.IsNaN(Limits.LowLow))
            | Mask(ConditionKind.Low, !double.IsNaN(Limits.Low))
            | Mask(ConditionKind.High, !double.IsNaN(Limits.High))
            | Mask(ConditionKind.HighHigh, !double.IsNaN(Limits.HighHigh))
            | Mask(ConditionKind.RateOfChange, RatePerMinuteMax > 0)
            | Mask(ConditionKind.Flatline, Flatline > 0)
            | Mask(ConditionKind.Silence, Silence > 0)
            | Mask(ConditionKind.Anomaly, rule.Anomalies)
            | Mask(ConditionKind.OutOfRange, true);
    }

    /// <summary>The rule of a field without a signal.</summary>
    public static WatchRule Nothing { get; } =
        new(new AlarmRule(LimitSet.None, 0, 0, 0, double.NaN, 0, 0));

    public LimitSet Limits { get; }

    public double Deadband { get; }

    public long OnDelay { get; }

    public long OffDelay { get; }

    public double RatePerMinuteMax { get; }

    public long Flatline { get; }

    public long Silence { get; }

    /// <summary>From here up to <see cref="QuietHigh"/> no limit is passed; −∞ without low limits.</summary>
    public double QuietLow { get; }

    /// <summary>Down from here to <see cref="QuietLow"/> no limit is passed; +∞ without high limits.</summary>
    public double QuietHigh { get; }

    /// <summary>One bit for each kind that is watched, the kind's number being the bit's.</summary>
    public int Watched { get; }

    public bool Watches(ConditionKind kind) => (Watched & (1 << (int)kind)) != 0;

    /// <summary>The absolute limit of a limit kind.</summary>
    public double LimitOf(ConditionKind kind) => kind switch
    {
        ConditionKind.LowLow => Limits.LowLow,
        ConditionKind.Low => Limits.Low,
        ConditionKind.High => Limits.High,
        _ => Limits.HighHigh,
    };

    private static int Mask(ConditionKind kind, bool isWatched) => isWatched ? 1 << (int)kind : 0;

    // The conversion saturates: a delay longer than 292 years never passes.
    private static long Nanoseconds(double seconds) => seconds > 0 ? (long)(seconds * NanosecondsPerSecond) : 0;
}
