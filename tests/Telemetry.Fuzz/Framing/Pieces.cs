using System.Buffers;

namespace Telemetry.Fuzz;

/// <summary>One run of bytes as a sequence of segments, cut by chance. The segments are used again each time.</summary>
internal sealed class Pieces(FuzzRandom random)
{
    private const int PerByteMax = 512; // longer runs are cut into fewer pieces

    private readonly List<Segment> _segments = [];
    private int _used;

    /// <summary>Cuts the bytes, sometimes with empty segments in between.</summary>
    public ReadOnlySequence<byte> Cut(ReadOnlyMemory<byte> bytes)
    {
        _used = 0;
        int most = random.Below(4) switch
        {
            0 when bytes.Length <= PerByteMax => 1,
            1 => 4,
            2 => Math.Max(1, bytes.Length),
            _ => Math.Max(1, bytes.Length / 2),
        };
        int from = 0;
        while (from < bytes.Length)
        {
            int count = Math.Min(random.Between(1, most), bytes.Length - from);
            Append(bytes.Slice(from, count));
            from += count;
            if (random.OneIn(6))
            {
                Append(default);
            }
        }

        if (_used == 0)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        Segment last = _segments[_used - 1];
        last.Link(null);
        return new ReadOnlySequence<byte>(_segments[0], 0, last, last.Memory.Length);
    }

    private void Append(ReadOnlyMemory<byte> memory)
    {
        if (_used == _segments.Count)
        {
            _segments.Add(new Segment());
        }

        Segment segment = _segments[_used];
        Segment? before = _used > 0 ? _segments[_used - 1] : null;
        segment.Set(memory, before is null ? 0 : before.RunningIndex + before.Memory.Length);
        before?.Link(segment);
        _used++;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public void Set(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public void Link(Segment? next) => Next = next;
    }
}
