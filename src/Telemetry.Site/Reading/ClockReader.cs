using Telemetry.Model;

namespace Telemetry.Site.Reading;

/// <summary>Reads a section <c>clock</c>: of one gateway, or of the site for all that have none.</summary>
internal static class ClockReader
{
    private static readonly string[] Keys = ["policy", "correct", "delay", "zone"];

    private static readonly Dictionary<string, TimeSource> Policies = new(StringComparer.Ordinal)
    {
        ["own"] = TimeSource.Own,
        ["arrival"] = TimeSource.Arrival,
        ["relative"] = TimeSource.Relative,
    };

    /// <summary>The policy; what the section does not say is as in <paramref name="fallback"/>.</summary>
    public static ClockPolicy Read(Section parent, ClockPolicy fallback)
    {
        Section clock = parent.Child("clock", Keys);
        double delay = clock.Number("delay", 0, 0, SiteLimits.SecondsMax);
        return fallback with
        {
            Times = ReadPolicy(clock, fallback.Times),
            Correct = clock.Flag("correct", fallback.Correct),
            DelayNanoseconds = clock.Has("delay")
                ? (long)(delay * Timestamp.NanosecondsPerSecond)
                : fallback.DelayNanoseconds,
            Zone = ReadZone(clock) ?? fallback.Zone,
        };
    }

    private static TimeSource ReadPolicy(Section clock, TimeSource fallback)
    {
        string text = clock.Text("policy");
        if (text.Length == 0 || Policies.TryGetValue(text, out TimeSource policy))
        {
            return text.Length == 0 ? fallback : Policies[text];
        }

        clock.Report("policy", $"cannot use policy \"{text}\": unknown; {Suggestion.For(text, [.. Policies.Keys])}");
        return fallback;
    }

    private static LocalZone? ReadZone(Section clock)
    {
        string text = clock.Text("zone");
        LocalZone? zone = text.Length == 0 ? null : ZoneTable.Find(text);
        if (text.Length > 0 && zone is null)
        {
            clock.Report(
                "zone",
                $"cannot use zone \"{text}\": this machine knows none of that name; write one such as "
                + "Asia/Ulaanbaatar, or hours and minutes from UTC, such as +08:00");
        }

        return zone;
    }
}
