namespace Telemetry.Store;

/// <summary>
/// One read at a time: a connection of its own, a copy of what memory holds, and the merge of both. No transaction
/// stays open while the visitor works, so a slow visitor holds up neither the appender nor the log's truncation:
/// chunks are listed first and fetched one by one, which is sound because a chunk in the file never changes; one that
/// retention let go of meanwhile is left out.
/// </summary>
internal sealed class SampleReader : IDisposable
{
    private readonly SqliteFile _file;
    private readonly Statement _list;
    private readonly Statement _fetch;
    private readonly CorruptChunks _corrupt;
    private readonly HeadSnapshot _snapshot = new();
    private readonly SampleMerge _merge = new();
    private readonly List<ChunkEntry> _entries = [];
    private readonly LateTimes _late = new();
    private readonly SampleColumns _lateColumns = new();
    private readonly Statement _listLate;
    private readonly RollupReader _rollups;

    public SampleReader(string path, CorruptChunks corrupt)
    {
        _corrupt = corrupt;
        _file = SqliteFile.OpenToRead(path);
        _list = _file.Prepare(
            """
            SELECT id, first_time, last_time, count, first, last, min, max, sum FROM chunks
            WHERE field = ?1 AND last_time >= ?2 AND last_time <= ?3 AND first_time < ?4 AND id < ?5
            """);
        _fetch = _file.Prepare("SELECT chunk FROM chunks WHERE id = ?1");
        _listLate = _file.Prepare(
            """
            SELECT chunks.chunk FROM late_chunks JOIN chunks ON chunks.id = late_chunks.id
            WHERE late_chunks.field = ?1 AND late_chunks.last_time >= ?2 AND late_chunks.first_time < ?3
            """);
        _rollups = new RollupReader(_file, _late, corrupt);
    }

