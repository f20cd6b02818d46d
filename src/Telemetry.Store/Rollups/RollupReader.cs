namespace Telemetry.Store;

/// <summary>
/// Finds the windows that a reader takes in the place of samples: the widest first, and where one does not fit, being
/// cut by the span, across two windows of the query, with a late sample in it, or not accepted, the next narrower ones
/// inside it. What no window covers is to be read from the samples.
/// </summary>
internal sealed class RollupReader : IDisposable
{
    private readonly Statement _list;
    private readonly Statement _fetch;
    private readonly RollupColumns[] _levels = new RollupColumns[RollupLevels.Widths.Length];
    private readonly bool[] _isLoaded = new bool[RollupLevels.Widths.Length];
    private readonly List<RollupPart> _parts = [];
    private readonly List<long> _days = [];
    private readonly LateTimes _late;
    private readonly CorruptChunks _corrupt;
    private FieldHead _head = null!;
    private int _fieldId;
    private long _day;

    /// <param name="file">The reader's connection.</param>
    /// <param name="late">The late samples of the field that is read.</param>
    /// <param name="corrupt">Is told of roll-ups that cannot be read.</param>
    public RollupReader(SqliteFile file, LateTimes late, CorruptChunks corrupt)
    {
        _late = late;
        _corrupt = corrupt;
        // Every day that has a roll-up has the widest.
        _list = file.Prepare(
            "SELECT day FROM rollups WHERE field = ?1 AND level = 0 AND day BETWEEN ?2 AND ?3 ORDER BY day");
        _fetch = file.Prepare("SELECT id, windows FROM rollups WHERE field = ?1 AND level = ?2 AND day = ?3");
        for (int level = 0; level < _levels.Length; level++)
        {
            _levels[level] = new RollupColumns();
        }
    }

    /// <summary>Chooses the field of the next calls.</summary>
    /// <returns>
    /// The days with roll-ups that [<paramref name="from"/>, <paramref name="to"/>) touches, ascending.
    /// </returns>
    public List<long> Begin(int fieldId, FieldHead head, long from, long to)
    {
        _fieldId = fieldId;
        _head = head;
        _days.Clear();
        _list.Bind(1, head.StoreId).Bind(2, Math.Max(from, 0) / RollupLevels.Day).Bind(3, to / RollupLevels.Day);
        try
        {
            while (_list.Step())
            {
                _days.Add(_list.Int64(0));
            }
        }
        finally
        {
            _list.Reset();
        }

        return _days;
    }

    /// <summary>The windows that cover of [<paramref name="from"/>, <paramref name="to"/>), within one day.</summary>
    public List<RollupPart> Cover<TVisitor>(long from, long to, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct
    {
        _parts.Clear();
        _day = from / RollupLevels.Day;
        _isLoaded.AsSpan().Clear();
        Cover(0, from, to, visitor.Summaries.SpanMax, ref visitor);
        return _parts;
    }

    public void Dispose()
    {
        _list.Dispose();
        _fetch.Dispose();
    }

    private void Cover<TVisitor>(int level, long from, long to, long spanMax, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct
    {
        while (level < _levels.Length && (RollupLevels.Widths[level] > spanMax || Load(level).Count == 0))
        {
            level++;
        }

        if (level == _levels.Length)
        {
            return;
        }

        long width = RollupLevels.Widths[level];
        int next = FirstIn(_levels[level], from);
        for (long start = RollupLevels.FloorTo(from, width); start < to; start += width)
        {
            long end = start + width;
            bool fits = start >= from && end <= to && !_late.AnyIn(start, end) && visitor.WantsSummary(start, end - 1);
            SampleSummary? summary = fits ? SummaryIn(_levels[level], next, end) : null;
            if (fits && (summary is null || visitor.Accepts(summary.Value)))
            {
                _parts.Add(new RollupPart(start, end, summary));
                next += summary is null ? 0 : 1;
                continue;
            }

            Cover(level + 1, Math.Max(start, from), Math.Min(end, to), spanMax, ref visitor);
            while (next < _levels[level].Count && _levels[level].FirstTimes[next] < end)
            {
                next++;
            }
        }
    }

    private static int FirstIn(RollupColumns windows, long from)
    {
        int found = windows.FirstTimes.BinarySearch(from);
        return found < 0 ? ~found : found;
    }

    private static SampleSummary? SummaryIn(RollupColumns windows, int next, long end) =>
        next < windows.Count && windows.FirstTimes[next] < end ? windows.SummaryAt(next) : null;

    private RollupColumns Load(int level)
    {
        RollupColumns windows = _levels[level];
        if (_isLoaded[level])
        {
            return windows;
        }

        _isLoaded[level] = true;
        windows.Clear();
        _fetch.Bind(1, _head.StoreId).Bind(2, level).Bind(3, _day);
        try
        {
            if (_fetch.Step() && RollupFormat.Decode(_fetch.Blob(1), windows) is not ChunkFault.None and var fault)
            {
                _corrupt.ReportRollup(_fetch.Int64(0), _fieldId, fault);
            }
        }
        finally
        {
            _fetch.Reset();
        }

        return windows;
    }
}
