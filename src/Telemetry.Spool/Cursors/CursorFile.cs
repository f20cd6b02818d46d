namespace Telemetry.Spool;

/// <summary>
/// Reads and replaces one cursor's file. A replaced file is the old one or the new one, never a mixture.
/// </summary>
internal sealed class CursorFile(IFileSystem files, string directory, string name)
{
    private readonly string _path = Path.Combine(directory, name + CursorFormat.Suffix);
    private readonly byte[] _bytes = new byte[CursorFormat.Bytes];

    public string SetAsidePath => _path + SegmentName.CorruptSuffix;

    /// <summary>What the file says; the fault names what is wrong when it cannot be read.</summary>
    public bool TryRead(Span<long> laneOffsets, out string expected, out string found)
    {
        // One byte more than the format has, so that a longer file is noticed.
        Span<byte> bytes = stackalloc byte[CursorFormat.Bytes + 1];
        using IFile file = files.Open(_path, FileIntent.Read);
        return CursorFormat.TryRead(bytes[..file.Read(bytes, 0)], laneOffsets, out expected, out found);
    }

    public void Replace(ReadOnlySpan<long> laneOffsets)
    {
        string unfinished = _path + SegmentName.UnfinishedSuffix;
        CursorFormat.Write(_bytes, laneOffsets);
        using (IFile file = files.Open(unfinished, FileIntent.Create))
        {
            file.Write(_bytes, 0);
            file.Sync();
        }

        files.Rename(unfinished, _path);
        files.SyncDirectory(directory);
    }

    public void SetAside()
    {
        files.Rename(_path, SetAsidePath);
        files.SyncDirectory(directory);
    }
}
