namespace Telemetry.Buffers;

/// <summary>
/// Bytes first in, first out, contiguous, in one array that grows and is let go when it stood empty and large.
/// It has one owner and no lock of its own. A span from it dies with the next call.
/// </summary>
public sealed class ByteQueue
{
    private const int CapacityKept = 256 * 1024; // one write's worth; what a burst needed is let go
    private const int CapacityFirst = 64; // an answer or two: each connection keeps as much

    private byte[] _bytes = [];
    private int _start;
    private int _end;

    /// <summary>Bytes waiting.</summary>
    public int Count => _end - _start;

    /// <summary>All bytes waiting, oldest first.</summary>
    public Span<byte> Waiting => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Adds bytes that the caller fills in before anything else is asked of the queue.</summary>
    public Span<byte> Extend(int bytes)
    {
        if (_bytes.Length - _end < bytes)
        {
            MakeRoom(bytes);
        }

        Span<byte> added = _bytes.AsSpan(_end, bytes);
        _end += bytes;
        return added;
    }

    /// <summary>Adds a copy of bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Extend(bytes.Length));

    /// <summary>Forgets the oldest bytes.</summary>
    public void Skip(int bytes)
    {
        _start += bytes;
        if (_start == _end)
        {
            Clear();
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _start = 0;
        _end = 0;
        if (_bytes.Length > CapacityKept)
        {
            _bytes = [];
        }
    }

    private void MakeRoom(int bytes)
    {
        int count = Count;
        int wanted = checked(count + bytes);
        bool isHalfEmpty = wanted <= _bytes.Length / 2; // compacting then moves at most as much as it frees
        byte[] target = isHalfEmpty ? _bytes : new byte[Math.Max(Math.Max(wanted, _bytes.Length * 2), CapacityFirst)];
        _bytes.AsSpan(_start, count).CopyTo(target);
        _bytes = target;
        _start = 0;
        _end = count;
    }
}
