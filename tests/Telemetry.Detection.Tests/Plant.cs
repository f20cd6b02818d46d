using System.Text;
using Telemetry.Model;

namespace Telemetry.Detection.Tests;

/// <summary>
/// Machines of some signals each behind one gateway, which has signals of its own. Time goes by the minute.
/// </summary>
internal sealed class Plant : IFindingListener
{
    public const string Gateway = "GW-1";
    public const string Machine = "CR-1";
    public const int SignalsPerAsset = 4;
    public const double Normal = 50;
    public const double RangeHigh = 1_000;

    private const int MinuteSeconds = 60;

    private static readonly string[] Assets = [Machine, "CR-2", "CR-3", Gateway];

    private readonly PointBatch _batch = new();
    private readonly AlarmRule _rule;
    private readonly string _gateway;
    private readonly string _unit;
    private readonly Dictionary<string, Field> _fields = [];
    private Dictionary<string, SeriesVerdicts> _verdicts = [];
    private SeriesCatalogue _catalogue = new();
    private DetectorSet _detectors;
    private long _offset;
    private int _minute;

    public Plant(AlarmRule rule, string gateway = Gateway, string unit = "kPa")
    {
        (_rule, _gateway, _unit) = (rule, gateway, unit);
        _detectors = new DetectorSet(_catalogue);
        BindAll();
    }

    public static string[] Names =>
        [.. Assets.SelectMany(asset => Enumerable.Range(0, SignalsPerAsset).Select(i => $"{asset}.s{i}"))];

    public List<(string Signal, Finding Finding, bool IsNotice)> Told { get; } = [];

    /// <summary>What verdicts held back, with the number of the verdict.</summary>
    public List<(string Signal, Finding Finding, long Verdict)> Held { get; } = [];

    /// <summary>What was found last, as large as it has become.</summary>
    public AnomalyFacts? Largest { get; private set; }

    /// <summary>Lane time of the next minute.</summary>
    public long Now => Time(0);

    /// <summary>Class of the last that began on a signal.</summary>
    public FindingClass ClassOf(string signal, ConditionKind kind) => Told.Last(told =>
        told.Signal == signal && told.Finding.Condition.Kind == kind && told.Finding.Edge == FindingEdge.Began)
        .Finding.Class;

    /// <summary>What a signal of small noise reads.</summary>
    public static double Usual(string signal, int minute) =>
        Normal + ((new Random(HashCode(signal) + minute).NextDouble() - 0.5) * 2);

    /// <summary>Minutes in which each signal is read once; what a signal reads is NaN for nothing at all.</summary>
    public Plant Play(int minutes, Func<string, int, double>? readings = null)
    {
        for (int i = 0; i < minutes; i++, _minute++)
        {
            foreach (string name in Names)
            {
                double value = readings?.Invoke(name, i) ?? Usual(name, _minute);
                Read(name, value == Normal ? Usual(name, _minute) : value);
            }

            for (int second = 0; second < MinuteSeconds; second++)
            {
                _detectors.Tick(Time(second), _offset++, this);
            }
        }

        return this;
    }

    public Plant Restart()
    {
        var saved = new System.Buffers.ArrayBufferWriter<byte>();
        _detectors.Save(saved);
        _catalogue = new SeriesCatalogue();
        _detectors = new DetectorSet(_catalogue);
        Assert.Equal(RestoreOutcome.Restored, _detectors.Restore(saved.WrittenSpan));
        _detectors.Take(_verdicts);
        BindAll();
        return this;
    }

    public void OnFinding(in Finding finding) => Told.Add((NameOf(finding), finding, false));

    public void OnHeld(in Finding finding, long verdict) => Held.Add((NameOf(finding), finding, verdict));

    public void OnGrown(in Finding finding) => Largest = finding.Anomaly;

    /// <summary>Operators said this of a signal.</summary>
    public void Take(string signal, params GivenVerdict[] given) =>
        _detectors.Take(_verdicts = new() { [signal] = new SeriesVerdicts(given) });

    public void OnNotice(in Finding notice) => Told.Add((NameOf(notice), notice, true));

    private string NameOf(in Finding finding) => _catalogue.FieldAt(finding.Condition.FieldId).Signal!.Id;

    private void Read(string name, double value)
    {
        if (double.IsNaN(value))
        {
            return;
        }

        Field field = _fields[name];
        _batch.Reset();
        _batch.AddRecord(_offset++, Time(0), 0);
        _batch.AddPoint(field.Series.Id, Time(0), PointFlags.None);
        _batch.AddSample(field.Id, FieldType.Float, Quality.Good, BitConverter.DoubleToInt64Bits(value));
        _detectors.Observe(_batch, this);
    }

    private long Time(int second) => Scene.Nanoseconds((_minute * MinuteSeconds) + second);

    private void BindAll()
    {
        foreach (string name in Names)
        {
            string assetId = name[..name.IndexOf('.')];
            string key = name[(name.IndexOf('.') + 1)..];
            byte[] series = Encoding.UTF8.GetBytes($"CR,asset={assetId}");
            _catalogue.TryIntern(series, key, FieldType.Float, out Field? field);
            var definition = new SignalDefinition(key, "signal", _unit, 0, RangeHigh, Normal, 1, MinuteSeconds, _rule);
            var type = new EquipmentType("CR", "crusher", [definition]);
            var asset = new Asset(assetId, type, "crushing", new DisplayName(assetId), _gateway, true);
            _catalogue.Bind(field!, new SignalInstance(asset, definition));
            _fields[name] = field!;
        }
    }

    private static int HashCode(string text) =>
        text.Aggregate(7, (hash, letter) => unchecked((hash * 31) + letter)) & 0xFFFFFF;
}
