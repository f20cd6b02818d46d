using Telemetry.Detection;
using Telemetry.Model;
using Telemetry.Store;

namespace Telemetry.Rehearsal;

/// <summary>
/// The service's detectors, with a site's rules, on samples that are stored already, in the order of their arrival or
/// settled; and its alarms, which nobody acknowledges. It says what people would have been told.
/// </summary>
public sealed class HistoryRehearsal : IFindingListener
{
    /// <summary>
    /// Nothing at all came for longer than this: the service is taken for stopped, and nobody listened. The store does
    /// not tell that from a mine that was silent as a whole.
    /// </summary>
    public static readonly TimeSpan OutageMin = TimeSpan.FromMinutes(10);

    private const long Second = Timestamp.NanosecondsPerSecond;
    private static readonly long OutageNanoseconds = OutageMin.Ticks * 100;

    private readonly SeriesCatalogue _catalogue;
    private readonly RehearsalOptions _options;
    private readonly ArrivalOrder _order;
    private readonly DetectorSet _detectors;
    private readonly AlarmTally _tally;
    private readonly ConditionSpans _spans = new();
    private readonly LabelScore? _score;
    private readonly FindingRows? _rows;
    private readonly SampleFeed _feed;
    private readonly int _signalCount;
    private long _first; // arrival of the first sample; 0 before it
    private long _now;
    private long _sampleCount;
    private int _outageCount;
    private long _outage;

    /// <param name="source">The samples. Its fields are bound to the site's signals.</param>
    /// <param name="site">The site with the rules to be rehearsed.</param>
    /// <param name="options">Which span.</param>
    /// <param name="labels">What is known to have been wrong; null when nothing is known.</param>
    /// <param name="target">Is given every finding as a row of comma-separated values; null for none.</param>
    /// <exception cref="RehearsalException">There is nothing to rehearse.</exception>
    public HistoryRehearsal(
        ISampleSource source,
        SiteCatalogue site,
        RehearsalOptions options,
        IReadOnlyList<FailureLabel>? labels = null,
        TextWriter? target = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Require();
        _catalogue = source.Catalogue;
        List<Field> fields = Bind(_catalogue, site);
        _signalCount = fields.Count;
        _order = new ArrivalOrder(source, fields, options);
        _detectors = new DetectorSet(_catalogue);
        _feed = new SampleFeed(_detectors, _catalogue, this);
        _tally = new AlarmTally(_catalogue, options.Zone);
        _score = labels is null ? null : new LabelScore(labels, options);
        _rows = target is null ? null : new FindingRows(target);
    }

    /// <summary>Runs through the span once.</summary>
    /// <exception cref="RehearsalException">Nothing arrived in it.</exception>
    public RehearsalReport Run()
    {
        foreach (ArrivedSample sample in _order.Read())
        {
            PassTo(sample.Arrival);
            Observe(sample);
        }

        if (_sampleCount == 0)
        {
            throw new RehearsalException(
                $"cannot rehearse {Timestamp.ToDateTimeOffset(_options.From):u} to "
                + $"{Timestamp.ToDateTimeOffset(_options.To):u}: of {_signalCount} signals no sample arrived in it; "
                + "there is nothing to report");
        }

        long last = _now;
        if (_options.To - last <= OutageNanoseconds)
        {
            PassTo(_options.To); // else the store ends before the span, and nobody may have listened
        }

        _tally.End(_now);
        return new RehearsalReport
        {
            SignalCount = _signalCount,
            SampleCount = _sampleCount,
            LateCount = _detectors.LateCount,
            LeftOutCount = _order.LeftOutCount,
            AheadCount = _order.AheadCount,
            UnsettledCount = _order.UnsettledCount,
            Spans = _spans,
            First = _first,
            Last = last,
            OutageCount = _outageCount,
            OutageTime = TimeSpan.FromTicks(_outage / 100),
            Alarms = _tally,
            Modes = _score?.Modes() ?? [],
            BesideLabels = _score?.BesideCount ?? 0,
        };
    }

    /// <inheritdoc/>
    public void OnFinding(in Finding finding)
    {
        if (_catalogue.FieldAt(finding.Condition.FieldId).Signal is { } signal)
        {
            _rows?.Write(signal, finding, isNotice: false);
            _tally.OnFinding(signal, finding, _now);
            _spans.OnFinding(signal, finding);
            _score?.OnFinding(signal, finding);
        }
    }

    /// <inheritdoc/>
    public void OnNotice(in Finding notice)
    {
        if (_catalogue.FieldAt(notice.Condition.FieldId).Signal is { } signal)
        {
            _rows?.Write(signal, notice, isNotice: true);
            _tally.NoticeCount++;
        }
    }

    private static List<Field> Bind(SeriesCatalogue catalogue, SiteCatalogue site)
    {
        var fields = new List<Field>();
        for (int id = 0; id < catalogue.FieldCount; id++)
        {
            Field field = catalogue.FieldAt(id);
            SignalInstance? signal = site.SignalOf(field);
            catalogue.Bind(field, signal);
            if (signal is not null)
            {
                fields.Add(field);
            }
        }

        return fields.Count > 0 ? fields : throw new RehearsalException(
            $"cannot rehearse: none of the store's {catalogue.FieldCount} fields is one of the {site.Signals.Count} "
            + $"signals of site '{site.Site}'; nothing was run, give the site's file");
    }

    /// <summary>Lets the seconds pass until a time, as the service's ticks do; at once when it was not there.</summary>
    private void PassTo(long time)
    {
        if (_now == 0)
        {
            _first = _now = time;
            return;
        }

        long gap = time - _now;
        if (gap > OutageNanoseconds)
        {
            _outageCount++;
            _outage += gap;
            _now = time;
            return;
        }

        for (long tick = _now + Second; tick < time; tick += Second)
        {
            _now = tick;
            _feed.Tick(tick);
        }

        _now = Math.Max(_now, time);
    }

    private void Observe(in ArrivedSample sample)
    {
        PointFlags flags = _options.IsLate(sample.Time, sample.Arrival) ? PointFlags.Late : PointFlags.None;
        flags |= sample.Quality == Quality.LastKnown ? PointFlags.Stale : PointFlags.None;
        _feed.Observe(sample, flags);
        _sampleCount++;
    }
}
