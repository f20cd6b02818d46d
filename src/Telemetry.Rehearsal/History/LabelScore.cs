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
    private const long AfterEnd = 48 * 3_600 * Timestamp.NanosecondsPerSecond; // a repair is a change as well

    private readonly FailureLabel[] _labels;
    private readonly ILookup<string, FailureLabel> _bySignal;
    private readonly ILookup<string, FailureLabel> _byTarget;
    private readonly ILookup<string, FailureLabel> _byAsset; // its target, and the assets of its signals
    private readonly Dictionary<FailureLabel, Finding> _found = new(ReferenceEqualityComparer.Instance);

    public LabelScore(IReadOnlyList<FailureLabel> labels, RehearsalOptions options)
    {
        _labels = [.. labels.Where(label => label.Start >= options.From && label.Start < options.To)];
        _bySignal = LookUp(_labels, label => label.Signals);
        _byTarget = LookUp(_labels, label => [label.Target]);
        _byAsset = LookUp(labels, label => label.Signals.Select(AssetOf).Append(label.Target));
    }

    /// <summary>Conditions that began on assets that no label says anything about, until two days after it.</summary>
    public int BesideCount { get; private set; }

    public void OnFinding(SignalInstance signal, in Finding finding)
    {
        if (finding.Edge != FindingEdge.Began)
        {
            return;
        }

        bool isOfGateway = finding.Condition.Kind == ConditionKind.LateData; // on no signal of the site
        long time = finding.Time;
        foreach (FailureLabel label in isOfGateway ? _byTarget[signal.Asset.Id] : _bySignal[signal.Id])
        {
            if (time >= label.Start && time < label.End)
            {
                _found.TryAdd(label, finding);
            }
        }

        bool isBeside = !_byAsset[signal.Asset.Id].Any(label => time >= label.Start && time < label.End + AfterEnd);
        BesideCount += isBeside ? 1 : 0;
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

    private static ILookup<string, FailureLabel> LookUp(
        IEnumerable<FailureLabel> labels, Func<FailureLabel, IEnumerable<string>> names) => labels
        .SelectMany(label => names(label).Distinct().Select(name => (Name: name, Label: label)))
        .ToLookup(pair => pair.Name, pair => pair.Label, StringComparer.Ordinal);

    private static string AssetOf(string signal) => signal[..Math.Max(0, signal.LastIndexOf('.'))];
}
