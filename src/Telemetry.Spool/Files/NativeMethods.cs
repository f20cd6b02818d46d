using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Telemetry.Spool;

/// <summary>
/// POSIX calls that the class library has no word for: a directory cannot be opened and synced with it, and its sync of
/// a file keeps some of the system's errors to itself.
/// </summary>
internal static class NativeMethods
{
    /// <summary>O_RDONLY, 0 on every POSIX system.</summary>
    public const int OpenReadOnly = 0;

    /// <summary>EINTR, the same on Linux and macOS: nothing was done, ask again.</summary>
    public const int Interrupted = 4;

    /// <summary>POSIX_FADV_DONTNEED on Linux.</summary>
    public const int DoNotNeed = 4;

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SyncData(SafeFileHandle file);

    [DllImport("libc", EntryPoint = "posix_fadvise64")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Advise(SafeFileHandle file, long offset, long bytes, int advice);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Close(int descriptor);
}
