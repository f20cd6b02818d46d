namespace Telemetry.Spool;

/// <summary>
/// Blocks that become durable together, and who wants to know. It has one owner at a time: the queue's lock while it
/// fills, the committer while it is written.
/// </summary>
internal sealed class AppendBuffer(int bytesMax)
{
    // Not zeroed: only pages that are used count against memory.
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(bytesMax);
    private readonly HashSet<ICommitListener> _listeners = new(ReferenceEqualityComparer.Instance);

    public int Count { get; private set; }

    public Span<byte> Written => _bytes.AsSpan(0, Count);

    /// <summary>Each listener once, however many blocks it has here.</summary>
    public HashSet<ICommitListener> Listeners => _listeners;

    public bool TryAdd(ReadOnlySpan<byte> block, ICommitListener? listener)
    {
        if (block.Length > _bytes.Length - Count)
        {
            return false;
        }

        block.CopyTo(_bytes.AsSpan(Count));
        Count += block.Length;
        if (listener is not null)
        {
            _listeners.Add(listener);
        }

        return true;
    }

    public void Reset()
    {
        Count = 0;
        _listeners.Clear();
    }
}
