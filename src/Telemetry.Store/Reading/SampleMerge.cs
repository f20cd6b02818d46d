using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// Merges chunks that overlap in time into one ascending run; of samples with the same time the one of the chunk with
/// the greatest number is given. Holds only the chunks that the present time falls into.
/// </summary>
internal sealed class SampleMerge
{
    private const int BlockCount = 1024;
    private readonly List<ChunkCursor> _active = [];
    private readonly Stack<ChunkCursor> _idle = new();
    private readonly SampleColumns _merged = new();
    private FieldType _type;
    private bool _withProvenance;

    /// <summary>Time of the next sample; the greatest time there is when there is none.</summary>
    public long NextTime { get; private set; } = long.MaxValue;

    /// <summary>Nothing is left to be given.</summary>
    public bool IsEmpty => _active.Count == 0;

    /// <summary>Forgets what a read that was stopped has left.</summary>
    public void Begin(FieldType type, bool withProvenance)
    {
        _type = type;
        _withProvenance = withProvenance;
        foreach (ChunkCursor cursor in _active)
        {
            _idle.Push(cursor);
        }

        _active.Clear();
        NextTime = long.MaxValue;
    }

    public ChunkCursor Rent()
    {
        ChunkCursor cursor = _idle.TryPop(out ChunkCursor? idle) ? idle : new ChunkCursor();
        cursor.Columns.Clear();
        return cursor;
    }

    public void Return(ChunkCursor cursor) => _idle.Push(cursor);

    /// <summary>Takes a chunk in; its samples are given by the calls that follow.</summary>
    public void Add(ChunkCursor cursor)
    {
        _active.Add(cursor);
        DropEnded();
    }

    /// <summary>
    /// Gives all samples before <paramref name="bound"/>; no read goes to the greatest time there is.
    /// </summary>
    /// <returns>False when the visitor wants no more.</returns>
    public bool GiveBefore<TVisitor>(long bound, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct
    {
        while (NextTime < bound)
        {
            bool goesOn = _active.Count == 1
                ? GiveRun(_active[0], bound, ref visitor)
                : GiveMerged(bound, ref visitor);
            DropEnded();
            if (!goesOn)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Fast path: one chunk alone, given as it is.</summary>
    public bool GiveRun<TVisitor>(ChunkCursor cursor, long bound, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct
    {
        int start = cursor.Position;
        int end = cursor.FirstNotBefore(bound);
        cursor.MoveTo(end);
        return start == end || Give(cursor.Columns, start, end, ref visitor);
    }

    private bool GiveMerged<TVisitor>(long bound, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct
    {
        _merged.Clear();
        while (_active.Count > 1 && NextTime < bound && _merged.Count < BlockCount)
        {
            ChunkCursor? winner = null;
            foreach (ChunkCursor cursor in _active)
            {
                if (cursor.NextTime == NextTime && (winner is null || cursor.Sequence > winner.Sequence))
                {
                    winner = cursor;
                }
            }

            _merged.CopyFrom(winner!.Columns, winner.Position, _type);
            PassNextTime();
        }

        return _merged.Count == 0 || Give(_merged, 0, _merged.Count, ref visitor);
    }

    private void PassNextTime()
    {
        long passed = NextTime;
        foreach (ChunkCursor cursor in _active)
        {
            if (cursor.NextTime == passed)
            {
                cursor.MoveTo(cursor.Position + 1);
            }
        }

        DropEnded();
    }

    private bool Give<TVisitor>(SampleColumns columns, int start, int end, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct
    {
        Range given = start..end;
        OriginColumns origins = columns.Origins;
        var block = new SampleBlock
        {
            Times = columns.Times[given],
            Bits = columns.Bits[given],
            Qualities = columns.Qualities[given],
            Text = columns.Text,
            Type = _type,
            Arrivals = _withProvenance ? columns.Arrivals[given] : default,
            Sources = _withProvenance ? origins.Sources.AsSpan(given) : default,
            Corrections = _withProvenance ? origins.Corrections.AsSpan(given) : default,
            Uncertainties = _withProvenance ? origins.Uncertainties.AsSpan(given) : default,
        };
        return visitor.OnSamples(block);
    }

    private void DropEnded()
    {
        NextTime = long.MaxValue;
        for (int i = _active.Count - 1; i >= 0; i--)
        {
            ChunkCursor cursor = _active[i];
            if (cursor.IsAtEnd)
            {
                _active.RemoveAt(i);
                _idle.Push(cursor);
                continue;
            }

            NextTime = Math.Min(NextTime, cursor.NextTime);
        }
    }
}
