using Telemetry.Buffers;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// Acknowledgements in receipt order, ready rendered, each group behind the offset that makes it legal (law L2).
/// The outbox owns it under its lock.
/// </summary>
internal sealed class AckQueue
{
    private readonly ByteQueue _bytes = new();
    private Queue<Mark>? _marks; // made by the first acknowledgement

    /// <summary>PUBACK and PUBCOMP not yet written: each of them frees a place in the client's window.</summary>
    public int Count { get; private set; }

    /// <summary>The offset the oldest group waits for; the largest number when nothing waits.</summary>
    public long OldestOffset => _marks is not null && _marks.TryPeek(out Mark mark) ? mark.EndOffset : long.MaxValue;

    /// <summary>Adds the acknowledgements of one block.</summary>
    public void Add(ReadOnlySpan<byte> acks, int count, long endOffset)
    {
        _bytes.Add(acks);
        _marks ??= new Queue<Mark>();
        _marks.Enqueue(new Mark(endOffset, acks.Length, count));
        Count += count;
    }

    /// <summary>The bytes of all durable groups; the caller writes them and then calls <see cref="Skip"/>.</summary>
    public ReadOnlySpan<byte> TakeReleased(long durableOffset)
    {
        int released = 0;
        while (_marks is not null && _marks.TryPeek(out Mark mark) && mark.EndOffset <= durableOffset)
        {
            released += mark.Bytes;
            Count -= mark.Count;
            _marks.Dequeue();
        }

        return _bytes.Waiting[..released];
    }

    /// <summary>Forgets written bytes.</summary>
    public void Skip(int bytes) => _bytes.Skip(bytes);

    /// <summary>Forgets everything: the connection is gone and its peer will send again.</summary>
    public void Clear()
    {
        _bytes.Clear();
        _marks?.Clear();
        Count = 0;
    }

    private readonly record struct Mark(long EndOffset, int Bytes, int Count);
}
