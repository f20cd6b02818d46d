namespace Telemetry.Spool;

/// <summary>
/// Files of segments that nobody needs any more, kept to become new ones. What is written over bytes that a disk has
/// already is durable sooner than what makes a file longer, and with fewer writes: the file system has nothing of its
/// own to write. All members may be used from any thread. docs/decisions/0023.
/// </summary>
internal sealed class SpareSegments(IFileSystem files, SpoolOptions options)
{
    /// <summary>Files kept at most: consumers release several segments at once.</summary>
    public const int CountMax = 8;

    private readonly Lock _gate = new();
    private readonly Stack<Spare> _spares = new();
    private long _bytes;

    /// <summary>Bytes of all files.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>
    /// Takes the file of a segment out of the log, to keep it or to delete it, and returns when that is durable. It may
    /// be called once more after a failure.
    /// </summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Remove(Segment segment, bool mayKeep)
    {
        string path = Path.Combine(options.Directory, SegmentName.Of(segment.FirstOffset, SegmentName.SpareSuffix));
        bool isKept = mayKeep && HasRoom && IsOfUse(segment);
        if (isKept && !segment.IsMoved)
        {
            files.Rename(segment.Path, path);
            segment.IsMoved = true;
        }
        else if (!isKept)
        {
            files.Delete(segment.IsMoved ? path : segment.Path);
        }

        files.SyncDirectory(options.Directory);
        if (isKept)
        {
            Add(new Spare(path, segment.FileBytes, segment.Life));
        }
    }

    /// <summary>Gives one another name and opens it; null when there is none.</summary>
    /// <param name="path">The name.</param>
    /// <param name="life">Which life it begins: one more than its last.</param>
    /// <exception cref="IOException">The disk refused.</exception>
    public IFile? TryTake(string path, out ushort life)
    {
        lock (_gate)
        {
            life = 0;
            if (!TryPop(out Spare spare))
            {
                return null;
            }

            life = (ushort)(spare.Life + 1);
            files.Rename(spare.Path, path);
            return files.Open(path, FileIntent.Write);
        }
    }

    /// <summary>Deletes one; false when there is none.</summary>
    public bool TryDrop()
    {
        lock (_gate)
        {
            if (!TryPop(out Spare spare))
            {
                return false;
            }

            files.Delete(spare.Path);
            return true;
        }
    }

    private bool HasRoom
    {
        get
        {
            lock (_gate)
            {
                return _spares.Count < CountMax;
            }
        }
    }

    private bool IsOfUse(Segment segment) =>
        segment is { IsCompacted: false, IsAbandoned: false, Life: < ushort.MaxValue }
        && segment.FileBytes >= options.SegmentBytesMax / 2;

    private void Add(Spare spare)
    {
        lock (_gate)
        {
            _spares.Push(spare);
            Volatile.Write(ref _bytes, _bytes + spare.Bytes);
        }
    }

    private bool TryPop(out Spare spare)
    {
        bool isThere = _spares.TryPop(out spare);
        Volatile.Write(ref _bytes, _bytes - spare.Bytes);
        return isThere;
    }

    private readonly record struct Spare(string Path, long Bytes, ushort Life);
}