    /// <summary>See <see cref="ISampleSource.Read"/>.</summary>
    public void Read<TVisitor>(
        HeadTable table, Lock gate, int fieldId, long from, long to, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct
    {
        FieldHead? head;
        ReadSpan span;
        lock (gate)
        {
            head = table.Find(fieldId);
            if (head is null || from >= to)
            {
                return;
            }

            _snapshot.TakeLocked(head, table.Pending, from, to);
            span = new ReadSpan(head, fieldId, from, to, table.CommittedBelow, head.SpanMax, head.RolledThrough);
        }

        _merge.Begin(head.Type, visitor.WantsProvenance);
        SummaryWish wish = visitor.Summaries;
        if (wish.SpanMax >= RollupLevels.Widths[^1] && span.RolledThrough > from)
        {
            GiveWithRollups(span, ref visitor);
        }
        else
        {
            Give(span, ref visitor);
        }
    }

    public void Dispose()
    {
        _list.Dispose();
        _fetch.Dispose();
        _listLate.Dispose();
        _rollups.Dispose();
        _file.Dispose();
    }

    /// <summary>
    /// Gives windows where there are roll-ups and samples in between. Late times are listed before the roll-ups: one
    /// that is made meanwhile has those samples, and they are read once more than was needed.
    /// </summary>
    private void GiveWithRollups<TVisitor>(in ReadSpan span, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct
    {
        ListLate(span);
        long given = span.From;
        long end = Math.Min(span.To, span.RolledThrough);
        foreach (long day in _rollups.Begin(span.FieldId, span.Head, span.From, end))
        {
            long from = Math.Max(span.From, day * RollupLevels.Day);
            long to = Math.Min(end, (day + 1) * RollupLevels.Day);
            foreach (RollupPart part in _rollups.Cover(from, to, ref visitor))
            {
                if (given < part.From && !Give(span with { From = given, To = part.From }, ref visitor))
                {
                    return;
                }

                if (part.Summary is { } summary)
                {
                    visitor.OnSummary(summary);
                }

                given = part.To;
            }
        }

        if (given < span.To)
        {
            Give(span with { From = given }, ref visitor);
        }
    }

    /// <summary>Gives the samples of a span.</summary>
    /// <returns>False when the visitor wants no more.</returns>
    private bool Give<TVisitor>(in ReadSpan span, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct
    {
        _entries.Clear();
        _snapshot.AddEntries(_entries, span.From, span.To);
        ListRows(span);
        _entries.Sort(static (left, right) => left.FirstTime.CompareTo(right.FirstTime));
        for (int i = 0; i < _entries.Count; i++)
        {
            ChunkEntry entry = _entries[i];
            if (!_merge.GiveBefore(entry.FirstTime, ref visitor))
            {
                return false;
            }

            bool isLast = i + 1 == _entries.Count;
            bool isAlone = (isLast || _entries[i + 1].FirstTime > entry.LastTime)
                && (_merge.IsEmpty || _merge.NextTime > entry.LastTime);
            if (isAlone && TryGiveSummary(entry, span, ref visitor))
            {
                continue;
            }

            if (!TryOpen(entry, span, visitor.WantsProvenance, out ChunkCursor cursor))
            {
                continue;
            }

            if (!isAlone)
            {
                _merge.Add(cursor);
                continue;
            }

            bool goesOn = _merge.GiveRun(cursor, long.MaxValue, ref visitor);
            _merge.Return(cursor);
            if (!goesOn)
            {
                return false;
            }
        }

        return _merge.GiveBefore(long.MaxValue, ref visitor);
    }

    private static bool TryGiveSummary<TVisitor>(in ChunkEntry entry, in ReadSpan span, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct
    {
        SummaryWish wish = visitor.Summaries;
        bool isInside = entry.FirstTime >= span.From && entry.LastTime < span.To;
        bool fits = entry.HasValues && isInside && !wish.WithDetail
            && SaturatingTime.Subtract(entry.LastTime, entry.FirstTime) < wish.SpanMax;
        if (!fits || !visitor.WantsSummary(entry.FirstTime, entry.LastTime) || !visitor.Accepts(entry.Summary))
        {
            return false;
        }

        visitor.OnSummary(entry.Summary);
        return true;
    }

    /// <summary>Decodes a chunk; one that cannot be read is left out and reported.</summary>
    private bool TryOpen(in ChunkEntry entry, in ReadSpan span, bool withProvenance, out ChunkCursor cursor)
    {
        cursor = _merge.Rent();
        ChunkFault fault = entry.Memory >= 0
            ? _snapshot.Decode(entry.Memory, cursor.Columns, withProvenance)
            : Fetch(entry.Sequence, span, withProvenance, cursor.Columns);
        if (fault != ChunkFault.None)
        {
            if (fault != ChunkFault.Gone)
            {
                _corrupt.Report(entry.Sequence, span.FieldId, fault);
            }

            _merge.Return(cursor);
            return false;
        }

        cursor.Begin(entry.Sequence, span.From, span.To);
        return true;
    }

    private ChunkFault Fetch(long chunk, in ReadSpan span, bool withProvenance, SampleColumns target)
    {
        _fetch.Bind(1, chunk);
        try
        {
            return _fetch.Step()
                ? ChunkFormat.Decode(_fetch.Blob(0), span.Head.Type, target, withProvenance)
                : ChunkFault.Gone;
        }
        finally
        {
            _fetch.Reset();
        }
    }

    private void ListRows(in ReadSpan span)
    {
        _list.Bind(1, span.Head.StoreId)
            .Bind(2, span.From)
            .Bind(3, SaturatingTime.Add(span.To, span.SpanMax))
            .Bind(4, span.To)
            .Bind(5, span.CommittedBelow);
        try
        {
            while (_list.Step())
            {
                long first = _list.Int64(1);
                long last = _list.Int64(2);
                var summary = new SampleSummary(
                    (int)_list.Int64(3), first, last, _list.Double(4), _list.Double(5), _list.Double(6),
                    _list.Double(7), _list.Double(8));
                bool hasValues = !_list.IsNull(8);
                _entries.Add(new ChunkEntry(_list.Int64(0), first, last, Memory: -1, hasValues, summary));
            }
        }
        finally
        {
            _list.Reset();
        }
    }

    private void ListLate(in ReadSpan span)
    {
        _late.Clear();
        _snapshot.AddLateTimes(_late, _lateColumns);
        _listLate.Bind(1, span.Head.StoreId).Bind(2, span.From).Bind(3, span.To);
        try
        {
            while (_listLate.Step())
            {
                _lateColumns.Clear();
                ChunkFormat.Decode(_listLate.Blob(0), span.Head.Type, _lateColumns, withProvenance: false);
                _late.Add(_lateColumns.Times);
            }
        }
        finally
        {
            _listLate.Reset();
        }

        _late.Sort();
    }

    /// <summary>What of a field is read, and what the store was at the start of the read.</summary>
    /// <param name="Head">The field's head.</param>
    /// <param name="FieldId">The field in the catalogue.</param>
    /// <param name="From">First instant.</param>
    /// <param name="To">First instant no longer wanted.</param>
    /// <param name="CommittedBelow">Chunks from this number on were in memory.</param>
    /// <param name="SpanMax">Longest span of a chunk.</param>
    /// <param name="RolledThrough">See <see cref="FieldHead.RolledThrough"/>.</param>
    private readonly record struct ReadSpan(
        FieldHead Head, int FieldId, long From, long To, long CommittedBelow, long SpanMax, long RolledThrough);
}
