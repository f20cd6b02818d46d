using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Telemetry.Spool;

/// <summary>The disk of this machine; the only place of the room that touches files.</summary>
public sealed class DiskFileSystem : IFileSystem
{
    /// <inheritdoc/>
    public void CreateDirectory(string path) => Directory.CreateDirectory(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory) =>
        [.. Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path))];

    /// <inheritdoc/>
    public IFile Open(string path, FileIntent intent) => DiskFile.Open(path, intent);

    /// <inheritdoc/>
    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    /// <inheritdoc/>
    public void SyncDirectory(string directory)
    {
        // NTFS journals names by itself and has no handle for this.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = NativeMethods.Open(directory, NativeMethods.OpenReadOnly);
        if (descriptor < 0)
        {
            throw DirectoryError(directory, "open");
        }

        try
        {
            while (NativeMethods.Sync(descriptor) != 0)
            {
                if (Marshal.GetLastPInvokeError() != NativeMethods.Interrupted)
                {
                    throw DirectoryError(directory, "sync");
                }
            }
        }
        finally
        {
            _ = NativeMethods.Close(descriptor);
        }
    }

    /// <inheritdoc/>
    public IDisposable Lock(string path) =>
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <inheritdoc/>
    public long FreeBytes(string directory) => new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;

    private static IOException DirectoryError(string directory, string verb)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"cannot {verb} directory '{directory}': {new Win32Exception(error).Message}", error);
    }
}
