using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// One read at a time: a connection of its own, a copy of what memory holds, and the merge of both. No transaction
/// stays open while the visitor works, so a slow visitor holds up neither the appender nor the log's truncation: chunks
/// are listed first and fetched one by one, which is sound because a chunk in the file never changes.
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
    }

    /// <summary>See <see cref="ISampleSource.Read"/>.</summary>
    public void Read<TVisitor>(
        HeadTable table, Lock gate, int fieldId, long from, long to, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct
    {
        FieldHead? head;
        long committedBelow;
        long spanMax;
        lock (gate)
        {
            head = table.Find(fieldId);
            if (head is null || from >= to)
            {
                return;
            }

            _snapshot.TakeLocked(head, table.Pending, from, to);
            committedBelow = table.CommittedBelow;
            spanMax = head.SpanMax;
        }

        _entries.Clear();
        _snapshot.AddEntries(_entries);
        ListRows(head.StoreId, from, to, spanMax, committedBelow);
        _entries.Sort(static (left, right) => left.FirstTime.CompareTo(right.FirstTime));
        _merge.Begin(head.Type, visitor.WantsProvenance);
        Give(new ReadSpan(fieldId, head.Type, from, to, visitor.WantsProvenance), ref visitor);
    }

    public void Dispose()
    {
        _list.Dispose();
        _fetch.Dispose();
        _file.Dispose();
    }

    private void Give<TVisitor>(in ReadSpan span, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct
    {
        for (int i = 0; i < _entries.Count; i++)
        {
            ChunkEntry entry = _entries[i];
            if (!_merge.GiveBefore(entry.FirstTime, ref visitor))
            {
                return;
            }

            bool isLast = i + 1 == _entries.Count;
            bool isAlone = (isLast || _entries[i + 1].FirstTime > entry.LastTime)
                && (_merge.IsEmpty || _merge.NextTime > entry.LastTime);
            if (isAlone && TryGiveSummary(entry, span, ref visitor))
            {
                continue;
            }

            if (!TryOpen(entry, span, out ChunkCursor cursor))
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
                return;
            }
        }

        _merge.GiveBefore(long.MaxValue, ref visitor);
    }

    private static bool TryGiveSummary<TVisitor>(in ChunkEntry entry, in ReadSpan span, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct
    {
        bool isInside = entry.FirstTime >= span.From && entry.LastTime < span.To;
        if (!entry.HasValues || !isInside || !visitor.WantsSummary(entry.FirstTime, entry.LastTime))
        {
            return false;
        }

        visitor.OnSummary(entry.Summary);
        return true;
    }

    /// <summary>Decodes a chunk; one that cannot be read is left out and reported.</summary>
    private bool TryOpen(in ChunkEntry entry, in ReadSpan span, out ChunkCursor cursor)
    {
        cursor = _merge.Rent();
        ChunkFault fault = entry.Memory >= 0
            ? _snapshot.Decode(entry.Memory, cursor.Columns, span.WithProvenance)
            : Fetch(entry.Sequence, span, cursor.Columns);
        if (fault != ChunkFault.None)
        {
            _corrupt.Report(entry.Sequence, span.FieldId, fault);
            _merge.Return(cursor);
            return false;
        }

        cursor.Begin(entry.Sequence, span.From, span.To);
        return true;
    }

    private ChunkFault Fetch(long chunk, in ReadSpan span, SampleColumns target)
    {
        _fetch.Bind(1, chunk);
        try
        {
            return _fetch.Step()
                ? ChunkFormat.Decode(_fetch.Blob(0), span.Type, target, span.WithProvenance)
                : ChunkFault.Truncated;
        }
        finally
        {
            _fetch.Reset();
        }
    }

    private void ListRows(long fieldStoreId, long from, long to, long spanMax, long committedBelow)
    {
        _list.Bind(1, fieldStoreId)
            .Bind(2, from)
            .Bind(3, SaturatingTime.Add(to, spanMax))
            .Bind(4, to)
            .Bind(5, committedBelow);
        try
        {
            while (_list.Step())
            {
                long first = _list.Int64(1);
                long last = _list.Int64(2);
                var summary = new ChunkSummary(
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

    private readonly record struct ReadSpan(
        int FieldId, FieldType Type, long From, long To, bool WithProvenance);
}
