using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>What was wrong when and where; findings are held against it by event time.</summary>
internal sealed class FailureTruth
{
    private const long AfterEnd = 48 * 3_600 * Timestamp.NanosecondsPerSecond; // a repair is a change as well

    private readonly ILookup<string, FailureLabel> _bySignal;
    private readonly ILookup<string, FailureLabel> _byTarget;
    private readonly ILookup<string, FailureLabel> _byAsset; // its target, and the assets of its signals

    public FailureTruth(IReadOnlyList<FailureLabel> labels)
    {
        _bySignal = LookUp(labels, label => label.Signals);
        _byTarget = LookUp(labels, label => [label.Target]);
        _byAsset = LookUp(labels, label => label.Signals.Select(AssetOf).Append(label.Target));
    }

    /// <summary>The failures that a finding may be of: those that last on its signal, or on its gateway.</summary>
    public IEnumerable<FailureLabel> BehindOf(SignalInstance signal, Finding finding)
    {
        bool isOfGateway = finding.Condition.Kind == ConditionKind.LateData; // on no signal of the site
        return (isOfGateway ? _byTarget[signal.Asset.Id] : _bySignal[signal.Id])
            .Where(label => finding.Time >= label.Start && finding.Time < label.End);
    }

    /// <summary>True when nothing is wrong with the asset, nor was in the two days before.</summary>
    public bool IsBeside(SignalInstance signal, Finding finding) => !_byAsset[signal.Asset.Id]
        .Any(label => finding.Time >= label.Start && finding.Time < label.End + AfterEnd);

    private static ILookup<string, FailureLabel> LookUp(
        IEnumerable<FailureLabel> labels, Func<FailureLabel, IEnumerable<string>> names) => labels
        .SelectMany(label => names(label).Distinct().Select(name => (Name: name, Label: label)))
        .ToLookup(pair => pair.Name, pair => pair.Label, StringComparer.Ordinal);

    private static string AssetOf(string signal) => signal[..Math.Max(0, signal.LastIndexOf('.'))];
}
