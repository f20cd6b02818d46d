namespace Telemetry.Store;

/// <summary>
/// Makes roll-ups of days that lie behind everything sealed, and makes them anew where late samples came in. Works
/// beside the one writer: it reads as any reader does, and hands a batch at a time to the next checkpoint.
/// </summary>
internal sealed class RollupBuilder : IDisposable
{
    /// <summary>Bytes of roll-ups after which a batch goes to the checkpoint.</summary>
    public const int BatchBytes = 4 * 1024 * 1024;

    private const int DaysAtOnce = 512;
    private const int LateChunksAtOnce = 64;
    private readonly HeadTable _table;
    private readonly Lock _gate;
    private readonly SqliteFile _file;
    private readonly SampleReader _reader;
    private readonly Statement _firstTime;
    private readonly Statement _late;
    private readonly RollupFold _fold = new();
    private readonly RollupFormat _format = new();
    private readonly SampleColumns _columns = new();
    private readonly Dictionary<long, int> _fieldIds = [];
    private readonly SortedSet<long> _days = [];
    private RollupBatch _making = new();
    private RollupBatch? _waiting;
    private int _nextField;
    private int _daysMade;

    /// <param name="path">The store's file.</param>
    /// <param name="table">What the store holds in memory.</param>
    /// <param name="gate">Its lock.</param>
    /// <param name="corrupt">Is told of what cannot be read.</param>
    public RollupBuilder(string path, HeadTable table, Lock gate, CorruptChunks corrupt)
    {
        _table = table;
        _gate = gate;
        _file = SqliteFile.OpenToRead(path);
        _reader = new SampleReader(path, corrupt);
        _firstTime = _file.Prepare("SELECT min(first_time) FROM chunks WHERE field = ?1 AND last_time >= ?2");
        _late = _file.Prepare(
            """
            SELECT late_chunks.id, late_chunks.field, chunks.chunk
            FROM late_chunks JOIN chunks ON chunks.id = late_chunks.id ORDER BY late_chunks.id LIMIT ?1
            """);
    }

    /// <summary>What waits for a checkpoint; null when nothing does.</summary>
    public RollupBatch? Waiting => Volatile.Read(ref _waiting);

    /// <summary>The waiting batch is in the file.</summary>
    public void OnCheckpoint() => Volatile.Write(ref _waiting, null);

    /// <summary>Makes a batch, unless the last one still waits.</summary>
    /// <returns>How many days of fields were gone through; 0 when there is nothing to do now.</returns>
    public int Build(CancellationToken cancellation)
    {
        if (Waiting is not null)
        {
            return 0;
        }

        _daysMade = 0;
        _making.Clear();
        RebuildLate(cancellation);
        BuildDue(cancellation);
        if (!_making.IsEmpty)
        {
            // The batch that was written last is not looked at any more by whoever makes checkpoints.
            RollupBatch made = _making;
            _making = new RollupBatch();
            Volatile.Write(ref _waiting, made);
        }

        return _daysMade;
    }

    public void Dispose()
    {
        _firstTime.Dispose();
        _late.Dispose();
        _file.Dispose();
        _reader.Dispose();
    }

    private bool HasRoom => _making.Bytes < BatchBytes && _daysMade < DaysAtOnce;

    private void BuildDue(CancellationToken cancellation)
    {
        int fields = _table.FieldIdEnd;
        for (int i = 0; i < fields && HasRoom; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            int field = _nextField % fields;
            if (BuildField(field))
            {
                _nextField = field + 1;
            }
        }
    }

    /// <returns>False when the batch was full before the field was done.</returns>
    private bool BuildField(int fieldId)
    {
        if (FindDue(fieldId, out long sealedThrough) is not { } head)
        {
            return true;
        }

        long before = head.RolledThrough;
        long from = before == long.MinValue ? DayWithData(head, 0) : before;
        while (IsDue(from, sealedThrough) && HasRoom)
        {
            if (MakeDay(head, fieldId, from) > 0)
            {
                from += RollupLevels.Day;
                continue;
            }

            // An empty day: the next one may be years ahead, where a clock was wrong.
            from = DayWithData(head, from + RollupLevels.Day);
        }

        if (from != before && from != long.MaxValue)
        {
            _making.AddProgress(head.StoreId, from);
            lock (_gate)
            {
                head.RolledThrough = from;
            }
        }

        return !IsDue(from, sealedThrough);
    }

