using System.Buffers;
using Telemetry.Buffers;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Writes into a file through a small buffer, so that what is large never stands in memory as a whole.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="position">Where the first byte goes.</param>
internal sealed class FileBufferWriter(IFile file, long position) : IBufferWriter<byte>
{
    private const int BufferBytes = 64 * 1024; // below the large object heap
    private byte[] _buffer = new byte[BufferBytes];
    private int _count;

    /// <summary>How many bytes have been committed to the file.</summary>
    public long Bytes { get; private set; }

    /// <summary>CRC-32C of those.</summary>
    public uint Checksum { get; private set; }

    /// <inheritdoc/>
    public void Advance(int count) => _count += count;

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk refuses.</exception>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length - _count < Math.Max(1, sizeHint))
        {
            Commit();
        }

        if (_buffer.Length < sizeHint)
        {
            _buffer = new byte[sizeHint];
        }

        return _buffer.AsMemory(_count);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk refuses.</exception>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Writes what the buffer still holds.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Commit()
    {
        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, _count);
        file.Write(rest, position + Bytes);
        Checksum = Crc32C.Append(Checksum, rest);
        Bytes += _count;
        _count = 0;
    }
}
