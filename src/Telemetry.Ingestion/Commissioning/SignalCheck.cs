using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>Judges what a gateway sends against the signals of the site.</summary>
internal static class SignalCheck
{
    private const double OutsideShareMax = 0.1; // a single stray is no wrong unit
    private const double BadShareMax = 0.5;
    private const double NotGoodShareMax = 0.1;
    private const double SlowerRed = 3;
    private const double SlowerYellow = 1.5;
    private const double FasterYellow = 3;
    private const double SilentPeriods = 3;
    private const double GapPeriods = 5;
    private const double SecondsMin = 30; // what gateways send in one go may come half a minute late
    private const int RateSamplesMin = 3;
    private const double NanosecondsPerSecond = Timestamp.NanosecondsPerSecond;

    public static IEnumerable<CheckFinding> Names(CommissioningFacts facts)
    {
        const CheckKind kind = CheckKind.Names;
        var found = new List<CheckFinding>();
        foreach (UnboundFacts name in facts.Unbound.Where(name => name.Suggestion is not null))
        {
            found.Add(new CheckFinding(kind, CheckState.Red, "name-misspelt", name.Name, name.Suggestion!));
        }

        found.AddRange(facts.Unbound
            .Where(name => name.Suggestion is null)
            .Select(name => new CheckFinding(kind, CheckState.Yellow, "name-unbound", name.Name)));
        found.AddRange(facts.Signals
            .Where(signal => IsExpected(signal) && !signal.IsKnown)
            .Select(signal => new CheckFinding(kind, CheckState.Red, "signal-never", signal.Signal.Id)));
        if (found.Count > 0)
        {
            return CommissioningCheck.Shown(found);
        }

        int known = facts.Signals.Count(signal => signal.IsKnown);
        return known > 0
            ? [new CheckFinding(kind, CheckState.Green, "names-good", Text(known))]
            : [new CheckFinding(kind, CheckState.Unknown, "no-signal")];
    }

    public static IEnumerable<CheckFinding> Units(CommissioningFacts facts)
    {
        const CheckKind kind = CheckKind.Units;
        var found = new List<CheckFinding>();
        foreach (QuarantineFacts group in facts.Quarantined.Where(group => group.Code == "UnitDiffers"))
        {
            found.Add(new CheckFinding(
                kind, CheckState.Red, "unit-differs", Text(group.Count), group.Newest?.Reason ?? group.Code));
        }

        SignalFacts[] seen = [.. facts.Signals.Where(signal => signal.Seen.Count > 0)];
        found.AddRange(seen.Where(signal => signal.Seen.Outside > 0).Select(RangeOf));
        found.AddRange(seen.Where(IsOfBadQuality).Select(QualityOf));
        if (found.Count > 0)
        {
            return CommissioningCheck.Shown(found);
        }

        return seen.Length > 0
            ? [new CheckFinding(kind, CheckState.Green, "units-good", Text(seen.Length))]
            : [new CheckFinding(kind, CheckState.Unknown, "no-signal")];
    }

    public static IEnumerable<CheckFinding> Gaps(CommissioningFacts facts)
    {
        const CheckKind kind = CheckKind.Gaps;
        var found = new List<CheckFinding>();
        SignalFacts[] known = [.. facts.Signals.Where(signal => signal.IsKnown && IsExpected(signal))];
        foreach (SignalFacts signal in known)
        {
            SeenSamples seen = signal.Seen;
            double period = signal.Signal.Definition.PeriodSeconds;
            double silent = (facts.Now - seen.Last) / NanosecondsPerSecond;
            double gap = seen.LongestGap / NanosecondsPerSecond;
            if (seen.Count == 0)
            {
                string span = CommissioningCheck.SpanOf(seen.Span / NanosecondsPerSecond);
                found.Add(new CheckFinding(
                    kind, CheckState.Red, "silent-span", signal.Signal.Id, span, Seconds(period)));
            }
            else if (silent > Math.Max(SecondsMin, SilentPeriods * period))
            {
                string last = CommissioningCheck.TimeOf(seen.Last);
                found.Add(new CheckFinding(
                    kind,
                    CheckState.Red,
                    "silent-since",
                    signal.Signal.Id,
                    last,
                    CommissioningCheck.SpanOf(silent),
                    Seconds(period)));
            }
            else if (gap > Math.Max(SecondsMin, GapPeriods * period) && !IsSlow(signal))
            {
                string start = CommissioningCheck.TimeOf(seen.GapStart);
                found.Add(new CheckFinding(
                    kind,
                    CheckState.Yellow,
                    "gap",
                    signal.Signal.Id,
                    CommissioningCheck.SpanOf(gap),
                    start,
                    Seconds(period)));
            }
        }

        IEnumerable<CheckFinding> shown =
            found.Count > 0 ? CommissioningCheck.Shown(found) : Good(kind, known, "gaps-good");
        return facts.SignalsSkipped > 0
            ? shown.Append(new CheckFinding(kind, CheckState.Unknown, "skipped", Text(facts.SignalsSkipped)))
            : shown;
    }

