namespace Telemetry.Store.InfluxQl;

/// <summary>The windows of a query that something is known of, found by time.</summary>
/// <param name="windows">How time is cut.</param>
/// <param name="budget">Pays for them.</param>
internal sealed class WindowTable(TimeWindows windows, QueryBudget budget)
{
    private const int BytesPerWindow = 320; // statistics, the dictionary's entry and the growth of both

    private readonly Dictionary<long, int> _indexByStart = [];
    private WindowStatistics[] _statistics = new WindowStatistics[4];
    private int _count;
    private int _current = -1;

    /// <summary>The windows in order of time.</summary>
    public WindowStatistics[] Ordered()
    {
        WindowStatistics[] ordered = _statistics.AsSpan(0, _count).ToArray();
        Array.Sort(ordered, (left, right) => left.Start.CompareTo(right.Start));
        return ordered;
    }

    /// <summary>The window of an instant; valid until the next call.</summary>
    public ref WindowStatistics At(long time)
    {
        if (_current >= 0)
        {
            long start = _statistics[_current].Start;
            if (time >= start && time <= windows.LastOf(start))
            {
                return ref _statistics[_current];
            }
        }

        return ref AtSlow(windows.StartOf(time));
    }

    private ref WindowStatistics AtSlow(long start)
    {
        if (!_indexByStart.TryGetValue(start, out _current))
        {
            budget.Charge(BytesPerWindow);
            if (_count == _statistics.Length)
            {
                Array.Resize(ref _statistics, _count * 2);
            }

            _current = _count++;
            _statistics[_current].Start = start;
            _indexByStart.Add(start, _current);
        }

        return ref _statistics[_current];
    }
}
