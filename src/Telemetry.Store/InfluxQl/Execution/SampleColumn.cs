using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// The samples of one field in one span of time, or an aspect of them, copied so that they can be joined with others.
/// </summary>
internal sealed class SampleColumn
{
    private const int BytesPerSample = 24; // time, bits and the growth of their lists
    private const int BytesPerAspect = 48; // the same with a value for the bits
    private readonly FieldType _type;
    private readonly QueryBudget _budget;
    private readonly AspectReading? _aspect; // null for the value itself
    private readonly int _bytesPerSample;
    private readonly List<long> _times = [];
    private readonly List<long> _bits = [];
    private readonly List<string> _texts = [];
    private readonly List<Value> _aspects = [];
    private int _cursor;

    private SampleColumn(FieldAspect wanted, SourceCatalogue sources, QueryBudget budget)
    {
        _type = wanted.Cast ?? wanted.Field.Type;
        _budget = budget;
        _aspect = wanted.Aspect == SampleAspect.Value ? null : new AspectReading(wanted, sources);
        _bytesPerSample = _aspect is null ? BytesPerSample : BytesPerAspect;
    }

    /// <summary>How many samples there are.</summary>
    public int Count => _times.Count;

    /// <summary>The times, ascending.</summary>
    public IReadOnlyList<long> Times => _times;

    /// <summary>The time of the sample the cursor stands on; the end of time behind the last.</summary>
    public long CursorTime => _cursor < _times.Count ? _times[_cursor] : long.MaxValue;

    /// <summary>True behind the last sample.</summary>
    public bool AtEnd => _cursor >= _times.Count;

    /// <summary>Reads a field.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="wanted">The field and what of it.</param>
    /// <param name="range">The instants wanted.</param>
    /// <param name="edge">How many samples suffice, from the front or, when negative, from the back; 0 for all.</param>
    /// <param name="budget">Pays for the memory.</param>
    public static SampleColumn Read(
        ISampleSource source, FieldAspect wanted, TimeRange range, int edge, QueryBudget budget)
    {
        var column = new SampleColumn(wanted, source.Catalogue.Sources, budget);
        var reader = new Reader(column, edge);
        Casting.Read(source, wanted.Field, wanted.Cast, range, ref reader);
        if (edge < 0)
        {
            column.KeepLast(-edge);
        }

        return column;
    }

    /// <summary>The value at <paramref name="time"/>, if there is one; times asked for must ascend.</summary>
    public Value ValueAt(long time)
    {
        while (_cursor < _times.Count && _times[_cursor] < time)
        {
            _cursor++;
        }

        return _cursor < _times.Count && _times[_cursor] == time ? At(_cursor) : Value.None;
    }

    /// <summary>Moves the cursor behind <paramref name="time"/>.</summary>
    public void Pass(long time)
    {
        while (_cursor < _times.Count && _times[_cursor] <= time)
        {
            _cursor++;
        }
    }

    /// <summary>Gives the memory back to the budget.</summary>
    public void Release() => _budget.Release((long)Count * _bytesPerSample);

    private Value At(int index)
    {
        if (_aspect is not null)
        {
            return _aspects[index];
        }

        return _type == FieldType.String ? Value.Of(_texts[index]) : Value.Of(_type, _bits[index]);
    }

    private void Add(scoped in SampleBlock block, int count)
    {
        _budget.CheckTime();
        _budget.Charge((long)count * _bytesPerSample);
        _times.AddRange(block.Times[..count]);
        if (_aspect is not null)
        {
            AddAspects(block, count, _aspect);
            return;
        }

        if (_type != FieldType.String)
        {
            _bits.AddRange(block.Bits[..count]);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            _budget.Charge(block.TextAt(i).Length * sizeof(char));
            _texts.Add(Encoding.UTF8.GetString(block.TextAt(i)));
        }
    }

    private void AddAspects(scoped in SampleBlock block, int count, AspectReading aspect)
    {
        for (int i = 0; i < count; i++)
        {
            Value value = aspect.At(block, i);
            _budget.Charge(_type == FieldType.String ? (value.Text?.Length ?? 0) * sizeof(char) : 0);
            _aspects.Add(value);
        }
    }

    private void KeepLast(int count)
    {
        int surplus = _times.Count - count;
        if (surplus <= 0)
        {
            return;
        }

        _budget.Release((long)surplus * _bytesPerSample);
        _times.RemoveRange(0, surplus);
        _bits.RemoveRange(0, Math.Min(surplus, _bits.Count));
        _texts.RemoveRange(0, Math.Min(surplus, _texts.Count));
        _aspects.RemoveRange(0, Math.Min(surplus, _aspects.Count));
    }

    private readonly struct Reader(SampleColumn column, int edge) : ISampleVisitor
    {
        private const int SlackCount = 4096; // so that the front of a list is not moved for every block

        public bool WantsProvenance => column._aspect is not null;

        public SummaryWish Summaries => SummaryWish.None;

        public bool OnSamples(scoped in SampleBlock block)
        {
            int room = edge > 0 ? Math.Min(edge - column.Count, block.Count) : block.Count;
            column.Add(block, room);
            if (edge < 0 && column.Count > SlackCount - (2L * edge))
            {
                column.KeepLast(-edge);
            }

            return edge <= 0 || column.Count < edge;
        }
    }
}
