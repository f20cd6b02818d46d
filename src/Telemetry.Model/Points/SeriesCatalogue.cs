using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Telemetry.Model;

/// <summary>A series: measurement and tags, interned once for the life of the process.</summary>
public sealed class Series
{
    internal Series(int id, byte[] key)
    {
        Id = id;
        Key = key;
        Tags = SeriesKey.Parse(key, out string measurement);
        Measurement = measurement;
    }

    /// <summary>Dense index, 0 … <see cref="SeriesCatalogue.SeriesCount"/> − 1; not kept over a restart.</summary>
    public int Id { get; }

    /// <summary>The canonical key, see <see cref="SeriesKey"/>; also the line-protocol prefix.</summary>
    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>The measurement without escapes.</summary>
    public string Measurement { get; }

    /// <summary>The tags without escapes, sorted by key.</summary>
    public IReadOnlyList<Tag> Tags { get; }

    /// <summary>The value of a tag; empty when the series has none of that name.</summary>
    public string TagOf(string key)
    {
        foreach (Tag tag in Tags)
        {
            if (tag.Key == key)
            {
                return tag.Value;
            }
        }

        return "";
    }
}

/// <summary>One field of one series: what a sample belongs to, a column of the store, the unit of detection.</summary>
public sealed class Field
{
    internal Field(int id, Series series, string name, FieldType type)
    {
        Id = id;
        Series = series;
        Name = name;
        Type = type;
        KeyBytes = Encoding.UTF8.GetBytes(name);
    }

    /// <summary>Dense index, 0 … <see cref="SeriesCatalogue.FieldCount"/> − 1; not kept over a restart.</summary>
    public int Id { get; }

    /// <summary>The series it belongs to.</summary>
    public Series Series { get; }

    /// <summary>The field key without escapes.</summary>
    public string Name { get; }

    /// <summary>The field key without escapes, as UTF-8.</summary>
    public ReadOnlyMemory<byte> KeyBytes { get; }

    /// <summary>The type every sample of it has.</summary>
    public FieldType Type { get; }

    /// <summary>
    /// The site's signal this field is for detection and alarms, where they stand in the log; null while it is none.
    /// </summary>
    public SignalInstance? Signal { get; internal set; }
}

/// <summary>What became of a request to intern a field.</summary>
public enum InternOutcome : byte
{
    /// <summary>The field is known, now if not before.</summary>
    Interned = 0,

    /// <summary>
    /// The measurement has a field of that name with another type; the first type stays (as in InfluxDB).
    /// </summary>
    TypeConflict = 1,

    /// <summary>The ceiling on fields, or on the bytes of their names, is reached.</summary>
    CatalogueFull = 2,

    /// <summary>Text came where a number was expected.</summary>
    NotANumber = 3,

    /// <summary>A value of a kind that no field can hold: bytes, a table, an array.</summary>
    UnsupportedKind = 4,

    /// <summary>A value came in a unit that does not convert to the field's.</summary>
    UnitDiffers = 5,
}

/// <summary>
/// All series and fields known to the process. Identities are dense integers, so that stores and detectors keep
/// their state in arrays. Entries are added, never removed. Reading is lock-free; adding takes one lock.
/// </summary>
public sealed class SeriesCatalogue
{
    private readonly Lock _adding = new();
    private readonly Dictionary<byte[], Series> _seriesByKey = new(ByteContentComparer.Instance);
    private readonly Dictionary<(int Series, string Field), Field> _fieldsByName = [];
    private readonly Dictionary<(string Measurement, string Field), FieldType> _types = [];
    private readonly Dictionary<string, (int Fields, long Bytes)> _useOf = new(StringComparer.Ordinal);
    private readonly int _fieldCountMax;
    private readonly long _nameBytesMax;
    private long _nameBytes;
    private long _refusedCount;
    private volatile Series[] _series = new Series[64];
    private volatile Field[] _fields = new Field[256];
    private volatile int _seriesCount;
    private volatile int _fieldCount;

