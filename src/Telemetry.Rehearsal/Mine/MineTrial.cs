using System.Globalization;
using System.Text;
using Telemetry.Detection;
using Telemetry.FirmwareSim;
using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>
/// The service's detectors on a simulated mine of which the truth is known: they see what its gateways would send, in
/// the order of its arrival, and the trial compares what they find with what was wrong.
/// </summary>
public sealed class MineTrial : IMineListener, IFindingListener
{
    private readonly MineRun _run;
    private readonly MineTruth _truth;
    private readonly SampleFeed _feed;
    private readonly Field[] _fields; // by place of the signal in the run
    private readonly Dictionary<int, int> _signals = []; // place by field

    /// <param name="site">The mine.</param>
    /// <param name="options">How it is simulated, and what fails.</param>
    public MineTrial(SiteCatalogue site, MineRunOptions options)
    {
        _run = new MineRun(site, options);
        _truth = new MineTruth(_run.Signals, options.Plan);
        var catalogue = new SeriesCatalogue();
        _feed = new SampleFeed(new DetectorSet(catalogue), catalogue, this);
        _fields = [.. _run.Signals.Select(signal =>
            Bind(catalogue, site, signal with { Definition = AtPeriod(signal.Definition, options.PeriodSecondsMin) }))];
        for (int place = 0; place < _fields.Length; place++)
        {
            _signals.Add(_fields[place].Id, place);
        }
    }

    /// <summary>Runs the mine to a time and says how the detectors fared.</summary>
    /// <param name="from">Event time from which findings count; the detectors learn before.</param>
    /// <param name="until">Event time of the end, nanoseconds since 1970.</param>
    public MineTrialReport Run(long from, long until)
    {
        _truth.CountFrom(from);
        _run.PlayUntil(until, this);
        return _truth.Report(until);
    }

    /// <inheritdoc/>
    public void OnSample(in MineSample sample)
    {
        bool isLate = RehearsalOptions.IsLate(sample.TimeTold, sample.Time, RehearsalOptions.LateAfterDefault);
        var arrived = new ArrivedSample(
            sample.Time,
            sample.TimeTold,
            _fields[sample.Signal].Id,
            FieldType.Float,
            Quality.Good,
            BitConverter.DoubleToInt64Bits(sample.Value));
        _feed.Observe(arrived, isLate ? PointFlags.Late : PointFlags.None);
    }

    /// <inheritdoc/>
    public void OnFinding(in Finding finding)
    {
        if (_signals.TryGetValue(finding.Condition.FieldId, out int place))
        {
            _truth.OnFinding(place, finding);
        }
    }

    /// <inheritdoc/>
    public void OnNotice(in Finding notice)
    {
        if (_signals.TryGetValue(notice.Condition.FieldId, out int place))
        {
            _truth.OnNotice(place, notice);
        }
    }

    /// <summary>A signal that is read less often may also be silent and unchanged for longer.</summary>
    private static SignalDefinition AtPeriod(SignalDefinition signal, double periodMin)
    {
        double factor = signal.PeriodSeconds > 0 ? Math.Max(1, periodMin / signal.PeriodSeconds) : 1;
        return signal with
        {
            PeriodSeconds = signal.PeriodSeconds * factor,
            Alarm = signal.Alarm with
            {
                SilenceSeconds = signal.Alarm.SilenceSeconds * factor,
                FlatlineSeconds = signal.Alarm.FlatlineSeconds * factor,
            },
        };
    }

    private static Field Bind(SeriesCatalogue catalogue, SiteCatalogue site, SignalInstance signal)
    {
        Asset asset = signal.Asset;
        string key = string.Create(
            CultureInfo.InvariantCulture,
            $"{asset.Type.Key},area={asset.Area},asset={asset.Id},site={site.Site}");
        catalogue.TryIntern(Encoding.UTF8.GetBytes(key), signal.Definition.Key, FieldType.Float, out Field? field);
        catalogue.Bind(field!, signal);
        return field!;
    }
}
