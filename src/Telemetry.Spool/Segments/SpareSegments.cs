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
        string path = SparePathOf(segment.FirstOffset);
        bool isKept = mayKeep && segment is { IsCompacted: false, IsAbandoned: false } && HasUseFor(segment.FileBytes);
        if (!isKept)
        {
            files.Delete(segment.Path);
        }
        else if (segment.Path != path)
        {
            files.Rename(segment.Path, path);
            segment.Path = path;
        }

        files.SyncDirectory(options.Directory);
        if (isKept)
        {
            Add(new Spare(path, segment.FileBytes));
        }
    }

    /// <summary>As <see cref="Remove"/>, of a plain file that the archive lets go of.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Take(ArchivedSegment plain)
    {
        string path = SparePathOf(plain.FirstOffset);
        bool isKept = HasUseFor(plain.FileBytes);
        if (isKept)
        {
            files.Rename(plain.Path, path);
            files.SyncDirectory(options.Directory);
        }
        else
        {
            files.Delete(plain.Path);
        }

        // Its name must not come back: the file will be another one's.
        files.SyncDirectory(Path.GetDirectoryName(plain.Path)!);
        if (isKept)
        {
            Add(new Spare(path, plain.FileBytes));
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
            while (TryPop(out Spare spare))
            {
                if (TryOpen(spare, path, out life) is { } file)
                {
                    return file;
                }
            }

            life = 0;
            return null;
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

    private bool HasUseFor(long fileBytes)
    {
        lock (_gate)
        {
            return _spares.Count < CountMax && fileBytes >= options.SegmentBytesMax / 2;
        }
    }

    // A file that does not say how often it was one is deleted, and so is one that was one too often.
    private IFile? TryOpen(Spare spare, string path, out ushort life)
    {
        IFile file = files.Open(spare.Path, FileIntent.Write);
        try
        {
            Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
            bool isSound = SegmentHeader.IsSound(header[..file.Read(header, 0)]);
            life = isSound ? SegmentHeader.LifeOf(header) : ushort.MaxValue;
            if (life++ < ushort.MaxValue)
            {
                files.Rename(spare.Path, path);
                return file;
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        file.Dispose();
        files.Delete(spare.Path);
        return null;
    }

    private string SparePathOf(long firstOffset) =>
        Path.Combine(options.Directory, SegmentName.Of(firstOffset, SegmentName.SpareSuffix));

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

    private readonly record struct Spare(string Path, long Bytes);
}
