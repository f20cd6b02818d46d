using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Telemetry.Buffers;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// A state with the offset it stands for, in one file that is the old one or the new one, never a mixture:
/// <c>magic u32 | version u32 | offset i64 | state bytes i32 | CRC-32C u32 of all but itself | state</c>,
/// little-endian.
/// </summary>
public sealed class CheckpointFile
{
    private const int HeadBytes = 24;
    private const int OffsetAt = 8;
    private const int StateBytesAt = 16;
    private const int ChecksumAt = 20;
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly string _path;
    private readonly uint _magic;
    private readonly uint _version;
    private readonly ILogger _logger;

    /// <summary>A file that is there, or will be with the first checkpoint.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="directory">Made when missing.</param>
    /// <param name="name">Name of the file.</param>
    /// <param name="magic">First four bytes, little-endian.</param>
    /// <param name="version">Version of the state.</param>
    /// <param name="logger">Told of a file that is set aside.</param>
    public CheckpointFile(
        IFileSystem files, string directory, string name, uint magic, uint version, ILogger logger)
    {
        _files = files;
        _directory = directory;
        _path = Path.Combine(directory, name);
        _magic = magic;
        _version = version;
        _logger = logger;
        files.CreateDirectory(directory);
    }

    /// <summary>
    /// The state and its offset; false when there is none, or none that can be read, which is then set aside.
    /// </summary>
    public bool TryRead(out byte[] state, out long offset)
    {
        state = [];
        offset = 0;
        if (!_files.ListFiles(_directory).Contains(Path.GetFileName(_path)))
        {
            return false;
        }

        Span<byte> head = stackalloc byte[HeadBytes];
        using (IFile file = _files.Open(_path, FileIntent.Read))
        {
            head = head[..file.Read(head, 0)];
            state = new byte[Math.Max(0, file.Length - HeadBytes)];
            file.Read(state, HeadBytes);
        }

        if (FaultOf(head, state) is { } fault)
        {
            SetAside(fault);
            state = [];
            return false;
        }

        offset = BinaryPrimitives.ReadInt64LittleEndian(head[OffsetAt..]);
        return true;
    }

    /// <summary>Keeps a file whose state its owner could not read, out of the way.</summary>
    public void SetAside(string fault)
    {
        _files.Rename(_path, _path + ".corrupt");
        _files.SyncDirectory(_directory);
        IngestionLog.CheckpointSetAside(_logger, _path, fault);
    }

    /// <summary>Replaces the file and returns when it is durable.</summary>
    /// <exception cref="IOException">The disk refused; the old file stands.</exception>
    public void Write(long offset, ReadOnlySpan<byte> state)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        WriteHead(head, offset, state.Length, Crc32C.Append(0, state));
        DurableFile.Write(_files, _directory, Path.GetFileName(_path), head, state);
    }

    /// <summary>The same for a state that is too large to stand in memory a second time.</summary>
    /// <param name="offset">What it stands for.</param>
    /// <param name="save">Writes the state.</param>
    /// <returns>Bytes of the state.</returns>
    /// <exception cref="IOException">The disk refused; the old file stands.</exception>
    public long Write(long offset, Action<IBufferWriter<byte>> save)
    {
        long bytes = 0;
        DurableFile.Write(_files, _directory, Path.GetFileName(_path), file =>
        {
            var state = new FileBufferWriter(file, HeadBytes);
            save(state);
            state.Commit();
            Span<byte> head = stackalloc byte[HeadBytes];
            WriteHead(head, offset, checked((int)state.Bytes), state.Checksum);
            file.Write(head, 0);
            bytes = state.Bytes;
        });
        return bytes;
    }

    private void WriteHead(Span<byte> head, long offset, int stateBytes, uint stateChecksum)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(head, _magic);
        BinaryPrimitives.WriteUInt32LittleEndian(head[sizeof(uint)..], _version);
        BinaryPrimitives.WriteInt64LittleEndian(head[OffsetAt..], offset);
        BinaryPrimitives.WriteInt32LittleEndian(head[StateBytesAt..], stateBytes);
        uint checksum = Crc32C.Combine(Crc32C.Append(0, head[..ChecksumAt]), stateChecksum, stateBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(head[ChecksumAt..], checksum);
    }

    private string? FaultOf(ReadOnlySpan<byte> head, ReadOnlySpan<byte> state)
    {
        if (head.Length < HeadBytes)
        {
            return $"expected at least {HeadBytes} bytes, found {head.Length}";
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(head) != _magic
            || BinaryPrimitives.ReadUInt32LittleEndian(head[sizeof(uint)..]) != _version)
        {
            return $"it is no such checkpoint of version {_version}";
        }

        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(head[ChecksumAt..]);
        uint found = ChecksumOf(head, state);
        return expected == found ? null : $"checksum: expected {expected:x8}, found {found:x8}";
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> head, ReadOnlySpan<byte> state) =>
        Crc32C.Append(Crc32C.Append(0, head[..ChecksumAt]), state);
}