    public static IEnumerable<CheckFinding> Rates(CommissioningFacts facts)
    {
        const CheckKind kind = CheckKind.Rate;
        SignalFacts[] measured =
        [
            .. facts.Signals.Where(signal => IsExpected(signal) && signal.Seen.Count >= RateSamplesMin),
        ];
        var found = new List<CheckFinding>();
        foreach (SignalFacts signal in measured)
        {
            double period = signal.Signal.Definition.PeriodSeconds;
            double ratio = PeriodOf(signal.Seen) / period;
            (CheckState State, string Key)? verdict = ratio switch
            {
                >= SlowerRed => (CheckState.Red, "rate-slow"),
                >= SlowerYellow => (CheckState.Yellow, "rate-slow"),
                <= 1 / FasterYellow => (CheckState.Yellow, "rate-fast"),
                _ => null,
            };
            if (verdict is { } slow)
            {
                found.Add(new CheckFinding(
                    kind,
                    slow.State,
                    slow.Key,
                    signal.Signal.Id,
                    CommissioningCheck.SpanOf(PeriodOf(signal.Seen)),
                    Seconds(period),
                    Text(signal.Seen.Count)));
            }
        }

        return found.Count > 0 ? CommissioningCheck.Shown(found) : Good(kind, measured, "rates-good");
    }

    private static CheckFinding[] Good(CheckKind kind, SignalFacts[] signals, string key) => signals.Length > 0
        ? [new CheckFinding(kind, CheckState.Green, key, Text(signals.Length))]
        : [new CheckFinding(kind, CheckState.Unknown, "no-signal")];

    /// <summary>Events and batches have no period and are not waited for.</summary>
    private static bool IsExpected(SignalFacts signal) => signal.Signal.Definition.PeriodSeconds > 0;

    private static bool IsSlow(SignalFacts signal) => signal.Seen.Count >= RateSamplesMin
        && PeriodOf(signal.Seen) >= SlowerYellow * signal.Signal.Definition.PeriodSeconds;

    /// <summary>Seconds between samples, the longest gap apart: a pause is no slow rate.</summary>
    private static double PeriodOf(in SeenSamples seen) =>
        (seen.Last - seen.First - seen.LongestGap) / NanosecondsPerSecond / Math.Max(1, seen.Count - 2);

    private static CheckFinding RangeOf(SignalFacts signal)
    {
        SignalDefinition definition = signal.Signal.Definition;
        SeenSamples seen = signal.Seen;
        bool isMuch = seen.Outside > OutsideShareMax * seen.Count;
        string value = CommissioningCheck.NumberOf(seen.LastOutside);
        string low = CommissioningCheck.NumberOf(definition.RangeLow);
        string high = CommissioningCheck.NumberOf(definition.RangeHigh);
        ValueSuspicion? suspicion = isMuch ? ValueSuspicion.Of(definition, seen.LastOutside) : null;
        return new CheckFinding(
            CheckKind.Units,
            isMuch ? CheckState.Red : CheckState.Yellow,
            suspicion?.Key ?? "range-outside",
            signal.Signal.Id,
            value,
            definition.Unit,
            low,
            high,
            suspicion is null ? ShareOf(seen.Outside, seen.Count) : CommissioningCheck.NumberOf(suspicion.Factor),
            CommissioningCheck.NumberOf(Math.Round(suspicion?.Meant ?? 0, 2)));
    }

    private static bool IsOfBadQuality(SignalFacts signal) =>
        signal.Seen.NotGood > NotGoodShareMax * signal.Seen.Count;

    private static CheckFinding QualityOf(SignalFacts signal) => new(
        CheckKind.Units,
        signal.Seen.NotGood > BadShareMax * signal.Seen.Count ? CheckState.Red : CheckState.Yellow,
        "quality",
        signal.Signal.Id,
        ShareOf(signal.Seen.NotGood, signal.Seen.Count));

    private static string ShareOf(long part, long whole) =>
        CommissioningCheck.NumberOf(Math.Round(100.0 * part / whole, 1));

    private static string Seconds(double seconds) => CommissioningCheck.SpanOf(seconds);

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
}
