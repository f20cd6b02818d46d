using System.Buffers;
using System.Globalization;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Detection.Tests;

/// <summary>A mine of a few signals: samples go in by second, findings come out as lines of text.</summary>
internal sealed class Scene : IFindingListener
{
    public const long Second = 1_000_000_000;
    public const long Start = 1_700_000_000 * Second;
    public const double RangeLow = -10_000;
    public const double RangeHigh = 10_000;

    public static readonly AlarmRule Nothing = new(LimitSet.None, 0, 0, 0, double.NaN, 0, 0);

    private readonly PointBatch _batch = new();
    private long _offset;

    public Scene(params AlarmRule[] rules)
    {
        Detectors = new DetectorSet(Catalogue);
        for (int i = 0; i < rules.Length; i++)
        {
            Bind(Intern(Catalogue, i), i, rules[i]);
        }
    }

    public SeriesCatalogue Catalogue { get; private set; } = new();

    public DetectorSet Detectors { get; private set; }

    public List<string> Lines { get; } = [];

    public List<Finding> Findings { get; } = [];

    public string Text => string.Join("; ", Lines);

    public void OnFinding(in Finding finding)
    {
        Findings.Add(finding);
        string sign = finding.Edge == FindingEdge.Began ? "+" : "-";
        double at = (double)(finding.Time - Start) / Second;
        string field = finding.Condition.FieldId == 0 ? "" : $"{finding.Condition.FieldId}:";
        Lines.Add(string.Create(CultureInfo.InvariantCulture, $"{field}{sign}{finding.Condition.Kind}@{at}"));
    }

    public Field FieldOf(int index) => Catalogue.FieldAt(index);

    public void Bind(Field field, int signal, AlarmRule rule, string gateway = "")
    {
        var definition = new SignalDefinition($"s{signal}", "signal", "Cel", RangeLow, RangeHigh, 50, 1, 1, rule);
        var type = new EquipmentType("CR", "crusher", [definition]);
        var asset = new Asset("CR-1", type, "crushing", new DisplayName("crusher"), gateway, true);
        Catalogue.Bind(field, new SignalInstance(asset, definition));
    }

    /// <summary>One record with one sample.</summary>
    public Scene At(
        double second,
        double value,
        int field = 0,
        double? arrival = null,
        byte quality = Quality.Good,
        PointFlags flags = PointFlags.None)
    {
        Field target = Catalogue.FieldAt(field);
        Open(arrival ?? second);
        _batch.AddPoint(target.Series.Id, Nanoseconds(second), flags);
        _batch.AddSample(field, FieldType.Float, quality, BitConverter.DoubleToInt64Bits(value));
        Detectors.Observe(_batch, this);
        return this;
    }

    /// <summary>Samples one second apart.</summary>
    public Scene Run(double from, params double[] values)
    {
        foreach (double value in values)
        {
            At(from++, value);
        }

        return this;
    }

    /// <summary>One tick each second of the span, both ends included.</summary>
    public Scene Idle(int from, int to)
    {
        for (int second = from; second <= to; second++)
        {
            Detectors.Tick(Nanoseconds(second), _offset++, this);
        }

        return this;
    }

    /// <summary>A record of any fields, for tests that fill it themselves.</summary>
    public PointBatch Open(double arrival)
    {
        _batch.Reset();
        _batch.AddRecord(_offset++, Nanoseconds(arrival), 0);
        return _batch;
    }

    public byte[] Save()
    {
        var saved = new ArrayBufferWriter<byte>();
        Detectors.Save(saved);
        return saved.WrittenSpan.ToArray();
    }

    /// <summary>What a restart does: a new catalogue, the state back, the signals bound again.</summary>
    public RestoreOutcome Restart(AlarmRule[] rules)
    {
        byte[] saved = Save();
        Catalogue = new SeriesCatalogue();
        Detectors = new DetectorSet(Catalogue);
        RestoreOutcome outcome = Detectors.Restore(saved);
        for (int i = 0; i < rules.Length; i++)
        {
            Bind(Intern(Catalogue, i), i, rules[i]);
        }

        return outcome;
    }

    public static long Nanoseconds(double second) => Start + (long)(second * Second);

    private static Field Intern(SeriesCatalogue catalogue, int index)
    {
        byte[] key = Encoding.UTF8.GetBytes("CR,asset=CR-1");
        string name = string.Create(CultureInfo.InvariantCulture, $"s{index}");
        Assert.Equal(InternOutcome.Interned, catalogue.TryIntern(key, name, FieldType.Float, out Field? field));
        return field!;
    }
}
