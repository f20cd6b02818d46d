using Telemetry.Spool;

namespace Telemetry.Access;

/// <summary>Waits a moment for a lock that another process holds.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private const int TriesMax = 250; // 5 s; whoever holds it writes one small file

    public static async Task<IDisposable> TakeAsync(
        IFileSystem files, string path, TimeProvider time, CancellationToken cancellation)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return files.Lock(path);
            }
            catch (IOException) when (tries < TriesMax)
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }
}
