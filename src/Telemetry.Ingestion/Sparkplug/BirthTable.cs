using Telemetry.Buffers;
using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Ingestion;

/// <summary>One metric of a birth certificate, and its last value.</summary>
internal struct BornMetric
{
    public byte[] Name;
    public ulong Alias;
    public bool HasAlias;
    public SparkplugType Type;
    public bool HasValue;
    public FieldType ValueType;
    public long Bits;
    public long Time;
}

/// <summary>
/// The metrics that a birth certificate of a node or of one of its devices defined, with the last value of each that is
/// a number or a truth value. An alias that stands for two metrics stands for none.
/// </summary>
internal sealed class BirthTable(SparkplugBudget budget) : ISparkplugBirths, ISparkplugMetrics
{
    private const int Ambiguous = -1;
    private readonly Dictionary<ulong, int> _byAlias = [];
    private readonly Dictionary<byte[], int> _byName = new(BytesComparer.Instance);
    private BornMetric[] _metrics = [];

    /// <summary>All metrics, in the order of the birth.</summary>
    public Span<BornMetric> Metrics => _metrics.AsSpan(0, Count);

    public int Count { get; private set; }

    /// <summary>Metrics that found no room; their data stays unknown.</summary>
    public int Forgotten { get; private set; }

    /// <summary>True when no alias of an earlier birth means another metric here.</summary>
    public bool KeepsMeaningsOf(BirthTable earlier)
    {
        foreach ((ulong alias, int index) in earlier._byAlias)
        {
            bool isSame = !_byAlias.TryGetValue(alias, out int here)
                || (here != Ambiguous
                    && index != Ambiguous
                    && _metrics[here].Type == earlier._metrics[index].Type
                    && _metrics[here].Name.AsSpan().SequenceEqual(earlier._metrics[index].Name));
            if (!isSame)
            {
                return false;
            }
        }

        return true;
    }

    public void OnMetric(ReadOnlySpan<byte> name, ulong? alias, SparkplugType type)
    {
        if (name.Length > JsonDecoder.FieldNameBytesMax || !budget.TryTakeMetric(name.Length))
        {
            Forgotten++;
            return;
        }

        Add(new BornMetric
        {
            Name = name.ToArray(),
            HasAlias = alias is not null,
            Alias = alias ?? 0,
            Type = type,
        });
    }

    public bool TryFind(ulong alias, out SparkplugBirth birth)
    {
        bool isKnown = _byAlias.TryGetValue(alias, out int index) && index != Ambiguous;
        birth = isKnown ? new SparkplugBirth(_metrics[index].Name, _metrics[index].Type) : default;
        return isKnown;
    }

    public bool TryFind(ReadOnlySpan<byte> name, out SparkplugBirth birth)
    {
        bool isKnown = TryFindIndex(name, out int index);
        birth = isKnown ? new SparkplugBirth(_metrics[index].Name, _metrics[index].Type) : default;
        return isKnown;
    }

    /// <summary>Keeps a value unless a later one is known.</summary>
    public void Note(ReadOnlySpan<byte> name, FieldType type, long bits, long time)
    {
        if (TryFindIndex(name, out int index) && (!_metrics[index].HasValue || _metrics[index].Time <= time))
        {
            ref BornMetric metric = ref _metrics[index];
            (metric.HasValue, metric.ValueType, metric.Bits, metric.Time) = (true, type, bits, time);
        }
    }

    /// <summary>Gives back what it took.</summary>
    public void Release()
    {
        foreach (ref BornMetric metric in Metrics)
        {
            budget.ReturnMetric(metric.Name.Length);
        }

        Count = 0;
        _byAlias.Clear();
        _byName.Clear();
    }

    public void Save(scoped in StateWriter writer)
    {
        writer.Int32(Count);
        foreach (ref BornMetric metric in Metrics)
        {
            writer.Block(metric.Name);
            writer.Flag(metric.HasAlias);
            writer.Int64((long)metric.Alias);
            writer.Byte((byte)metric.Type);
            writer.Flag(metric.HasValue);
            if (metric.HasValue)
            {
                writer.Byte((byte)metric.ValueType);
                writer.Int64(metric.Bits);
                writer.Int64(metric.Time);
            }
        }

        writer.Int32(Forgotten);
    }

    public void Restore(scoped ref StateReader reader)
    {
        int count = reader.Int32();
        for (int i = 0; i < count && !reader.IsFailed; i++)
        {
            var metric = new BornMetric
            {
                Name = reader.Block().ToArray(),
                HasAlias = reader.Flag(),
                Alias = (ulong)reader.Int64(),
                Type = (SparkplugType)reader.Byte(),
                HasValue = reader.Flag(),
            };
            if (metric.HasValue)
            {
                metric.ValueType = (FieldType)reader.Byte();
                metric.Bits = reader.Int64();
                metric.Time = reader.Int64();
            }

            if (budget.TryTakeMetric(metric.Name.Length))
            {
                Add(metric);
            }
        }

        Forgotten = reader.Int32();
    }

    private bool TryFindIndex(ReadOnlySpan<byte> name, out int index) =>
        _byName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out index);

    private void Add(in BornMetric metric)
    {
        if (Count == _metrics.Length)
        {
            Array.Resize(ref _metrics, Math.Max(16, _metrics.Length * 2));
        }

        _metrics[Count] = metric;
        _byName.TryAdd(metric.Name, Count);
        if (metric.HasAlias && !_byAlias.TryAdd(metric.Alias, Count))
        {
            _byAlias[metric.Alias] = Ambiguous;
        }

        Count++;
    }
}
