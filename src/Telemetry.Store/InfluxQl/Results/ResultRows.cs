using System.Collections;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// The rows of a table, cell behind cell in one array: an object for each of a million cells would cost more than to
/// read and to write them. As a list it gives a row in objects, null for what is missing.
/// </summary>
public sealed class ResultRows : IReadOnlyList<object?[]>
{
    private const int RowsMin = 16;
    private readonly int _columns;
    private Value[] _cells = [];

    internal ResultRows(int columns) => _columns = columns;

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>A row: null, double, long, ulong, bool or string in each cell.</summary>
    public object?[] this[int index]
    {
        get
        {
            ReadOnlySpan<Value> cells = CellsOf(index);
            var row = new object?[cells.Length];
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = cells[i].ToObject();
            }

            return row;
        }
    }

    /// <inheritdoc/>
    public IEnumerator<object?[]> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Rows of names and counts.</summary>
    internal static ResultRows Of(int columns, IEnumerable<object?[]> rows)
    {
        var table = new ResultRows(columns);
        foreach (object?[] row in rows)
        {
            Span<Value> cells = table.Add();
            for (int i = 0; i < cells.Length; i++)
            {
                cells[i] = Value.OfObject(row[i]);
            }
        }

        return table;
    }

    /// <summary>The cells of a row, valid until the next one is added.</summary>
    internal Span<Value> CellsOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return _cells.AsSpan(index * _columns, _columns);
    }

    /// <summary>The instant in the first cell of a row.</summary>
    internal long TimeOf(int index) => CellsOf(index)[0].Bits;

    /// <summary>Adds a row of nothing, to be filled.</summary>
    internal Span<Value> Add()
    {
        int end = (Count + 1) * _columns;
        if (end > _cells.Length)
        {
            Array.Resize(ref _cells, Math.Max(RowsMin * _columns, _cells.Length * 2));
        }

        Count++;
        return CellsOf(Count - 1);
    }

    /// <summary>Some of the rows, in another order.</summary>
    internal ResultRows Pick(IEnumerable<int> indices)
    {
        var picked = new ResultRows(_columns);
        foreach (int index in indices)
        {
            CellsOf(index).CopyTo(picked.Add());
        }

        return picked;
    }
}