    /// <param name="fieldCountMax">Ceiling on fields (law L6); a series has at least one.</param>
    /// <param name="nameBytesMax">Ceiling on the bytes of series keys and field keys.</param>
    public SeriesCatalogue(
        int fieldCountMax = Limits.FieldCountMaxDefault, long nameBytesMax = Limits.CatalogueNameBytesMax)
    {
        _nameBytesMax = nameBytesMax;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fieldCountMax);
        _fieldCountMax = fieldCountMax;
    }

    /// <summary>Where samples came from.</summary>
    public SourceCatalogue Sources { get; } = new();

    /// <summary>How many series there are.</summary>
    public int SeriesCount => _seriesCount;

    /// <summary>How many fields there are.</summary>
    public int FieldCount => _fieldCount;

    /// <summary>How many fields there may be.</summary>
    public int FieldCountMax => _fieldCountMax;

    /// <summary>Bytes of series keys and field keys.</summary>
    public long NameBytes => Volatile.Read(ref _nameBytes);

    /// <summary>How many there may be.</summary>
    public long NameBytesMax => _nameBytesMax;

    /// <summary>How many times a name was refused because it is full.</summary>
    public long RefusedCount => Volatile.Read(ref _refusedCount);

    /// <summary>The series with that identity.</summary>
    public Series SeriesAt(int seriesId) => _series[seriesId];

    /// <summary>The field with that identity.</summary>
    public Field FieldAt(int fieldId) => _fields[fieldId];

    /// <summary>Finds or adds the series with that canonical key and a field of it.</summary>
    /// <param name="canonicalKey">See <see cref="SeriesKey"/>.</param>
    /// <param name="fieldName">The field key without escapes.</param>
    /// <param name="type">The type of its samples.</param>
    /// <param name="field">The field when it is known, now if not before.</param>
    /// <param name="isForeign">
    /// True for a name that a sender chose: it leaves <see cref="Limits.CatalogueReserve"/> to others where its
    /// measurement has half of all.
    /// </param>
    public InternOutcome TryIntern(
        ReadOnlySpan<byte> canonicalKey, string fieldName, FieldType type, out Field? field, bool isForeign = false)
    {
        lock (_adding)
        {
            Dictionary<byte[], Series>.AlternateLookup<ReadOnlySpan<byte>> byKey =
                _seriesByKey.GetAlternateLookup<ReadOnlySpan<byte>>();
            if (byKey.TryGetValue(canonicalKey, out Series? series)
                && _fieldsByName.TryGetValue((series.Id, fieldName), out field))
            {
                return field.Type == type ? InternOutcome.Interned : InternOutcome.TypeConflict;
            }

            field = null;
            long nameBytes = Encoding.UTF8.GetByteCount(fieldName) + (series is null ? canonicalKey.Length : 0);
            if (_fieldCount >= _fieldCountMax || _nameBytes + nameBytes > _nameBytesMax)
            {
                return RefuseLocked();
            }

            byte[] key = canonicalKey.ToArray();
            SeriesKey.Parse(key, out string measurement);
            if (isForeign && !MayGrowLocked(measurement, nameBytes))
            {
                return RefuseLocked();
            }

            if (_types.TryGetValue((measurement, fieldName), out FieldType known) && known != type)
            {
                return InternOutcome.TypeConflict;
            }

            Volatile.Write(ref _nameBytes, _nameBytes + nameBytes);
            (int fields, long bytes) = _useOf.GetValueOrDefault(measurement);
            _useOf[measurement] = (fields + 1, bytes + nameBytes);
            _types[(measurement, fieldName)] = type;
            series ??= AddSeriesLocked(key);
            field = AddFieldLocked(series, fieldName, type);
            return InternOutcome.Interned;
        }
    }

    /// <summary>The type a field of a measurement has, if it is known.</summary>
    public bool TryGetType(string measurement, string fieldName, out FieldType type)
    {
        lock (_adding)
        {
            return _types.TryGetValue((measurement, fieldName), out type);
        }
    }

    /// <summary>Ties a field to the signal it carries, or to none.</summary>
    public void Bind(Field field, SignalInstance? signal)
    {
        ArgumentNullException.ThrowIfNull(field);
        lock (_adding)
        {
            field.Signal = signal;
        }
    }

    private InternOutcome RefuseLocked()
    {
        Volatile.Write(ref _refusedCount, _refusedCount + 1);
        return InternOutcome.CatalogueFull;
    }

    /// <summary>False when only the reserve is left and the measurement has half of all.</summary>
    private bool MayGrowLocked(string measurement, long nameBytes)
    {
        (int fields, long bytes) = _useOf.GetValueOrDefault(measurement);
        int fieldsLeft = _fieldCountMax - _fieldCount - (_fieldCountMax / Limits.CatalogueReserve);
        long bytesLeft = _nameBytesMax - _nameBytes - (_nameBytesMax / Limits.CatalogueReserve);
        return (fieldsLeft > 0 || fields * 2L < _fieldCount) && (nameBytes <= bytesLeft || bytes * 2 < _nameBytes);
    }

    private Series AddSeriesLocked(byte[] key)
    {
        int id = _seriesCount;
        var series = new Series(id, key);
        _series = WithRoom(_series, id);
        _series[id] = series;
        _seriesByKey.Add(key, series);
        _seriesCount = id + 1;
        return series;
    }

    private Field AddFieldLocked(Series series, string name, FieldType type)
    {
        int id = _fieldCount;
        var field = new Field(id, series, name, type);
        _fields = WithRoom(_fields, id);
        _fields[id] = field;
        _fieldsByName.Add((series.Id, name), field);
        _fieldCount = id + 1;
        return field;
    }

    private static T[] WithRoom<T>(T[] table, int index)
    {
        if (index < table.Length)
        {
            return table;
        }

        Array.Resize(ref table, table.Length * 2);
        return table;
    }

    private sealed class ByteContentComparer
        : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly ByteContentComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
