using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>Judges a gateway's clock and how late its samples come.</summary>
internal static class ClockCheck
{
    private const double KeptSecondsMax = 2; // an uncorrected clock that is right to this is right
    private const double FutureSeconds = 10; // no sample is measured after it arrives; less is the network's
    private const double LateShareMax = 0.1;

    public static IEnumerable<CheckFinding> Judge(CommissioningFacts facts)
    {
        yield return ClockOf(facts);
        long count = facts.Signals.Sum(signal => signal.Seen.Count);
        long late = facts.Signals.Sum(signal => signal.Seen.Late);
        if (count > 0 && late > LateShareMax * count)
        {
            string share = CommissioningCheck.NumberOf(Math.Round(100.0 * late / count, 1));
            yield return new CheckFinding(CheckKind.Clock, CheckState.Yellow, "late", share);
        }
    }

    private static CheckFinding ClockOf(CommissioningFacts facts)
    {
        const CheckKind kind = CheckKind.Clock;
        ClockView? clock = facts.Counts?.Clock;
        string skew = CommissioningCheck.SpanOf(Math.Abs(clock?.SkewSeconds ?? 0));
        string uncertainty = clock?.UncertaintySeconds is { } bound ? CommissioningCheck.SpanOf(bound) : "?";
        double? perDay = clock?.DriftSecondsPerDay;
        string drift = perDay is null ? "?" : CommissioningCheck.NumberOf(Math.Round(perDay.Value, 1));
        switch (clock?.State)
        {
            case "good":
                return new CheckFinding(kind, CheckState.Green, "clock-good", skew, uncertainty, drift);
            case "reset":
                return new CheckFinding(kind, CheckState.Red, "clock-reset", skew, uncertainty);
            case "jumped":
                return new CheckFinding(kind, CheckState.Yellow, "clock-jumped", skew);
            case "corrected":
                bool isWrong = clock is { IsCorrected: false } && Math.Abs(clock.SkewSeconds ?? 0) > KeptSecondsMax;
                string side = clock.SkewSeconds > 0 ? "ahead" : "behind";
                string key = clock.IsCorrected ? $"clock-{side}" : $"clock-{side}-kept";
                CheckState state = isWrong ? CheckState.Red : CheckState.Yellow;
                return new CheckFinding(kind, state, key, skew, uncertainty, drift);
            default:
                return Unproven(facts);
        }
    }

    /// <summary>Too little was heard for an estimate; a sample from the future is wrong all the same.</summary>
    private static CheckFinding Unproven(CommissioningFacts facts)
    {
        double[] delays =
        [
            .. facts.Signals.Select(signal => (double)signal.Seen.DelayMin / Timestamp.NanosecondsPerSecond),
        ];
        return delays.Length > 0 && delays.Min() < -FutureSeconds
            ? new CheckFinding(
                CheckKind.Clock, CheckState.Red, "clock-future", CommissioningCheck.SpanOf(-delays.Min()))
            : new CheckFinding(CheckKind.Clock, CheckState.Unknown, "clock-unknown");
    }
}
