namespace Telemetry.Store;

/// <summary>
/// Windows side by side: a column of 64 bits per member of <see cref="RollupWindow"/>, as the file has them. Grows and
/// is used again.
/// </summary>
internal sealed class RollupColumns
{
    /// <summary>How many columns there are; the first two are counts, the next four times, the others floats.</summary>
    public const int ColumnCount = 11;

    /// <summary>The first column of times.</summary>
    public const int FirstTimeColumn = 2;

    /// <summary>The first column of floats, which hold the bits.</summary>
    public const int FirstFloatColumn = 6;

    private readonly long[][] _columns = [.. Enumerable.Range(0, ColumnCount).Select(_ => new long[32])];

    public int Count { get; private set; }

    /// <summary>Times of the windows' first samples, ascending.</summary>
    public ReadOnlySpan<long> FirstTimes => Column(FirstTimeColumn);

    public Span<long> Column(int column) => _columns[column].AsSpan(0, Count);

    public void Clear() => Count = 0;

    /// <summary>Sets the number of windows; the caller fills all columns.</summary>
    public void SetCount(int count)
    {
        for (int i = 0; i < ColumnCount && _columns[i].Length < count; i++)
        {
            Array.Resize(ref _columns[i], Math.Max(_columns[i].Length * 2, count));
        }

        Count = count;
    }

    public void Add(in RollupWindow window)
    {
        int index = Count;
        SetCount(index + 1);
        _columns[0][index] = window.Count;
        _columns[1][index] = window.GoodCount;
        _columns[2][index] = window.FirstTime;
        _columns[3][index] = window.LastTime;
        _columns[4][index] = window.MinTime;
        _columns[5][index] = window.MaxTime;
        _columns[6][index] = BitConverter.DoubleToInt64Bits(window.First);
        _columns[7][index] = BitConverter.DoubleToInt64Bits(window.Last);
        _columns[8][index] = BitConverter.DoubleToInt64Bits(window.Min);
        _columns[9][index] = BitConverter.DoubleToInt64Bits(window.Max);
        _columns[10][index] = BitConverter.DoubleToInt64Bits(window.Sum);
    }

    public RollupWindow At(int index) => new()
    {
        Count = _columns[0][index],
        GoodCount = _columns[1][index],
        FirstTime = _columns[2][index],
        LastTime = _columns[3][index],
        MinTime = _columns[4][index],
        MaxTime = _columns[5][index],
        First = BitConverter.Int64BitsToDouble(_columns[6][index]),
        Last = BitConverter.Int64BitsToDouble(_columns[7][index]),
        Min = BitConverter.Int64BitsToDouble(_columns[8][index]),
        Max = BitConverter.Int64BitsToDouble(_columns[9][index]),
        Sum = BitConverter.Int64BitsToDouble(_columns[10][index]),
    };

    /// <summary>The window as a reader sees it.</summary>
    public SampleSummary SummaryAt(int index)
    {
        RollupWindow window = At(index);
        return new SampleSummary(
            (int)window.Count, window.FirstTime, window.LastTime, window.First, window.Last, window.Min, window.Max,
            window.Sum)
        {
            Detail = new SummaryDetail(window.MinTime, window.MaxTime, (int)window.GoodCount),
        };
    }
}
