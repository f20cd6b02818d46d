using Telemetry.Spool;

namespace Telemetry.Access;

/// <summary>
/// <c>access/identities.json</c>, written as a whole: a new file, synced, takes the old one's name, so that a grid cut
/// leaves the old or the new one. Who changes it holds <c>identities.lock</c> from reading to writing.
/// </summary>
public sealed class IdentityFile
{
    private const string FileName = "identities.json";
    private const string NewName = "identities.new";
    private const string LockName = "identities.lock";
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly TimeProvider _time;

    /// <param name="files">The disk.</param>
    /// <param name="directory">The directory <c>access</c>; made when it is missing.</param>
    /// <param name="time">Paces the tries to get the lock.</param>
    public IdentityFile(IFileSystem files, string directory, TimeProvider time)
    {
        _files = files;
        _directory = directory;
        _time = time;
        files.CreateDirectory(directory);
        OwnerOnly.Restrict(directory);
    }

    /// <summary>Full path of the file.</summary>
    public string Path => System.IO.Path.Combine(_directory, FileName);

    /// <summary>Reads the file; an absent one has no identities.</summary>
    /// <exception cref="InvalidDataException">The file has a fault, which the message tells.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IdentityTable Read()
    {
        if (!_files.ListFiles(_directory).Contains(FileName))
        {
            return IdentityTable.Empty;
        }

        using IFile file = _files.Open(Path, FileIntent.Read);
        byte[] bytes = new byte[Math.Min(file.Length, AccessLimits.FileBytesMax + 1)];
        int count = file.Read(bytes, 0);
        return IdentityFormat.Read(bytes.AsSpan(0, count), out string fault)
            ?? throw new InvalidDataException($"cannot read '{Path}': {fault}");
    }

    /// <summary>Changes the file under its lock: what others changed meanwhile is kept.</summary>
    /// <exception cref="InvalidDataException">The file has a fault, or the changed table would have one.</exception>
    /// <exception cref="IOException">The file cannot be read or written, or the lock is not to be had.</exception>
    public async Task ChangeAsync(Func<IdentityTable, IdentityTable> change, CancellationToken cancellation)
    {
        string lockPath = System.IO.Path.Combine(_directory, LockName);
        using IDisposable held = await FileLock.TakeAsync(_files, lockPath, _time, cancellation);
        Write(change(Read()));
    }

    private void Write(IdentityTable table)
    {
        byte[] bytes = IdentityFormat.Write(table);
        if (IdentityFormat.Read(bytes, out string fault) is null)
        {
            throw new InvalidDataException($"cannot write '{Path}': {fault}; the file is as it was");
        }

        string path = System.IO.Path.Combine(_directory, NewName);
        using (IFile file = _files.Open(path, FileIntent.Create))
        {
            OwnerOnly.Restrict(path);
            file.Write(bytes, 0);
            file.Sync();
        }

        _files.Rename(path, Path);
        _files.SyncDirectory(_directory);
    }
}
