using System.Buffers;

namespace Telemetry.Testing;

/// <summary>Every way in which one piece of bytes can arrive in pieces.</summary>
public static class Splits
{
    /// <summary>The bytes cut in two at every place, the ends included.</summary>
    public static IEnumerable<ReadOnlySequence<byte>> InTwo(byte[] bytes)
    {
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            yield return Of(bytes.AsMemory(0, cut), bytes.AsMemory(cut));
        }
    }

    /// <summary>One byte per segment, with an empty segment between each.</summary>
    public static ReadOnlySequence<byte> PerByte(byte[] bytes)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        for (int i = 0; i < bytes.Length; i++)
        {
            pieces.Add(bytes.AsMemory(i, 1));
            pieces.Add(ReadOnlyMemory<byte>.Empty);
        }

        return Of([.. pieces]);
    }

    /// <summary>A sequence of exactly these segments.</summary>
    public static ReadOnlySequence<byte> Of(params ReadOnlyMemory<byte>[] pieces)
    {
        if (pieces.Length == 0)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        var first = new Segment(pieces[0], 0);
        Segment last = first;
        foreach (ReadOnlyMemory<byte> piece in pieces.AsSpan(1))
        {
            last = last.Append(piece);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
