using Telemetry.FirmwareSim;
using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>
/// What was wrong with a simulated mine, and what was found of it. An episode is found when something begins on one of
/// its signals while it lasts; what begins on a signal of an asset that nothing is wrong with is false.
/// </summary>
internal sealed class MineTruth
{

    private readonly IReadOnlyList<SignalInstance> _signals;
    private readonly IReadOnlyList<Episode> _episodes;
    private readonly FailureLabel[] _labels; // of the episodes, in their order
    private readonly FailureTruth _truth;
    private readonly Dictionary<FailureLabel, Finding> _told = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<FailureLabel, Finding> _noticed = new(ReferenceEqualityComparer.Instance);
    private readonly List<FalseFinding> _false = [];
    private long _from;

    public MineTruth(IReadOnlyList<SignalInstance> signals, EpisodePlan plan)
    {
        _signals = signals;
        _episodes = plan.Episodes;
        _labels = [.. plan.Episodes.Select(LabelOf)];
        _truth = new FailureTruth(_labels);
    }

    public void CountFrom(long from) => _from = from;

    public void OnFinding(int place, in Finding finding)
    {
        if (finding.Edge == FindingEdge.Began)
        {
            Note(place, finding, _told, isNotice: false);
        }
    }

    public void OnNotice(int place, in Finding notice) => Note(place, notice, _noticed, isNotice: true);

    public MineTrialReport Report(long until)
    {
        EpisodeResult[] results = [.. _episodes.Zip(_labels)
            .Where(pair => pair.First.Start >= _from)
            .Select(pair =>
                new EpisodeResult(pair.First, FirstOf(_told, pair.Second), FirstOf(_noticed, pair.Second)))];
        double days = (until - _from) / (double)Timestamp.NanosecondsPerDay;
        return new MineTrialReport(results, _false, _signals.Count * days);
    }

    private void Note(int place, in Finding finding, Dictionary<FailureLabel, Finding> found, bool isNotice)
    {
        if (finding.Time < _from)
        {
            return;
        }

        SignalInstance signal = _signals[place];
        foreach (FailureLabel label in _truth.BehindOf(signal, finding))
        {
            found.TryAdd(label, finding);
        }

        if (_truth.IsBeside(signal, finding))
        {
            _false.Add(new FalseFinding(signal, finding, isNotice));
        }
    }

    private static FailureLabel LabelOf(Episode episode) => new(
        episode.Mode.Id,
        episode.Mode.Class,
        episode.Target,
        [.. episode.Signals.Select(signal => signal.Id)],
        episode.Start,
        episode.End);

    private static Finding? FirstOf(Dictionary<FailureLabel, Finding> found, FailureLabel label) =>
        found.TryGetValue(label, out Finding finding) ? finding : null;
}