    /// <summary>The field's head when a day of it is due.</summary>
    private FieldHead? FindDue(int fieldId, out long sealedThrough)
    {
        lock (_gate)
        {
            FieldHead? head = _table.Find(fieldId);
            sealedThrough = head?.SealedThrough ?? long.MinValue;
            bool isDue = head is not null && RollupLevels.Has(head.Type)
                && IsDue(Math.Max(head.RolledThrough, 0), sealedThrough);
            return isDue ? head : null;
        }
    }

    private static bool IsDue(long from, long sealedThrough) =>
        SaturatingTime.Add(from, RollupLevels.Day) <= sealedThrough;

    /// <summary>
    /// Start of the first day from <paramref name="from"/> on that the file has samples of; the end of time when there
    /// is none, for then they are in memory still and the next checkpoint shows them.
    /// </summary>
    private long DayWithData(FieldHead head, long from)
    {
        _firstTime.Bind(1, head.StoreId).Bind(2, from);
        try
        {
            bool found = _firstTime.Step() && !_firstTime.IsNull(0);
            return found
                ? RollupLevels.FloorTo(Math.Max(_firstTime.Int64(0), from), RollupLevels.Day)
                : long.MaxValue;
        }
        finally
        {
            _firstTime.Reset();
        }
    }

    /// <returns>How many samples the day has.</returns>
    private long MakeDay(FieldHead head, int fieldId, long start)
    {
        _daysMade++;
        _fold.Begin(head.Type);
        RollupFold fold = _fold;
        _reader.Read(_table, _gate, fieldId, start, start + RollupLevels.Day, ref fold);
        _fold.End();
        if (_fold.SampleCount > 0)
        {
            _making.AddDay(head.StoreId, start / RollupLevels.Day, _fold, _format);
        }

        return _fold.SampleCount;
    }

    /// <summary>Makes the days anew that late chunks have samples of.</summary>
    private void RebuildLate(CancellationToken cancellation)
    {
        _late.Bind(1, LateChunksAtOnce);
        try
        {
            while (HasRoom && _late.Step())
            {
                cancellation.ThrowIfCancellationRequested();
                RebuildDaysOf(_late.Int64(1), _late.Blob(2));
                _making.AddLateChunk(_late.Int64(0));
            }
        }
        finally
        {
            _late.Reset();
        }
    }

    private void RebuildDaysOf(long fieldStoreId, ReadOnlySpan<byte> chunk)
    {
        if (FieldOf(fieldStoreId) is not { } fieldId || _table.Find(fieldId) is not { } head)
        {
            return; // the field was left out when the store was opened
        }

        _columns.Clear();
        ChunkFormat.Decode(chunk, head.Type, _columns, withProvenance: false);
        _days.Clear();
        foreach (long time in _columns.Times)
        {
            if (time >= 0 && time < head.RolledThrough)
            {
                _days.Add(RollupLevels.FloorTo(time, RollupLevels.Day));
            }
        }

        foreach (long day in _days)
        {
            MakeDay(head, fieldId, day);
        }
    }

    private int? FieldOf(long fieldStoreId)
    {
        if (!_fieldIds.TryGetValue(fieldStoreId, out int fieldId))
        {
            lock (_gate)
            {
                for (int i = 0; i < _table.FieldIdEnd; i++)
                {
                    if (_table.Find(i) is { } head)
                    {
                        _fieldIds[head.StoreId] = i;
                    }
                }
            }

            fieldId = _fieldIds.GetValueOrDefault(fieldStoreId, -1);
        }

        return fieldId < 0 ? null : fieldId;
    }
}
