using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Site.Reading;

/// <summary>Reads limits and the other settings of an alarm rule over what they have been so far.</summary>
internal static class AlarmRuleReader
{
    public static readonly string[] LimitKeys = ["ll", "l", "h", "hh"];

    public static readonly string[] SettingKeys =
        ["deadband", "on_delay", "off_delay", "rate_per_minute", "flatline", "silence", "anomalies"];

    private const string NoLimit = "none";

    /// <summary>The limits of a section over those of the equipment type; <c>none</c> takes one away.</summary>
    public static LimitSet ReadLimits(Section section, LimitSet given, double low, double high, FaultList faults)
    {
        var limits = new LimitSet(
            Limit(section, "ll", given.LowLow, low, high, faults),
            Limit(section, "l", given.Low, low, high, faults),
            Limit(section, "h", given.High, low, high, faults),
            Limit(section, "hh", given.HighHigh, low, high, faults));
        CheckAscending(section, limits, faults);
        return limits;
    }

    /// <summary>The settings of a section over those of <paramref name="given"/>.</summary>
    public static AlarmRule ReadSettings(Section section, AlarmRule given) => given with
    {
        Deadband = section.Number("deadband", given.Deadband, min: 0),
        OnDelaySeconds = section.Number("on_delay", given.OnDelaySeconds, 0, SiteLimits.SecondsMax),
        OffDelaySeconds = section.Number("off_delay", given.OffDelaySeconds, 0, SiteLimits.SecondsMax),
        RatePerMinuteMax = section.Number("rate_per_minute", given.RatePerMinuteMax, min: 0),
        FlatlineSeconds = section.Number("flatline", given.FlatlineSeconds, 0, SiteLimits.SecondsMax),
        SilenceSeconds = section.Number("silence", given.SilenceSeconds, 0, SiteLimits.SecondsMax),
        Anomalies = section.Flag("anomalies", given.Anomalies),
    };

    private static double Limit(
        Section section, string key, double given, double low, double high, FaultList faults)
    {
        Node? value = section.Find(key);
        if (value is null || value.Text == NoLimit)
        {
            return value is null ? given : double.NaN;
        }

        double limit = Section.NumberOf(value, section.PathOf(key), faults, double.NaN);
        if (limit < low || limit > high)
        {
            string range = FormattableString.Invariant($"the range is {low} to {high}");
            section.Report(key, $"cannot use limit {value.Text}: {range}; write a limit inside it or widen the range");
        }

        return limit;
    }

    private static void CheckAscending(Section section, LimitSet limits, FaultList faults)
    {
        double[] values = [limits.LowLow, limits.Low, limits.High, limits.HighHigh];
        int below = -1;
        for (int i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i]))
            {
                continue;
            }

            if (below >= 0 && values[i] <= values[below])
            {
                string higher = values[i].ToString(CultureInfo.InvariantCulture);
                string lower = values[below].ToString(CultureInfo.InvariantCulture);
                faults.Add(
                    section.Find(LimitKeys[i]) ?? section.Find(LimitKeys[below]) ?? section.Node,
                    section.Path,
                    $"cannot use limits: {LimitKeys[i]} is {higher} and {LimitKeys[below]} is {lower}; "
                    + "write them ascending, ll < l < h < hh");
            }

            below = i;
        }
    }
}
