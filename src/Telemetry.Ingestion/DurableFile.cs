using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>Writes a file as a whole, so that a power cut leaves the old one, the new one, or none.</summary>
internal static class DurableFile
{
    private const string Unfinished = ".new";

    /// <summary>Returns when the file is durable.</summary>
    /// <exception cref="IOException">The disk refuses; no file of that name is half written.</exception>
    public static void Write(IFileSystem files, string directory, string name, ReadOnlySpan<byte> bytes) =>
        Write(files, directory, name, head: default, bytes);

    /// <summary>Writes a head and what comes behind it.</summary>
    /// <exception cref="IOException">As above.</exception>
    public static void Write(
        IFileSystem files, string directory, string name, ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
    {
        string path = Path.Combine(directory, name);
        using (IFile file = files.Open(path + Unfinished, FileIntent.Create))
        {
            file.Write(head, 0);
            file.Write(rest, head.Length);
            file.Sync();
        }

        Finish(files, directory, path);
    }

    /// <summary>Writes what is not in memory as a whole.</summary>
    /// <exception cref="IOException">As above.</exception>
    public static void Write(IFileSystem files, string directory, string name, Action<IFile> write)
    {
        string path = Path.Combine(directory, name);
        using (IFile file = files.Open(path + Unfinished, FileIntent.Create))
        {
            write(file);
            file.Sync();
        }

        Finish(files, directory, path);
    }

    private static void Finish(IFileSystem files, string directory, string path)
    {
        files.Rename(path + Unfinished, path);
        files.SyncDirectory(directory);
    }
}
