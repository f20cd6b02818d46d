using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// What memory held of one field at the start of a read: a copy of encoded bytes and plain tails, made under the
/// store's lock and decoded behind it.
/// </summary>
internal sealed class HeadSnapshot
{
    /// <summary>Open chunks hold what came last; main and late never share a time.</summary>
    private const long OpenSequence = long.MaxValue;

    private readonly OpenCopy _main = new();
    private readonly OpenCopy _late = new();
    private readonly BlobWriter _blobs = new();
    private readonly List<PendingChunk> _pending = [];
    private FieldType _type;

    /// <summary>Copies what overlaps [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public void TakeLocked(FieldHead head, PendingChunks pending, long from, long to)
    {
        _type = head.Type;
        _main.Take(head.Main, head.Type, from, to);
        _late.Take(head.Late, head.Type, from, to);
        _blobs.Clear();
        _pending.Clear();
        for (int i = head.LastPending; i >= 0; i = pending.Chunks[i].Previous)
        {
            PendingChunk chunk = pending.Chunks[i];
            if (chunk.Summary.LastTime >= from && chunk.Summary.FirstTime < to)
            {
                ReadOnlySpan<byte> blob = pending.BlobOf(chunk);
                chunk.Start = _blobs.Count;
                _blobs.WriteBytes(blob);
                _pending.Add(chunk);
            }
        }
    }

    /// <summary>Lists what was copied and overlaps [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public void AddEntries(List<ChunkEntry> entries, long from, long to)
    {
        for (int i = 0; i < _pending.Count; i++)
        {
            PendingChunk chunk = _pending[i];
            SampleSummary summary = chunk.Summary;
            if (summary.LastTime >= from && summary.FirstTime < to)
            {
                entries.Add(new ChunkEntry(
                    chunk.Sequence, summary.FirstTime, summary.LastTime, i, chunk.HasValues, summary));
            }
        }

        AddOpen(_main, _pending.Count, entries, from, to);
        AddOpen(_late, _pending.Count + 1, entries, from, to);
    }

    /// <summary>Decodes the entry with that <see cref="ChunkEntry.Memory"/>.</summary>
    public ChunkFault Decode(int memory, SampleColumns target, bool withProvenance)
    {
        if (memory < _pending.Count)
        {
            PendingChunk chunk = _pending[memory];
            ReadOnlySpan<byte> blob = _blobs.Written.Slice(chunk.Start, chunk.Bytes);
            return ChunkFormat.Decode(blob, _type, target, withProvenance);
        }

        return (memory == _pending.Count ? _main : _late).Decode(target, _type, withProvenance);
    }

    /// <summary>Lists the times of what came late; what cannot be decoded is reported when it is read.</summary>
    public void AddLateTimes(LateTimes times, SampleColumns scratch)
    {
        for (int i = 0; i < _pending.Count; i++)
        {
            if (_pending[i].IsLate)
            {
                scratch.Clear();
                Decode(i, scratch, withProvenance: false);
                times.Add(scratch.Times);
            }
        }

        if (_late.IsPresent)
        {
            scratch.Clear();
            _late.Decode(scratch, _type, withProvenance: false);
            times.Add(scratch.Times);
        }
    }

    private static void AddOpen(OpenCopy copy, int memory, List<ChunkEntry> entries, long from, long to)
    {
        if (copy.IsPresent && copy.MaxTime >= from && copy.MinTime < to)
        {
            entries.Add(new ChunkEntry(OpenSequence, copy.MinTime, copy.MaxTime, memory, HasValues: false, default));
        }
    }

    private sealed class OpenCopy
    {
        private readonly BlobWriter _parts = new();
        private readonly SampleColumns _tail = new();

        public bool IsPresent { get; private set; }

        public long MinTime { get; private set; }

        public long MaxTime { get; private set; }

        public void Take(OpenChunk? open, FieldType type, long from, long to)
        {
            _parts.Clear();
            _tail.Clear();
            IsPresent = open is { Count: > 0 } && open.MaxTime >= from && open.MinTime < to;
            if (IsPresent)
            {
                MinTime = open!.MinTime;
                MaxTime = open.MaxTime;
                open.CopyTo(_parts, _tail, type);
            }
        }

        public ChunkFault Decode(SampleColumns target, FieldType type, bool withProvenance)
        {
            var reader = new BlobReader(_parts.Written);
            while (HeadParts.TryRead(ref reader, out ReadOnlySpan<byte> part))
            {
                ChunkFault fault = ChunkFormat.Decode(part, type, target, withProvenance);
                if (fault != ChunkFault.None)
                {
                    return fault;
                }
            }

            for (int i = 0; i < _tail.Count; i++)
            {
                target.CopyFrom(_tail, i, type);
            }

            target.SortByTime(type);
            return ChunkFault.None;
        }
    }
}
