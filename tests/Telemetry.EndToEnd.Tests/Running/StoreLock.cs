namespace Telemetry.EndToEnd.Tests;

/// <summary>
/// Another process that writes in the store's file and comes to no end: the service can read and not write. It is the
/// lock of SQLite's one writer, a byte of the index of its write-ahead log (sqlite.org/walformat.html, WAL_WRITE_LOCK).
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private const int WriteLockAt = 120;
    private readonly FileStream _index;

    private StoreLock(FileStream index) => _index = index;

    /// <summary>Waits until the service is between two writes.</summary>
    public static async Task<StoreLock> TakeAsync(string storeFile)
    {
        var index = new FileStream(
            storeFile + "-shm", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        await Until.Async("the store is locked", () => Task.FromResult(TryLock(index)), isLocked => isLocked);
        return new StoreLock(index);
    }

    public void Dispose() => _index.Dispose();

    private static bool TryLock(FileStream index)
    {
        if (OperatingSystem.IsMacOS())
        {
            throw new PlatformNotSupportedException("cannot lock a part of a file here; run this test on Linux");
        }

        try
        {
            index.Lock(WriteLockAt, length: 1);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
