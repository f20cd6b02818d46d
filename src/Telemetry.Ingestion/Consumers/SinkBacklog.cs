using System.Buffers;
using Microsoft.Extensions.Logging;
using Telemetry.Buffers;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>A range of the spool that a sink has not had yet.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="FirstArrival">No record of it arrived before, nanoseconds since 1970; 0 when unknown.</param>
public readonly record struct BacklogRange(long From, long To, long FirstArrival);

/// <summary>A range that the spool let go of before a sink had it; the embedded store has its samples.</summary>
/// <param name="From">Where it began.</param>
/// <param name="To">Where it ended.</param>
/// <param name="FirstArrival">No record of it arrived before, nanoseconds since 1970; 0 when unknown.</param>
/// <param name="LastArrival">No record of it arrived after, nanoseconds since 1970.</param>
/// <param name="RefilledTo">The sink has its samples with times before this, nanoseconds since 1970.</param>
public readonly record struct MissedRange(
    long From, long To, long FirstArrival, long LastArrival, long RefilledTo = long.MinValue);

/// <summary>
/// What an optional sink has had of the log: everything before its live place but for ranges left behind, which are
/// sent later, and ranges that the spool let go of, which are refilled from the embedded store. Durable as the sink's
/// cursor, which is the lowest place that the spool still has to keep, and beside it a file with the ranges;
/// docs/formats/sink-backlog.md. For any thread.
/// </summary>
internal sealed class SinkBacklog
{
    private const uint Magic = 0x4B42_4B53; // "SKBK" as little-endian bytes
    private const uint Version = 1;
    private static readonly TimeSpan PersistIntervalDefault = TimeSpan.FromSeconds(0.5);
    private readonly Lock _gate = new();
    private readonly Spool.Spool _spool;
    private readonly Cursor _cursor;
    private readonly CheckpointFile _file;
    private readonly ArrivalClock _clock;
    private readonly long _persistInterval;
    private readonly ILogger _logger;
    private readonly long[] _laneOffsets = new long[Limits.LaneCount];
    private readonly List<BacklogRange> _ranges = [];
    private readonly List<MissedRange> _missed = [];
    private long _live;
    private long _liveArrival; // no record behind the live place arrived before
    private SinkCounts _counts;
    private long _persistedAt = long.MinValue;
    private bool _isFileBehind;
    private bool _isUrgent; // what it says of ranges is behind, not only of places
    private bool _isStuck;

    /// <param name="spool">Where the records are.</param>
    /// <param name="cursor">The sink's.</param>
    /// <param name="files">The disk.</param>
    /// <param name="directory">Where the file of the ranges lies; made when missing.</param>
    /// <param name="clock">Stands for the arrival of a record that cannot be read.</param>
    /// <param name="logger">For what is missed, and for a disk that refuses.</param>
    /// <param name="persistInterval">
    /// What moves within it is made durable together; after a crash it is sent once more. Null for half a second.
    /// </param>
    public SinkBacklog(
        Spool.Spool spool,
        Cursor cursor,
        IFileSystem files,
        string directory,
        ArrivalClock clock,
        ILogger logger,
        TimeSpan? persistInterval = null)
    {
        _persistInterval = (long)(persistInterval ?? PersistIntervalDefault).TotalNanoseconds;
        _spool = spool;
        _clock = clock;
        _cursor = cursor;
        _logger = logger;
        _file = new CheckpointFile(files, directory, $"{cursor.Name}.backlog", Magic, Version, logger);
        Restore();
        PassTrimmed();
    }

    /// <summary>Where the sink's new data begins.</summary>
    public long LiveOffset => Volatile.Read(ref _live);

    /// <summary>Everything before is done for good, or missed and written down.</summary>
    public long DurableOffset => _cursor.Minimum;

