using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Telemetry.Buffers;
using Telemetry.Detection;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// The detectors' state with the offset it stands for, in one file that is the old one or the new one, never a mixture:
/// <c>magic u32 | version u32 | offset i64 | state bytes i32 | CRC-32C u32 of all but itself | state</c>.
/// </summary>
internal sealed class DetectionCheckpoint
{
    private const uint Magic = 0x5445_4454; // "TDET" as little-endian bytes
    private const uint Version = 1;
    private const int HeadBytes = 24;
    private const int ChecksumAt = 20;
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly string _path;
    private readonly ILogger _logger;

    public DetectionCheckpoint(IFileSystem files, string directory, ILogger logger)
    {
        _files = files;
        _directory = directory;
        _path = Path.Combine(directory, "detection.checkpoint");
        _logger = logger;
        files.CreateDirectory(directory);
    }

    /// <summary>
    /// Restores the detectors and gives the offset to go on from; 0 when there is nothing to restore.
    /// </summary>
    public long Restore(DetectorSet detectors)
    {
        if (!_files.ListFiles(_directory).Contains(Path.GetFileName(_path)))
        {
            return 0;
        }

        byte[] bytes;
        using (IFile file = _files.Open(_path, FileIntent.Read))
        {
            bytes = new byte[file.Length];
            file.Read(bytes, 0);
        }

        string? fault = FaultOf(bytes);
        if (fault is null)
        {
            // Fields that the catalogue no longer takes are left out; the rest of the state is as good as ever.
            RestoreOutcome outcome = detectors.Restore(bytes.AsSpan(HeadBytes));
            bool isUsable = outcome is RestoreOutcome.Restored or RestoreOutcome.RestoredInPart;
            fault = isUsable ? null : $"the state is {outcome}";
        }

        if (fault is not null)
        {
            _files.Rename(_path, _path + ".corrupt");
            _files.SyncDirectory(_directory);
            IngestionLog.DetectionCheckpointSetAside(_logger, _path, fault);
            return 0;
        }

        return BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8));
    }

    /// <summary>Replaces the file and returns when it is durable.</summary>
    /// <exception cref="IOException">The disk refused; the old file stands.</exception>
    public void Write(long offset, ReadOnlySpan<byte> state)
    {
        var bytes = new byte[HeadBytes + state.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), offset);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), state.Length);
        state.CopyTo(bytes.AsSpan(HeadBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ChecksumAt), ChecksumOf(bytes));
        string unfinished = _path + ".new";
        using (IFile file = _files.Open(unfinished, FileIntent.Create))
        {
            file.Write(bytes, 0);
            file.Sync();
        }

        _files.Rename(unfinished, _path);
        _files.SyncDirectory(_directory);
    }

    private static string? FaultOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadBytes)
        {
            return $"expected at least {HeadBytes} bytes, found {bytes.Length}";
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Version)
        {
            return $"it is no detection checkpoint of version {Version}";
        }

        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]);
        uint found = ChecksumOf(bytes);
        return expected == found ? null : $"checksum: expected {expected:x8}, found {found:x8}";
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> bytes) =>
        Crc32C.Append(Crc32C.Append(0, bytes[..ChecksumAt]), bytes[HeadBytes..]);
}
