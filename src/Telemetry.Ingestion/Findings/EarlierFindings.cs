using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// What an anomaly is like of what was found before: of its own signal and kind first, then of its signal, then of its
/// asset with the same class.
/// </summary>
internal static class EarlierFindings
{
    private const int NamedMax = 3;
    private const long ApartMin = 3_600 * Timestamp.NanosecondsPerSecond; // what is nearer is the same episode
    private const double NanosecondsPerMinute = 60.0 * Timestamp.NanosecondsPerSecond;
    private const double MinutesPerHour = 60;
    private const int Unlike = 3;

    /// <summary>Up to three of them, the most alike first and of those the newest.</summary>
    /// <param name="ofAsset">Findings of the asset, newest first.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="finding">What was found now.</param>
    public static IReadOnlyList<KeptFinding> Of(
        IReadOnlyList<KeptFinding> ofAsset, string signal, in Finding finding)
    {
        long before = finding.Time - ApartMin;
        AnomalyFacts facts = finding.Anomaly!;
        FindingClass origin = finding.Class;
        var chosen = new List<KeptFinding>(NamedMax);
        foreach (KeptFinding one in ofAsset
            .Where(one => one.Finding.Time < before && Rank(one) < Unlike)
            .OrderBy(Rank)
            .ThenBy(one => one.Level == FindingLevel.Notice) // an episode says how long it was
            .ThenByDescending(one => one.Finding.Time))
        {
            if (chosen.Count < NamedMax && chosen.TrueForAll(other => IsApart(one, other)))
            {
                chosen.Add(one);
            }
        }

        return chosen;

        int Rank(KeptFinding one) =>
            one.Signal == signal ? one.Facts.Channel == facts.Channel && one.Facts.IsUp == facts.IsUp ? 0 : 1
            : one.Finding.Class == origin ? 2
            : Unlike;
    }

    /// <summary>The same for a person; empty for none.</summary>
    /// <param name="earlier">The findings.</param>
    /// <param name="signal">The signal that needs no name.</param>
    /// <param name="verdicts">What was said of findings.</param>
    public static string TextOf(
        IReadOnlyList<KeptFinding> earlier, string signal, IReadOnlyList<KeptVerdict> verdicts)
    {
        return earlier.Count == 0 ? "" : $"seen before: {string.Join("; ", earlier.Select(Text))}";

        string Text(KeptFinding one)
        {
            string time = Timestamp.ToDateTimeOffset(one.Finding.Time)
                .ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
            string where = one.Signal == signal ? "" : $" on {one.Signal}";
            string span = one.EndedAt > 0 ? $" for {Span(one.EndedAt - one.Finding.Time)}" : "";
            KeptVerdict? verdict = verdicts.FirstOrDefault(
                given => given.FindingTime == one.Finding.Time && given.Signal == one.Signal && given.RevokedAt == 0);
            string said = verdict is null ? "" : $" ({OperatorVerdictText.Of(verdict.Verdict)})";
            return time + where + span + said;
        }
    }

    private static bool IsApart(KeptFinding one, KeptFinding other) =>
        one.Signal != other.Signal || Math.Abs(one.Finding.Time - other.Finding.Time) >= ApartMin;

    private static string Span(long nanoseconds)
    {
        double minutes = nanoseconds / NanosecondsPerMinute;
        return minutes < 2 * MinutesPerHour
            ? string.Create(CultureInfo.InvariantCulture, $"{minutes:0} min")
            : string.Create(CultureInfo.InvariantCulture, $"{minutes / MinutesPerHour:0.#} h");
    }
}
