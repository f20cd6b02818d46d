using System.Runtime.InteropServices;

namespace Telemetry.Spool;

/// <summary>
/// POSIX calls that the class library has no word for: a directory cannot be opened and synced with it.
/// </summary>
internal static class NativeMethods
{
    /// <summary>O_RDONLY, 0 on every POSIX system.</summary>
    public const int OpenReadOnly = 0;

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Close(int descriptor);
}
