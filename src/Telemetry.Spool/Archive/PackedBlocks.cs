using System.IO.Compression;

namespace Telemetry.Spool;

/// <summary>
/// The records of a packed segment. From a block that is not as it was written, all that follows in the file is passed
/// over.
/// </summary>
internal sealed class PackedBlocks : IBlockSource
{
    private readonly IFile _file;
    private readonly long _end;
    private byte[] _packed = [];
    private long _position = PackedFormat.HeaderBytes;
    private long _offset;

    /// <param name="file">The file, which is closed here; its header was found right.</param>
    /// <param name="firstOffset">Its first offset.</param>
    /// <param name="endOffset">Where its records end.</param>
    /// <param name="from">Blocks that end before are passed over.</param>
    public PackedBlocks(IFile file, long firstOffset, long endOffset, long from)
    {
        _file = file;
        _offset = firstOffset;
        _end = endOffset;
        Span<byte> header = stackalloc byte[PackedFormat.BlockHeaderBytes];
        while (_file.Read(header, _position) == header.Length
            && PackedFormat.ReadBlock(header) is { IsPlausible: true } block
            && block.FirstOffset == _offset
            && block.EndOffset <= from)
        {
            _position += PackedFormat.BlockHeaderBytes + block.PackedBytes;
            _offset = block.EndOffset;
        }
    }

    /// <inheritdoc/>
    public long SkippedBytes { get; private set; }

    /// <inheritdoc/>
    public bool TryNext(RecordBlock block)
    {
        if (_offset >= _end)
        {
            return false;
        }

        block.Begin(_offset);
        if (!TryUnpack(block))
        {
            SkippedBytes += _end - _offset;
            block.Begin(_offset);
            block.EndOffset = _end;
        }

        _offset = block.EndOffset;
        return true;
    }

    public void Dispose() => _file.Dispose();

    private bool TryUnpack(RecordBlock block)
    {
        Reserve(PackedFormat.BlockHeaderBytes);
        int count = _file.Read(_packed.AsSpan(0, PackedFormat.BlockHeaderBytes), _position);
        if (count < PackedFormat.BlockHeaderBytes
            || PackedFormat.ReadBlock(_packed) is not { IsPlausible: true } header
            || header.FirstOffset != _offset)
        {
            return false;
        }

        int whole = PackedFormat.BlockHeaderBytes + header.PackedBytes;
        Reserve(whole);
        Span<byte> packed = _packed.AsSpan(0, whole);
        bool isUnpacked = _file.Read(packed, _position) == whole
            && PackedFormat.IsSound(packed)
            && BrotliDecoder.TryDecompress(
                packed[PackedFormat.BlockHeaderBytes..], block.Extend(header.Bytes), out int bytes)
            && bytes == header.Bytes;
        block.EndOffset = header.EndOffset;
        _position += whole;
        return isUnpacked;
    }

    private void Reserve(int bytes)
    {
        if (_packed.Length < bytes)
        {
            Array.Resize(ref _packed, bytes);
        }
    }
}
