using Telemetry.FirmwareSim;
using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>
/// What was wrong, signal by signal, and what was found of it. An episode is found when something begins on one of its
/// signals while it lasts; what begins on a signal of an asset that nothing is wrong with is false.
/// </summary>
internal sealed class MineTruth
{
    private const long Hour = 3_600 * Timestamp.NanosecondsPerSecond;
    private const long AfterEnd = 48 * Hour; // a repair is a change as well: what follows it soon is not false

    private readonly IReadOnlyList<SignalInstance> _signals;
    private readonly List<Episode>[] _episodes; // by place of the signal
    private readonly List<Episode>[] _ofAsset; // likewise, of any signal of its asset
    private readonly Dictionary<Episode, Finding> _told = [];
    private readonly Dictionary<Episode, Finding> _noticed = [];
    private readonly List<FalseFinding> _false = [];
    private readonly IReadOnlyList<Episode> _all;
    private long _from;

    public MineTruth(IReadOnlyList<SignalInstance> signals, EpisodePlan plan)
    {
        _signals = signals;
        _all = plan.Episodes;
        _episodes = [.. signals.Select(signal =>
            plan.Episodes.Where(episode => episode.Signals.Any(one => one.Id == signal.Id)).ToList())];
        _ofAsset = [.. signals.Select(signal => plan.Episodes.Where(episode =>
            episode.Signals.Any(one => one.Asset.Id == signal.Asset.Id)).ToList())];
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
        EpisodeResult[] results = [.. _all.Where(episode => episode.Start >= _from).Select(episode =>
            new EpisodeResult(episode, FirstOf(_told, episode), FirstOf(_noticed, episode)))];
        return new MineTrialReport(results, _false, _signals.Count * ((until - _from) / (24.0 * Hour)));
    }

    private void Note(int place, in Finding finding, Dictionary<Episode, Finding> found, bool isNotice)
    {
        if (finding.Time < _from)
        {
            return;
        }

        long time = finding.Time;
        foreach (Episode episode in _episodes[place].Where(one => time >= one.Start && time < one.End))
        {
            found.TryAdd(episode, finding);
        }

        if (!_ofAsset[place].Exists(one => time >= one.Start && time < one.End + AfterEnd))
        {
            _false.Add(new FalseFinding(_signals[place], finding, isNotice));
        }
    }

    private static Finding? FirstOf(Dictionary<Episode, Finding> found, Episode episode) =>
        found.TryGetValue(episode, out Finding finding) ? finding : null;
}
