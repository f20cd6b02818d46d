using System.Runtime.InteropServices;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// The answers to sub-queries as a source of samples: groups are series, columns are fields. Rows of one time, which a
/// series cannot have, go to series of their own with the same tags.
/// </summary>
internal sealed class AnswerSource(QueryBudget budget) : ISampleSource
{
    private const string NumberTag = "\u0001"; // tells series with the same tags apart; no query can write it
    private const string RowFieldName = "\u0001";
    private const int BlockCount = 4096;
    private const int BytesPerCell = 24; // time, bits and the growth of their lists

    private static readonly byte[] Qualities = [.. Enumerable.Repeat(Quality.Good, BlockCount)];

    private readonly SortedDictionary<string, Measurement> _measurements = new(StringComparer.Ordinal);
    private readonly List<Column> _columns = [];
    private int _seriesCount;

    public SeriesCatalogue Catalogue { get; } = new();

    /// <summary>The measurements whose samples went into the answers, with the columns as their fields.</summary>
    public IReadOnlyList<MeasurementEntry> Measurements() =>
        [.. _measurements.Select(known => known.Value.Picture(known.Key))];

    /// <summary>Makes the columns of a sub-query known, whether they have values or not.</summary>
    public void Add(SelectPlan plan)
    {
        foreach (MeasurementEntry measurement in plan.Measurements)
        {
            if (!_measurements.TryGetValue(measurement.Name, out Measurement? known))
            {
                _measurements.Add(measurement.Name, known = new Measurement());
            }

            known.TagKeys.UnionWith(plan.Dimensions);
            var kinds = new ExpressionKinds(plan, measurement);
            for (int i = 0; i < plan.Columns.Count; i++)
            {
                known.AddField(plan.ColumnNames[i + 1], kinds.Of(plan.Columns[i]));
            }
        }
    }

    /// <summary>Adds the rows of a group, in the direction of the plan.</summary>
    public void Add(
        SelectPlan plan, MeasurementEntry measurement, SeriesGroup group, ResultRows rows)
    {
        Measurement target = _measurements[measurement.Name];
        IReadOnlyList<Tag> tags = [.. (group.Tags ?? []).Where(tag => tag.Value.Length > 0)];
        var lanes = new List<Lane>();
        int lane = 0;
        long? before = null;
        for (int i = 0; i < rows.Count; i++)
        {
            int index = plan.Statement.Descending ? rows.Count - 1 - i : i;
            long time = rows.TimeOf(index);
            lane = time == before ? lane + 1 : 0;
            before = time;
            if (lane == lanes.Count)
            {
                lanes.Add(AddLane(plan, measurement.Name, target, tags));
            }

            lanes[lane].Add(time, rows.CellsOf(index), budget);
        }

        budget.CheckTime();
    }

    public void Read<TVisitor>(int fieldId, long from, long to, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct
    {
        Column column = _columns[fieldId];
        ReadOnlySpan<long> times = CollectionsMarshal.AsSpan(column.Times);
        int start = IndexOf(times, from);
        int end = IndexOf(times, to);
        while (start < end)
        {
            int count = Math.Min(end - start, BlockCount);
            bool goesOn = visitor.OnSamples(new SampleBlock
            {
                Times = times.Slice(start, count),
                Bits = CollectionsMarshal.AsSpan(column.Bits).Slice(start, count),
                Qualities = Qualities.AsSpan(0, count),
                Text = CollectionsMarshal.AsSpan(column.Text),
                Type = column.Type,
            });
            start = goesOn ? start + count : end;
        }
    }

    /// <summary>Index of the first time that is not before that one.</summary>
    private static int IndexOf(ReadOnlySpan<long> times, long time)
    {
        int index = times.BinarySearch(time);
        return index < 0 ? ~index : index;
    }

    private Lane AddLane(SelectPlan plan, string name, Measurement target, IReadOnlyList<Tag> tags)
    {
        byte[] key = SeriesKey.Render(name, [new Tag(NumberTag, $"{_seriesCount++}"), .. tags]);
        Field rowField = Intern(key, RowFieldName, FieldType.Boolean);
        var entry = new SeriesEntry(rowField.Series) { RowField = rowField };
        var columns = new List<Column?>();
        foreach (string columnName in plan.ColumnNames.Skip(1))
        {
            if (target.Fields.GetValueOrDefault(columnName) is not { } type)
            {
                columns.Add(null);
                continue;
            }

            Field field = Intern(key, columnName, type);
            entry.Add(field);
            columns.Add(_columns[field.Id]);
        }

        target.Series.Add(entry);
        return new Lane(_columns[rowField.Id], columns);
    }

    private Field Intern(byte[] key, string name, FieldType type)
    {
        if (Catalogue.TryIntern(key, name, type, out Field? field) != InternOutcome.Interned)
        {
            throw new QueryRefusedException(
                $"cannot finish the query: its sub-queries give more than {Catalogue.FieldCount} columns of series; "
                + "group by fewer tags");
        }

        _columns.Add(new Column(type));
        budget.Charge(key.Length + (name.Length * sizeof(char)) + 200);
        return field!;
    }

    private sealed class Measurement
    {
        public List<SeriesEntry> Series { get; } = [];

        public SortedDictionary<string, FieldType?> Fields { get; } = new(StringComparer.Ordinal);

        public SortedSet<string> TagKeys { get; } = new(StringComparer.Ordinal);

        /// <summary>Of two types that a column has in two sub-queries float takes in the other's numbers.</summary>
        public void AddField(string name, ValueKind kind)
        {
            FieldType? type = kind == ValueKind.None ? null : Value.TypeOf(kind);
            FieldType? known = Fields.GetValueOrDefault(name);
            Fields[name] = known is null || type == FieldType.Float ? type ?? known : known;
        }

        public MeasurementEntry Picture(string name) => new(
            name,
            Series,
            new SortedDictionary<string, FieldType>(
                Fields.ToDictionary(field => field.Key, field => field.Value ?? FieldType.Float),
                StringComparer.Ordinal),
            TagKeys);
    }

    /// <summary>One series and the columns of the rows that go into it.</summary>
    private sealed class Lane(Column rows, List<Column?> columns)
    {
        public void Add(long time, ReadOnlySpan<Value> row, QueryBudget budget)
        {
            rows.Add(time, Value.True);
            budget.Charge(BytesPerCell);
            for (int i = 0; i < columns.Count; i++)
            {
                if (columns[i] is { } column && !row[i + 1].IsNone)
                {
                    budget.Charge(BytesPerCell + column.Add(time, row[i + 1]));
                }
            }
        }
    }

    private sealed class Column(FieldType type)
    {
        public FieldType Type { get; } = type;

        public List<long> Times { get; } = [];

        public List<long> Bits { get; } = [];

        public List<byte> Text { get; } = [];

        /// <summary>Adds a value and gives its bytes of text; one that does not convert is left out.</summary>
        public int Add(long time, in Value value)
        {
            if (Type == FieldType.String && value.Text is { } text)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(text);
                Times.Add(time);
                Bits.Add(((long)Text.Count << 32) | (uint)bytes.Length);
                Text.AddRange(bytes);
                return bytes.Length;
            }

            bool isSame = value.Kind == Value.KindOf(Type);
            if (value.Text is null && (isSame || (value.IsNumber && Type == FieldType.Float)))
            {
                Times.Add(time);
                Bits.Add(isSame ? value.Bits : BitConverter.DoubleToInt64Bits(value.AsFloat));
            }

            return 0;
        }
    }
}
