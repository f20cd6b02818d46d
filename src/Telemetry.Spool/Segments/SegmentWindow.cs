using System.Buffers;

namespace Telemetry.Spool;

/// <summary>
/// A block of one segment in memory, moved forward as its reader goes on. It reads only up to the end it is given, so
/// bytes that were not durable then are never seen.
/// </summary>
internal sealed class SegmentWindow(int bytes) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(bytes); // readers come and go, one with each checkpoint
    private IFile? _file;
    private long _fileFirst;
    private long _start;
    private int _count;

    /// <summary>Whether the file holds gaps, by its header.</summary>
    public bool IsCompacted { get; private set; }

    /// <summary>What checksums of records are masked with, by the header.</summary>
    public uint Mask { get; set; }

    /// <summary>Goes over to another file, which this window closes.</summary>
    public void Attach(IFile file, long firstOffset)
    {
        _file?.Dispose();
        _file = file;
        _fileFirst = firstOffset;
        _start = firstOffset;
        _count = 0;
        Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
        bool isWhole = file.Read(header, 0) == header.Length;
        IsCompacted = isWhole && SegmentHeader.SpanOf(header) is not null;
        Mask = isWhole ? SegmentHeader.MaskOf(SegmentHeader.LifeOf(header)) : 0;
    }

    /// <summary>
    /// What follows in the file has offsets that are higher by so much: it lies behind a gap. Valid when the window
    /// moves on from there.
    /// </summary>
    public void Shift(long bytes)
    {
        _fileFirst += bytes;
        _start += bytes;
    }

    /// <summary>
    /// The bytes from <paramref name="offset"/> on, at least <paramref name="wanted"/> of them unless
    /// <paramref name="end"/> or the file's end comes first; valid until the next call.
    /// </summary>
    public ReadOnlySpan<byte> At(long offset, int wanted, long end)
    {
        long into = offset - _start;
        if (into >= 0 && into + wanted <= _count)
        {
            return _buffer.AsSpan((int)into, _count - (int)into);
        }

        return Fill(offset, wanted, end);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
        _count = 0;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private ReadOnlySpan<byte> Fill(long offset, int wanted, long end)
    {
        long into = offset - _start;
        int kept = into >= 0 && into < _count ? _count - (int)into : 0;
        if (wanted > _buffer.Length)
        {
            Grow(wanted, (int)into, kept);
        }
        else if (kept > 0)
        {
            _buffer.AsSpan((int)into, kept).CopyTo(_buffer);
        }

        _start = offset;
        _count = kept;
        int room = (int)Math.Min(_buffer.Length - kept, end - offset - kept);
        if (room > 0 && _file is not null)
        {
            long position = SegmentHeader.Bytes + (offset - _fileFirst) + kept;
            _count += _file.Read(_buffer.AsSpan(kept, room), position);
        }

        return _buffer.AsSpan(0, _count);
    }

    private void Grow(int wanted, int from, int kept)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(wanted);
        if (kept > 0)
        {
            _buffer.AsSpan(from, kept).CopyTo(larger);
        }

        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
