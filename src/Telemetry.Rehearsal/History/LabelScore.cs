using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>How one mode of failure was found.</summary>
/// <param name="Mode">The mode.</param>
/// <param name="Labels">How often it happened in the span.</param>
/// <param name="Found">How often a condition began on one of its signals while it lasted.</param>
/// <param name="MedianDelay">From its start to the first such condition; zero when none was found.</param>
/// <param name="ClassRight">How many first conditions had its class.</param>
public sealed record ModeScore(string Mode, int Labels, int Found, TimeSpan MedianDelay, int ClassRight)
{
    /// <summary>How often nobody was told.</summary>
    public int Missed => Labels - Found;
}

/// <summary>Holds findings against labels, by event time.</summary>
internal sealed class LabelScore
{
    private readonly HashSet<FailureLabel> _labels; // those that begin in the span
    private readonly FailureTruth _truth;
    private readonly Dictionary<FailureLabel, Finding> _found = new(ReferenceEqualityComparer.Instance);

    public LabelScore(IReadOnlyList<FailureLabel> labels, RehearsalOptions options)
    {
        IEnumerable<FailureLabel> begun =
            labels.Where(label => label.Start >= options.From && label.Start < options.To);
        _labels = new(begun, ReferenceEqualityComparer.Instance);
        _truth = new FailureTruth(labels);
    }

    /// <summary>Conditions that began on assets that no label says anything about, until two days after it.</summary>
    public int BesideCount { get; private set; }

    public void OnFinding(SignalInstance signal, in Finding finding)
    {
        if (finding.Edge != FindingEdge.Began)
        {
            return;
        }

        foreach (FailureLabel label in _truth.BehindOf(signal, finding).Where(_labels.Contains))
        {
            _found.TryAdd(label, finding);
        }

        BesideCount += _truth.IsBeside(signal, finding) ? 1 : 0;
    }

    public IReadOnlyList<ModeScore> Modes() =>
        [.. _labels.GroupBy(label => label.Mode).OrderBy(mode => mode.Key, StringComparer.Ordinal).Select(mode =>
        {
            FailureLabel[] found = [.. mode.Where(_found.ContainsKey)];
            long[] delays = [.. found.Select(label => _found[label].Time - label.Start).Order()];
            long median = delays.Length == 0 ? 0 : delays[(delays.Length - 1) / 2];
            int right = found.Count(label => _found[label].Class == label.Class);
            return new ModeScore(mode.Key, mode.Count(), found.Length, TimeSpan.FromTicks(median / 100), right);
        })];
}
