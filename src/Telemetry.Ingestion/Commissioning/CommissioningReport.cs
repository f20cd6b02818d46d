using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>The commissioning check of a gateway in words, for screen and paper.</summary>
/// <param name="Gateway">Its key.</param>
/// <param name="Name">Its names from the site file; null when it is not there.</param>
/// <param name="Site">The site's slug.</param>
/// <param name="Language">The language of the words.</param>
/// <param name="TimeMilliseconds">When it was checked, since 1970.</param>
/// <param name="State">green, yellow, red or unknown.</param>
/// <param name="Words">Headings, by their keys.</param>
/// <param name="Checks">What was found, in the order in which a message takes its way.</param>
public sealed record CommissioningReport(
    string Gateway,
    LanguageText? Name,
    string Site,
    string Language,
    long TimeMilliseconds,
    string State,
    IReadOnlyDictionary<string, string> Words,
    IReadOnlyList<CheckRow> Checks)
{
    private static readonly string[] WordKeys =
    [
        "title", "gateway", "check", "result", "seen", "remedy", "checked-at", "checked-by", "signature", "print",
        "language", "site",
    ];

    /// <summary>The report of facts in a language of <see cref="CheckTexts.Languages"/>.</summary>
    public static CommissioningReport Of(CommissioningFacts facts, string site, string language)
    {
        ArgumentNullException.ThrowIfNull(facts);
        IReadOnlyList<CheckFinding> findings = CommissioningCheck.Judge(facts);
        CheckState worst = CommissioningCheck.Worst(findings);
        return new CommissioningReport(
            facts.Gateway,
            facts.Counts?.Name,
            site,
            language,
            facts.Now / Timestamp.NanosecondsPerMillisecond,
            NameOf(worst),
            WordKeys.Append($"state-{NameOf(worst)}").ToDictionary(key => key, key => CheckTexts.Seen(language, key)),
            [.. findings.Select(finding => RowOf(finding, language))]);
    }

    private static CheckRow RowOf(CheckFinding finding, string language)
    {
        string check = finding.Kind.ToString().ToLowerInvariant();
        string state = NameOf(finding.State);
        return new CheckRow(
            check,
            CheckTexts.Seen(language, $"check-{check}"),
            state,
            CheckTexts.Seen(language, $"state-{state}"),
            finding.Key,
            CheckTexts.Seen(language, finding.Key, finding.Values),
            CheckTexts.Remedy(language, finding.Key, finding.Values));
    }

    private static string NameOf(CheckState state) => state.ToString().ToLowerInvariant();
}

/// <summary>One finding in words.</summary>
/// <param name="Check">Which check, by its key.</param>
/// <param name="Title">Which check, in words.</param>
/// <param name="State">green, yellow, red or unknown.</param>
/// <param name="StateText">The same in words.</param>
/// <param name="Finding">The finding's key.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="Remedy">What is to be done; empty when nothing is.</param>
public sealed record CheckRow(
    string Check, string Title, string State, string StateText, string Finding, string Seen, string Remedy);
