using System.Diagnostics;

namespace Telemetry.Spool;

/// <summary>
/// A disk whose every sync, of a file or of a directory, takes a set time at least: for rehearsing the flash of a
/// gateway on a machine that has a better one. What is durable when is that of the disk behind it.
/// </summary>
public sealed class SlowSyncFileSystem : IFileSystem
{
    private static readonly ManualResetEvent Never = new(false);
    private readonly IFileSystem _files;
    private readonly TimeSpan _syncMin;

    /// <param name="files">The disk behind it.</param>
    /// <param name="syncMin">Real time that a sync takes at least.</param>
    public SlowSyncFileSystem(IFileSystem files, TimeSpan syncMin)
    {
        _files = files;
        _syncMin = syncMin;
    }

    /// <inheritdoc/>
    public void CreateDirectory(string path) => _files.CreateDirectory(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory) => _files.ListFiles(directory);

    /// <inheritdoc/>
    public IFile Open(string path, FileIntent intent) => new SlowFile(this, _files.Open(path, intent));

    /// <inheritdoc/>
    public void Rename(string from, string to) => _files.Rename(from, to);

    /// <inheritdoc/>
    public void Delete(string path) => _files.Delete(path);

    /// <inheritdoc/>
    public void SyncDirectory(string directory)
    {
        long begun = Stopwatch.GetTimestamp();
        _files.SyncDirectory(directory);
        WaitFor(begun);
    }

    /// <inheritdoc/>
    public IDisposable Lock(string path) => _files.Lock(path);

    /// <inheritdoc/>
    public long FreeBytes(string directory) => _files.FreeBytes(directory);

    private void WaitFor(long begun)
    {
        TimeSpan rest = _syncMin - Stopwatch.GetElapsedTime(begun);
        if (rest > TimeSpan.Zero)
        {
            Never.WaitOne(rest);
        }
    }

    private sealed class SlowFile(SlowSyncFileSystem owner, IFile file) : IFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> buffer, long position) => file.Read(buffer, position);

        public void Write(ReadOnlySpan<byte> bytes, long position) => file.Write(bytes, position);

        public void SetLength(long bytes) => file.SetLength(bytes);

        public void Sync()
        {
            long begun = Stopwatch.GetTimestamp();
            file.Sync();
            owner.WaitFor(begun);
        }

        public void DropCache(long position, long bytes) => file.DropCache(position, bytes);

        public void Dispose() => file.Dispose();
    }
}
