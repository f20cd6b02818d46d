using Microsoft.Win32.SafeHandles;

namespace Telemetry.Spool;

/// <summary>A file of <see cref="DiskFileSystem"/>, without a stream's buffer and position.</summary>
internal sealed class DiskFile : IFile
{
    private const int NoSpaceLinux = 28; // ENOSPC, the same on Linux and macOS
    private const int QuotaLinux = 122; // EDQUOT on Linux
    private const int NoSpaceWindows = unchecked((int)0x8007_0070); // ERROR_DISK_FULL

    private readonly SafeFileHandle _handle;

    private DiskFile(SafeFileHandle handle) => _handle = handle;

    public long Length => RandomAccess.GetLength(_handle);

    public static DiskFile Open(string path, FileIntent intent)
    {
        FileMode mode = intent == FileIntent.Create ? FileMode.Create : FileMode.Open;
        FileAccess access = intent == FileIntent.Read ? FileAccess.Read : FileAccess.ReadWrite;
        try
        {
            return new DiskFile(File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (IOException error) when (IsDiskFull(error))
        {
            throw new DiskFullException(error.Message, error);
        }
    }

    public int Read(Span<byte> buffer, long position)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int count = RandomAccess.Read(_handle, buffer[total..], position + total);
            if (count == 0)
            {
                break;
            }

            total += count;
        }

        return total;
    }

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, position);
        }
        catch (IOException error) when (IsDiskFull(error))
        {
            throw new DiskFullException(error.Message, error);
        }
    }

    public void SetLength(long bytes) => RandomAccess.SetLength(_handle, bytes);

    // fsync, not fdatasync: a segment grows with each commit, so its length must be journalled either way, and the two
    // measure the same.
    public void Sync() => RandomAccess.FlushToDisk(_handle);

    public void Dispose() => _handle.Dispose();

    private static bool IsDiskFull(IOException error) =>
        error.HResult is NoSpaceLinux or QuotaLinux or NoSpaceWindows;
}
