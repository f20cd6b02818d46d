using Telemetry.Buffers;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// Whether acknowledgements may leave: what is durable against what the oldest of them waits for. The committer asks it
/// without the outbox's lock; whichever of the two comes second sees the other.
/// </summary>
internal sealed class AckGate(long durableOffset = 0)
{
    private long _durableOffset = durableOffset;
    private long _oldestOffset = long.MaxValue;

    /// <summary>Everything before it is durable, as far as this outbox was told.</summary>
    public long DurableOffset => Volatile.Read(ref _durableOffset);

    /// <summary>Says what the oldest acknowledgement waits for; the largest number when none waits.</summary>
    public void Expect(long oldestOffset) => Volatile.Write(ref _oldestOffset, oldestOffset);

    /// <summary>After acknowledgements were added: whether their commit has come first.</summary>
    public bool IsOpenFor(long endOffset)
    {
        Interlocked.MemoryBarrier();
        return endOffset <= DurableOffset;
    }

    /// <summary>A commit: whether any acknowledgement may leave now.</summary>
    public bool Open(long durableOffset)
    {
        Monotone.Raise(ref _durableOffset, durableOffset);
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _oldestOffset) <= durableOffset;
    }
}
