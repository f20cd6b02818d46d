using System.IO.Compression;

namespace Telemetry.Spool;

/// <summary>
/// Packs an archived segment into a file of its own, block by block. The name tells what is whole: until all of it is
/// synced the file is unfinished, and the plain segment stays.
/// </summary>
internal sealed class SegmentPacker(IFileSystem files)
{
    // Measured on 50 MB of the simulated mine's messages: 10.2 times smaller at 44 MB/s of one core; quality 1 gives
    // 6.4 at 308 MB/s, 11 is slower by two orders.
    private const int Quality = 5;
    private const int WindowBits = 20; // 1 MiB, as a block has

    private readonly RecordBlock _block = new();
    private byte[] _packed = [];

    /// <summary>Packs it.</summary>
    /// <param name="segment">The plain segment.</param>
    /// <param name="unfinished">Where the packed one is written.</param>
    /// <param name="path">The name it is to have then.</param>
    /// <param name="onBlock">Called behind each block; what it throws ends the packing.</param>
    /// <returns>The packed one, durable but for its name; null when the segment cannot be read whole.</returns>
    /// <exception cref="IOException">The disk refused.</exception>
    public ArchivedSegment? Pack(
        ArchivedSegment segment, string unfinished, string path, Action? onBlock)
    {
        IFile source = files.Open(segment.Path, FileIntent.Read);
        using var blocks = new PlainBlocks(source, segment.FirstOffset, segment.EndOffset);
        using IFile target = files.Open(unfinished, FileIntent.Create);
        long position = PackedFormat.HeaderBytes;
        while (blocks.TryNext(_block))
        {
            ReadOnlySpan<byte> packed = Pack(_block);
            target.Write(packed, position);
            position += packed.Length;
            onBlock?.Invoke();
        }

        if (blocks.SkippedBytes > 0)
        {
            return null;
        }

        Span<byte> header = stackalloc byte[PackedFormat.HeaderBytes];
        PackedFormat.WriteHeader(header, segment.FirstOffset, segment.EndOffset, segment.FirstArrival);
        target.Write(header, 0);
        target.Sync();
        return segment with { Path = path, FileBytes = position, IsPacked = true };
    }

    private ReadOnlySpan<byte> Pack(RecordBlock block)
    {
        int room = PackedFormat.BlockHeaderBytes + BrotliEncoder.GetMaxCompressedLength(block.Count);
        if (_packed.Length < room)
        {
            _packed = new byte[room];
        }

        Span<byte> target = _packed.AsSpan(PackedFormat.BlockHeaderBytes);
        if (!BrotliEncoder.TryCompress(block.Bytes, target, out int bytes, Quality, WindowBits))
        {
            throw new InvalidOperationException($"BUG: {block.Count} bytes do not fit into {target.Length} packed");
        }

        Span<byte> packed = _packed.AsSpan(0, PackedFormat.BlockHeaderBytes + bytes);
        PackedFormat.SealBlock(packed, block);
        return packed;
    }
}
