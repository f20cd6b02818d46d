using System.Buffers;

namespace Telemetry.Benchmarks.Inputs;

/// <summary>Cuts bytes into a sequence of segments, as a pipe hands them out.</summary>
internal static class Segments
{
    /// <summary>A sequence over copies of <paramref name="bytes"/>, each segment but the last of one size.</summary>
    public static ReadOnlySequence<byte> Cut(ReadOnlySpan<byte> bytes, int segmentBytes)
    {
        Segment? first = null;
        Segment? last = null;
        for (int at = 0; at < bytes.Length; at += segmentBytes)
        {
            byte[] part = bytes.Slice(at, Math.Min(segmentBytes, bytes.Length - at)).ToArray();
            last = new Segment(part, last);
            first ??= last;
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, Segment? previous)
        {
            Memory = bytes;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
