using System.Buffers;
using System.Text;
using Telemetry.Detection.Assets;
using Telemetry.Model;

namespace Telemetry.Detection.Tests.Assets;

/// <summary>A pump of three signals that follow one load; samples go in one by one, notices come out.</summary>
internal sealed class RelationScene : IFindingListener
{
    public const int RowsLearnt = 1_000;
    public const string Asset = "PU-1";
    public static readonly string[] Keys = ["current", "flow", "power"];

    public static readonly RelationRule Rule = new(Keys, PeriodSeconds: 1, RowsLearnt);

    private const int LoadPeriod = 200; // rows
    private static readonly double[] Bases = [90, 40, 500];
    private static readonly double[] Gains = [10, 5, 60];

    private readonly PointBatch _batch = new();
    private readonly RelationRule? _rule;
    private SeriesCatalogue _catalogue = new();
    private DetectorSet _detectors;
    private long _offset;

    public RelationScene(RelationRule? rule)
    {
        _rule = rule;
        _detectors = new DetectorSet(_catalogue);
        Bind(_rule);
    }

    public List<Finding> Notices { get; } = [];

    /// <summary>Findings that would be alarms.</summary>
    public int AlarmCount { get; private set; }

    public RelationRows Rows => _detectors.RelationRows;

    public SignalInstance? SignalOf(in Finding finding) => _catalogue.FieldAt(finding.Condition.FieldId).Signal;

    public void OnFinding(in Finding finding) => AlarmCount++;

    public void OnNotice(in Finding notice) => Notices.Add(notice);

    /// <summary>The load in health: it goes up and down.</summary>
    public static double LoadAt(int row) => Math.Sin(2 * Math.PI * row / LoadPeriod);

    /// <summary>What a signal reads at a load.</summary>
    public static double Reading(int signal, int row, double load) =>
        Bases[signal] + (Gains[signal] * (load + (0.1 * (new Random((row * 3) + signal).NextDouble() - 0.5))));

    /// <summary>A sample of each signal in each of so many rows, all signals at a load of their own.</summary>
    public RelationScene Play(int from, int count, Func<int, int, double>? loadOf = null)
    {
        for (int row = from; row < from + count; row++)
        {
            for (int signal = 0; signal < Keys.Length; signal++)
            {
                double load = loadOf?.Invoke(signal, row) ?? LoadAt(row);
                At(signal, row + (0.2 * signal), Reading(signal, row, load));
            }
        }

        return this;
    }

    /// <summary>One record with one sample.</summary>
    public RelationScene At(
        int signal,
        double second,
        double value,
        PointFlags flags = PointFlags.None,
        byte quality = Quality.Good,
        double? arrival = null)
    {
        Field field = _catalogue.FieldAt(signal);
        _batch.Reset();
        _batch.AddRecord(_offset++, Scene.Nanoseconds(arrival ?? second), 0);
        _batch.AddPoint(field.Series.Id, Scene.Nanoseconds(second), flags);
        _batch.AddSample(field.Id, FieldType.Float, quality, BitConverter.DoubleToInt64Bits(value));
        _detectors.Observe(_batch, this);
        return this;
    }

    public byte[] Save()
    {
        var saved = new ArrayBufferWriter<byte>();
        _detectors.Save(saved);
        return saved.WrittenSpan.ToArray();
    }

    /// <summary>What a restart does: a new catalogue, the state back, the signals bound again.</summary>
    public RestoreOutcome Restart(byte[]? saved = null)
    {
        saved ??= Save();
        _catalogue = new SeriesCatalogue();
        _detectors = new DetectorSet(_catalogue);
        RestoreOutcome outcome = _detectors.Restore(saved);
        Bind(_rule);
        return outcome;
    }

    /// <summary>Reads a state over what there is; the signals stay bound.</summary>
    public RestoreOutcome Restore(byte[] saved) => _detectors.Restore(saved);

    /// <summary>A site with another rule comes into force.</summary>
    public void Change(RelationRule? rule)
    {
        Bind(rule);
        _detectors.Rebind(_offset, this);
    }

    private void Bind(RelationRule? rule)
    {
        var nothing = new AlarmRule(LimitSet.None, 0, 0, 0, double.NaN, 0, 0);
        SignalDefinition[] signals =
            [.. Keys.Select(key => new SignalDefinition(key, key, "kPa", 0, 1_000, 50, 1, 1, nothing))];
        var type = new EquipmentType("PU", "pump", signals);
        var asset = new Asset(Asset, type, "mill", new DisplayName("pump"), "", true) { Relations = rule };
        foreach (SignalDefinition signal in signals)
        {
            byte[] series = Encoding.UTF8.GetBytes($"PU,asset={Asset}");
            _catalogue.TryIntern(series, signal.Key, FieldType.Float, out Field? field);
            _catalogue.Bind(field!, new SignalInstance(asset, signal));
        }
    }
}
