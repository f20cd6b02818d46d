using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>
/// The hours at which a machine runs, day by day, as a function of seed and day. Machines of an area stop together;
/// each starts a few minutes after the one before. Times are seconds since 1970.
/// </summary>
internal sealed class MachineHours
{
    private const double MinuteSeconds = 60;
    private const double HourSeconds = 3_600;
    private const double DaySeconds = 24 * HourSeconds;
    private const double LocalOffsetSeconds = 8 * HourSeconds; // Mongolia keeps UTC+8 all year
    private const double DayOffChance = 1 / 14.0;
    private const double ShiftStopChance = 0.25;
    private const double ContinuousStopChance = 0.12;
    private const double GensetStartSeconds = 30; // 10 to 60 s are usual
    private const double GensetAfterSeconds = 300;
    private const int TestWeekday = 3;

    private readonly ulong _seed;
    private readonly ulong _line;
    private readonly double _stagger;
    private readonly (double From, double To)[] _cuts;

    public MachineHours(ulong seed, Asset asset, EpisodePlan plan)
    {
        _seed = seed;
        _line = SeededNoise.StreamOf($"hours.{asset.Area}");
        _stagger = SeededNoise.StreamOf(asset.Id) % 600;
        Working = WorkingOf(asset);
        IsElectric = asset.Type.Key is not ("DR" or "EX" or "HT" or "GS") && Working != Working.Always;
        _cuts =
        [
            .. plan.Episodes
                .Where(episode => episode.Mode.Effects.Any(effect => effect.Signal == "outage_flag"))
                .Select(episode => (SecondsOf(episode.Start), SecondsOf(episode.Repaired))),
        ];
    }

    /// <summary>When it works.</summary>
    public Working Working { get; }

    /// <summary>True when it stops without the grid.</summary>
    public bool IsElectric { get; }

    /// <summary>The spans in which it runs, of a day and of the days beside it, in order and apart.</summary>
    public List<(double From, double To)> Around(double seconds)
    {
        long today = (long)Math.Floor((seconds + LocalOffsetSeconds) / DaySeconds);
        var spans = new List<(double From, double To)>();
        for (long day = today - 2; day <= today + 2; day++)
        {
            spans.AddRange(SpansOf(day));
        }

        foreach ((double from, double to) in _cuts)
        {
            if (Working == Working.Standby)
            {
                spans.Add((from + GensetStartSeconds, to + GensetAfterSeconds));
            }
            else if (IsElectric)
            {
                spans = Without(spans, from, to + _stagger);
            }
        }

        return Merged(spans);
    }

    /// <summary>True during the break of a shift.</summary>
    public bool IsBreak(double seconds)
    {
        double hour = (seconds + LocalOffsetSeconds) % DaySeconds / HourSeconds;
        return Working == Working.DayShift && hour is >= 12.5 and < 13.25;
    }

    private static Working WorkingOf(Asset asset) => asset.Type.Key switch
    {
        "DR" or "EX" or "HT" or "FD" or "CR1" or "CR2" or "SC" or "CV" => Working.DayShift,
        "DM" when asset.Area.StartsWith("200", StringComparison.Ordinal) => Working.DayShift,
        "ML" or "CY" or "PU" or "JG" or "SP" or "ST" or "CC" or "FL" or "MS" or "FP" or "TH" => Working.RoundTheClock,
        "GS" => Working.Standby,
        _ => Working.Always,
    };

    private IEnumerable<(double From, double To)> SpansOf(long day)
    {
        double midnight = (day * DaySeconds) - LocalOffsetSeconds;
        return Working switch
        {
            Working.DayShift => Shift(day, midnight),
            Working.RoundTheClock => WithStop(
                (midnight, midnight + DaySeconds), day, ContinuousStopChance, 0.5 * HourSeconds, 5 * HourSeconds),
            Working.Standby when day % 7 == TestWeekday =>
                [(midnight + (10 * HourSeconds), midnight + (10.5 * HourSeconds))],
            Working.Standby => [],
            _ => [(midnight, midnight + DaySeconds)],
        };
    }

    private IEnumerable<(double From, double To)> Shift(long day, double midnight)
    {
        if (Draw(day, 0) < DayOffChance)
        {
            return [];
        }

        double from = midnight + (8 * HourSeconds) + (20 * MinuteSeconds * (Draw(day, 1) - 0.5)) + _stagger;
        double to = midnight + (18 * HourSeconds) + (20 * MinuteSeconds * (Draw(day, 2) - 0.5)) - _stagger;
        return WithStop((from, to), day, ShiftStopChance, 10 * MinuteSeconds, HourSeconds);
    }

    /// <summary>A span with one stop in it, by chance.</summary>
    private IEnumerable<(double From, double To)> WithStop(
        (double From, double To) span, long day, double chance, double lengthMin, double lengthMax)
    {
        if (Draw(day, 3) >= chance)
        {
            return [span];
        }

        double length = lengthMin + ((lengthMax - lengthMin) * Draw(day, 4));
        double from = span.From + (0.05 * (span.To - span.From))
            + (Draw(day, 5) * ((0.9 * (span.To - span.From)) - length));
        return [(span.From, from), (from + length + (_stagger / 2), span.To)];
    }

    private double Draw(long day, int what) => SeededNoise.Uniform(_seed, _line, (day * 8) + what);

    private static List<(double From, double To)> Without(List<(double From, double To)> spans, double from, double to)
    {
        var left = new List<(double From, double To)>();
        foreach ((double From, double To) span in spans)
        {
            left.Add((span.From, Math.Min(span.To, from)));
            left.Add((Math.Max(span.From, to), span.To));
        }

        return [.. left.Where(span => span.From < span.To)];
    }

    private static List<(double From, double To)> Merged(List<(double From, double To)> spans)
    {
        var merged = new List<(double From, double To)>();
        foreach ((double From, double To) span in spans.OrderBy(span => span.From))
        {
            if (merged.Count > 0 && span.From <= merged[^1].To)
            {
                merged[^1] = (merged[^1].From, Math.Max(merged[^1].To, span.To));
            }
            else
            {
                merged.Add(span);
            }
        }

        return merged;
    }

    private static double SecondsOf(long time) => (double)time / Timestamp.NanosecondsPerSecond;
}
