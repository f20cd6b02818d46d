using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Telemetry.Spool;

/// <summary>A file of <see cref="DiskFileSystem"/>, without a stream's buffer and position.</summary>
internal sealed class DiskFile : IFile
{
    private const int NoSpaceLinux = 28; // ENOSPC, the same on Linux and macOS
    private const int QuotaLinux = 122; // EDQUOT on Linux
    private const int NoSpaceWindows = unchecked((int)0x8007_0070); // ERROR_DISK_FULL

    private readonly SafeFileHandle _handle;
    private readonly string _path;

    private DiskFile(SafeFileHandle handle, string path)
    {
        _handle = handle;
        _path = path;
    }

    public long Length => RandomAccess.GetLength(_handle);

    public static DiskFile Open(string path, FileIntent intent)
    {
        FileMode mode = intent == FileIntent.Create ? FileMode.Create : FileMode.Open;
        FileAccess access = intent == FileIntent.Read ? FileAccess.Read : FileAccess.ReadWrite;
        try
        {
            return new DiskFile(File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete), path);
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

    // fdatasync makes the bytes and the length durable, which is all a reader needs. RandomAccess.FlushToDisk would do
    // the same and take EROFS, EINVAL and ENOTSUP for success: blocks that are nowhere would be acknowledged.
    public void Sync()
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(_handle);
            return;
        }

        while (NativeMethods.SyncData(_handle) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != NativeMethods.Interrupted)
            {
                throw new IOException($"cannot sync '{_path}': {new Win32Exception(error).Message}", error);
            }
        }
    }

    public void DropCache(long position, long bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = NativeMethods.Advise(_handle, position, bytes, NativeMethods.DoNotNeed);
        }
    }

    public void Dispose() => _handle.Dispose();

    private static bool IsDiskFull(IOException error) =>
        error.HResult is NoSpaceLinux or QuotaLinux or NoSpaceWindows;
}