    /// <summary>What became of the points it was sent, or was not.</summary>
    public SinkCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return _counts;
            }
        }
    }

    /// <summary>The ranges still to be sent from the spool, oldest first.</summary>
    public IReadOnlyList<BacklogRange> Ranges
    {
        get
        {
            lock (_gate)
            {
                return [.. _ranges];
            }
        }
    }

    /// <summary>The ranges still to be refilled from the embedded store, oldest first.</summary>
    public IReadOnlyList<MissedRange> Missed
    {
        get
        {
            lock (_gate)
            {
                return [.. _missed];
            }
        }
    }

    /// <summary>The sink has what came as new up to an offset, where records arrive no earlier than told.</summary>
    public void Deliver(long offset, long arrival, in SinkCounts counts)
    {
        lock (_gate)
        {
            MoveLiveLocked(offset, arrival);
            _counts.Add(counts);
            PersistLocked();
        }
    }

    /// <summary>Makes durable what has moved.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isUrgent = true;
            PersistLocked();
        }
    }

    /// <summary>Leaves what is between the live place and the tail for later.</summary>
    public void LeaveBehind(long tail, long arrival)
    {
        lock (_gate)
        {
            if (_ranges.Count == IngestionLimits.BacklogRangesMax)
            {
                _ranges[^1] = _ranges[^1] with { To = tail }; // what it has had between is sent once more
            }
            else
            {
                _ranges.Add(new BacklogRange(_live, tail, _liveArrival));
            }

            IngestionLog.SinkLeftBehind(_logger, _cursor.Name, _live, tail, tail - _live);
            MoveLiveLocked(tail, arrival);
            _isUrgent = true;
            PersistLocked();
        }
    }

    /// <summary>The sink has the oldest range up to an offset.</summary>
    public void Drain(long offset, long arrival, in SinkCounts counts)
    {
        lock (_gate)
        {
            _counts.Add(counts);
            BacklogRange first = _ranges.FirstOrDefault(); // the spool may have let go of all of them meanwhile
            if (offset >= first.To && first.To > 0)
            {
                _ranges.RemoveAt(0);
                _isUrgent = true;
            }
            else if (offset > first.From)
            {
                _ranges[0] = first with { From = offset, FirstArrival = Math.Max(first.FirstArrival, arrival) };
            }

            PersistLocked();
        }
    }

    /// <summary>
    /// The sink has what was missed in the oldest such range, up to a time of samples; all of it at the end of time. A
    /// range that has grown meanwhile begins anew.
    /// </summary>
    public void Refill(MissedRange range, long time)
    {
        lock (_gate)
        {
            if (_missed.FirstOrDefault() != range)
            {
                return;
            }

            if (time == long.MaxValue)
            {
                IngestionLog.SinkRefilled(_logger, _cursor.Name, _missed[0].From, _missed[0].To);
                _missed.RemoveAt(0);
            }
            else
            {
                _missed[0] = _missed[0] with { RefilledTo = time };
            }

            _isUrgent = true;
            PersistLocked();
        }
    }

    /// <summary>Samples from the embedded store were sent.</summary>
    public void CountRefilled(int count)
    {
        lock (_gate)
        {
            _counts.Refilled += count;
        }
    }

    /// <summary>Writes down what the spool has let go of since the last call; cheap when that is nothing.</summary>
    public void PassTrimmed()
    {
        lock (_gate)
        {
            if (LowestLocked() >= _spool.FirstOffset)
            {
                return;
            }

            (long first, long arrival) = FirstRecord();
            while (_ranges.Count > 0 && _ranges[0].From < first)
            {
                BacklogRange range = _ranges[0];
                MissLocked(range.From, Math.Min(range.To, first), range.FirstArrival, arrival);
                _ranges.RemoveAt(0);
                if (range.To > first)
                {
                    _ranges.Insert(0, new BacklogRange(first, range.To, arrival));
                }
            }

            if (_live < first)
            {
                MissLocked(_live, first, _liveArrival, arrival);
                MoveLiveLocked(first, arrival);
            }

            PersistLocked();
        }
    }

    /// <summary>When the record at an offset arrived, nanoseconds since 1970.</summary>
    public long ArrivalAt(long offset, long otherwise)
    {
        if (offset < _spool.FirstOffset)
        {
            return otherwise;
        }

        using SpoolReader reader = _spool.OpenReader(offset);
        return reader.TryRead(out RecordView record) ? record.ArrivalTime : otherwise;
    }

    private void MissLocked(long from, long to, long firstArrival, long lastArrival)
    {
        IngestionLog.SinkMissed(_logger, _cursor.Name, from, to, to - from);
        bool isNext = _missed.Count > 0 && _missed[^1].To == from && _missed[^1].RefilledTo == long.MinValue;
        if (isNext || _missed.Count == IngestionLimits.MissedRangesMax)
        {
            _missed[^1] = _missed[^1] with { To = to, LastArrival = lastArrival, RefilledTo = long.MinValue };
        }
        else
        {
            _missed.Add(new MissedRange(from, to, firstArrival, lastArrival));
        }

        _isUrgent = true;
    }

    private void MoveLiveLocked(long offset, long arrival)
    {
        if (offset > _live)
        {
            Volatile.Write(ref _live, offset);
            _liveArrival = Math.Max(_liveArrival, arrival);
        }
    }

    private long LowestLocked() => _ranges.Count > 0 ? Math.Min(_ranges[0].From, _live) : _live;

    /// <summary>
    /// First the file, then the cursor, which lets the spool go of what lies before: a crash between the two, or before
    /// them, sends something twice and counts it once. What the disk refuses is written with the next move.
    /// </summary>
    private void PersistLocked()
    {
        long now = _clock.Now();
        _isFileBehind |= _isUrgent || LowestLocked() > _cursor.Minimum;
        bool isDue = _isUrgent || _persistedAt == long.MinValue || now - _persistedAt >= _persistInterval;
        if (!isDue || !_isFileBehind)
        {
            return;
        }

        try
        {
            _persistedAt = now;
            WriteLocked();
            if (LowestLocked() > _cursor.Minimum)
            {
                _laneOffsets.AsSpan().Fill(LowestLocked());
                _cursor.Advance(_laneOffsets);
            }

            _isFileBehind = false;
            _isUrgent = false;
            _isStuck = false;
        }
        catch (IOException cause)
        {
            if (!_isStuck)
            {
                IngestionLog.InfluxCursorStuck(_logger, cause.Message);
            }

            _isStuck = true;
        }
    }

    private void WriteLocked()
    {
        var state = new ArrayBufferWriter<byte>();
        var writer = new StateWriter(state);
        writer.Int64(_liveArrival);
        writer.Int32(_ranges.Count);
        foreach (BacklogRange range in _ranges)
        {
            writer.Int64(range.From);
            writer.Int64(range.To);
            writer.Int64(range.FirstArrival);
        }

        writer.Int32(_missed.Count);
        foreach (MissedRange range in _missed)
        {
            writer.Int64(range.From);
            writer.Int64(range.To);
            writer.Int64(range.FirstArrival);
            writer.Int64(range.LastArrival);
            writer.Int64(range.RefilledTo);
        }

        _counts.Write(writer);
        _file.Write(_live, state.WrittenSpan);
    }

    /// <summary>The cursor may have moved since the file was written: what lies before it the sink has had.</summary>
    private void Restore()
    {
        long start = _cursor.Minimum;
        long end = _spool.DurableOffset;
        _live = Math.Min(start, end);
        if (_file.TryRead(out byte[] state, out long live) && !TryRestore(state, Math.Min(live, end)))
        {
            _ranges.Clear();
            _missed.Clear();
            _file.SetAside("its ranges cannot be read");
        }

        if (_live <= start)
        {
            _live = Math.Min(start, end);
            _liveArrival = Math.Max(_liveArrival, _live == end ? _spool.Recovery.ArrivalMax : ArrivalAt(_live, 0));
        }
    }

    private bool TryRestore(ReadOnlySpan<byte> state, long live)
    {
        var reader = new StateReader(state);
        long liveArrival = reader.Int64();
        int count = reader.Int32();
        for (int i = 0; i < count && !reader.IsFailed; i++)
        {
            var range = new BacklogRange(
                Math.Max(reader.Int64(), _live), Math.Min(reader.Int64(), _spool.DurableOffset), reader.Int64());
            if (range.From < range.To)
            {
                _ranges.Add(range);
            }
        }

        count = reader.Int32();
        for (int i = 0; i < count && !reader.IsFailed; i++)
        {
            _missed.Add(new MissedRange(
                reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64()));
        }

        bool hasCounts = reader.RestBytes > 0; // the first files of this version had none
        SinkCounts counts = hasCounts ? SinkCounts.Read(ref reader) : default;
        if (reader.IsFailed || reader.RestBytes > 0)
        {
            return false;
        }

        _counts = counts;

        (_live, _liveArrival) = (Math.Max(_live, live), liveArrival);
        return true;
    }

    /// <summary>The spool's first offset and when its record arrived.</summary>
    private (long Offset, long Arrival) FirstRecord()
    {
        while (true)
        {
            long first = _spool.FirstOffset;
            long arrival = ArrivalAt(first, _clock.Now());
            if (_spool.FirstOffset == first)
            {
                return (first, arrival); // else the record may have been another one
            }
        }
    }
}
