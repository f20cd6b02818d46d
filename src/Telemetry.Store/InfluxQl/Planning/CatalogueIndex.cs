using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>A series and the fields it has; fields are added, never removed.</summary>
internal sealed class SeriesEntry(Series series)
{
    private volatile Field[] _fields = [];

    public Series Series { get; } = series;

    /// <summary>Of an answer to a sub-query a field that every row has, also one without a value; else null.</summary>
    public Field? RowField { get; init; }

    public ReadOnlySpan<Field> Fields => _fields;

    /// <summary>The field of that name, or null.</summary>
    public Field? FieldOf(string name)
    {
        foreach (Field field in _fields)
        {
            if (field.Name == name)
            {
                return field;
            }
        }

        return null;
    }

    /// <summary>The value of a tag; empty when the series has none of that name, as InfluxQL sees it.</summary>
    public string TagOf(string key) => Series.TagOf(key);

    internal void Add(Field field) => _fields = [.. _fields, field];
}

/// <summary>What a query may know of a measurement; a picture at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Series">Its series in the order of their keys.</param>
/// <param name="Fields">Its fields and their types.</param>
/// <param name="TagKeys">Its tags' keys.</param>
internal sealed record MeasurementEntry(
    string Name,
    IReadOnlyList<SeriesEntry> Series,
    IReadOnlyDictionary<string, FieldType> Fields,
    IReadOnlySet<string> TagKeys);

/// <summary>
/// Measurements by name over a <see cref="SeriesCatalogue"/>, which knows series and fields by number only. Catches up
/// with the catalogue when asked; pictures handed out do not change any more.
/// </summary>
internal sealed class CatalogueIndex(SeriesCatalogue catalogue)
{
    private readonly Lock _growing = new();
    private readonly SortedDictionary<string, Growing> _measurements = new(StringComparer.Ordinal);
    private readonly List<SeriesEntry> _series = [];
    private int _fieldCount;

    /// <summary>All measurements in the order of their names.</summary>
    public IReadOnlyList<MeasurementEntry> Measurements()
    {
        lock (_growing)
        {
            CatchUpLocked();
            return [.. _measurements.Values.Select(measurement => measurement.Picture())];
        }
    }

    /// <summary>The measurements that any of <paramref name="sources"/> means, in the order of their names.</summary>
    public IReadOnlyList<MeasurementEntry> Measurements(IReadOnlyList<Source> sources)
    {
        lock (_growing)
        {
            CatchUpLocked();
            return
            [
                .. _measurements
                    .Where(measurement => sources.Any(source => source.Matches(measurement.Key)))
                    .Select(measurement => measurement.Value.Picture()),
            ];
        }
    }

    private void CatchUpLocked()
    {
        int fieldCount = catalogue.FieldCount; // read first: a field counted here has its series counted too
        for (int id = _series.Count; id < catalogue.SeriesCount; id++)
        {
            var entry = new SeriesEntry(catalogue.SeriesAt(id));
            _series.Add(entry);
            MeasurementLocked(entry.Series.Measurement).Add(entry);
        }

        for (; _fieldCount < fieldCount; _fieldCount++)
        {
            Field field = catalogue.FieldAt(_fieldCount);
            _series[field.Series.Id].Add(field);
            MeasurementLocked(field.Series.Measurement).Add(field);
        }
    }

    private Growing MeasurementLocked(string name)
    {
        if (!_measurements.TryGetValue(name, out Growing? measurement))
        {
            measurement = new Growing(name);
            _measurements.Add(name, measurement);
        }

        return measurement;
    }

    private sealed class Growing(string name)
    {
        private readonly List<SeriesEntry> _entries = [];
        private readonly SortedDictionary<string, FieldType> _fields = new(StringComparer.Ordinal);
        private readonly SortedSet<string> _tagKeys = new(StringComparer.Ordinal);
        private MeasurementEntry? _picture;

        public void Add(SeriesEntry entry)
        {
            _entries.Add(entry);
            _tagKeys.UnionWith(entry.Series.Tags.Select(tag => tag.Key));
            _picture = null;
        }

        public void Add(Field field)
        {
            if (_fields.TryAdd(field.Name, field.Type))
            {
                _picture = null;
            }
        }

        public MeasurementEntry Picture() => _picture ??= new MeasurementEntry(
            name,
            [.. _entries.Order(Comparer<SeriesEntry>.Create(ByKey))],
            new SortedDictionary<string, FieldType>(_fields, StringComparer.Ordinal),
            new SortedSet<string>(_tagKeys, StringComparer.Ordinal));

        private static int ByKey(SeriesEntry left, SeriesEntry right) =>
            left.Series.Key.Span.SequenceCompareTo(right.Series.Key.Span);
    }
}
