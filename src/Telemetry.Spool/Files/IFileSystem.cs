namespace Telemetry.Spool;

/// <summary>
/// All that the spool asks of a disk. Names are full paths. A failure is an <see cref="IOException"/>, a lack of
/// space a <see cref="DiskFullException"/>. Created, renamed and deleted names are durable only after
/// <see cref="SyncDirectory"/>, contents only after <see cref="IFile.Sync"/>.
/// </summary>
public interface IFileSystem
{
    /// <summary>Makes the directory and its parents when they are missing.</summary>
    void CreateDirectory(string path);

    /// <summary>The names (without path) of the files in a directory, in no particular order.</summary>
    IReadOnlyList<string> ListFiles(string directory);

    /// <summary>Opens a file.</summary>
    IFile Open(string path, FileIntent intent);

    /// <summary>Gives a file another name, at once and as a whole; a file of that name is replaced.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file.</summary>
    void Delete(string path);

    /// <summary>Makes the names in a directory durable.</summary>
    void SyncDirectory(string directory);

    /// <summary>Takes a lock that no other process can hold at once; it ends with the process at the latest.</summary>
    IDisposable Lock(string path);

    /// <summary>Bytes that can still be written where this directory is.</summary>
    long FreeBytes(string directory);
}
