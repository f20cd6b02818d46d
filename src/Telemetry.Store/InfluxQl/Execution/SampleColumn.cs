using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>The samples of one field in one span of time, copied so that they can be joined with others.</summary>
internal sealed class SampleColumn(FieldType type, QueryBudget budget)
{
    private const int BytesPerSample = 24; // time, bits and the growth of their lists
    private readonly List<long> _times = [];
    private readonly List<long> _bits = [];
    private readonly List<string> _texts = [];
    private int _cursor;

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
    /// <param name="field">The field.</param>
    /// <param name="range">The instants wanted.</param>
    /// <param name="edge">How many samples suffice, from the front or, when negative, from the back; 0 for all.</param>
    /// <param name="budget">Pays for the memory.</param>
    public static SampleColumn Read(
        ISampleSource source, Field field, TimeRange range, int edge, QueryBudget budget)
    {
        var column = new SampleColumn(field.Type, budget);
        var reader = new Reader(column, edge);
        source.Read(field.Id, range.From, range.To, ref reader);
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
    public void Release() => budget.Release((long)Count * BytesPerSample);

    private Value At(int index) => type == FieldType.String
        ? Value.Of(_texts[index])
        : Value.Of(type, _bits[index]);

    private void Add(scoped in SampleBlock block, int count)
    {
        budget.CheckTime();
        budget.Charge((long)count * BytesPerSample);
        _times.AddRange(block.Times[..count]);
        if (type != FieldType.String)
        {
            _bits.AddRange(block.Bits[..count]);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            budget.Charge(block.TextAt(i).Length * sizeof(char));
            _texts.Add(Encoding.UTF8.GetString(block.TextAt(i)));
        }
    }

    private void KeepLast(int count)
    {
        int surplus = _times.Count - count;
        if (surplus <= 0)
        {
            return;
        }

        budget.Release((long)surplus * BytesPerSample);
        _times.RemoveRange(0, surplus);
        _bits.RemoveRange(0, Math.Min(surplus, _bits.Count));
        _texts.RemoveRange(0, Math.Min(surplus, _texts.Count));
    }

    private readonly struct Reader(SampleColumn column, int edge) : ISampleVisitor
    {
        private const int SlackCount = 4096; // so that the front of a list is not moved for every block

        public bool WantsSummary(long firstTime, long lastTime) => false;

        public void OnSummary(in ChunkSummary summary) =>
            throw new InvalidOperationException("BUG: a summary was given that nobody wanted");

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
