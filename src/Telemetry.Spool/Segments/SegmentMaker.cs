namespace Telemetry.Spool;

/// <summary>
/// Makes the files of segments: one appears under its name with its header durable, or not at all. The header is made
/// durable beside the sync of the commit before, the name beside that of the first records, so that beginning a segment
/// costs a commit no sync more than its own.
/// </summary>
internal sealed class SegmentMaker(
    IFileSystem files, string directory, DiskAside aside, SpareSegments spares) : IDisposable
{
    private Task<Made>? _ahead;
    private long _aheadOffset;
    private Task<bool>? _naming;

    /// <summary>Whether a file that begins at an offset has been asked for ahead.</summary>
    public bool IsAhead(long firstOffset) => _ahead is not null && _aheadOffset == firstOffset;

    /// <summary>Begins to make the file that will be wanted next.</summary>
    public void MakeAhead(long firstOffset)
    {
        Discard();
        _aheadOffset = firstOffset;
        _ahead = aside.Run(() => Make(firstOffset));
    }

    /// <summary>
    /// Gives the file its name; what is written to it is not durable before <see cref="EndNaming"/> has returned.
    /// </summary>
    public Made Begin(long firstOffset, string path)
    {
        Made made = TakeAhead(firstOffset) ?? Make(firstOffset);
        try
        {
            files.Rename(UnfinishedPathOf(firstOffset), path);
        }
        catch
        {
            made.File.Dispose();
            throw;
        }

        _naming = aside.Run(() =>
        {
            files.SyncDirectory(directory);
            return true;
        });
        return made;
    }

    /// <summary>Waits until the last name given is durable.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void EndNaming()
    {
        Task<bool>? naming = _naming;
        _naming = null;
        naming?.GetAwaiter().GetResult();
    }

    public void Dispose() => Discard();

    private Made Make(long firstOffset)
    {
        string path = UnfinishedPathOf(firstOffset);
        IFile file = spares.TryTake(path, out ushort life) ?? files.Open(path, FileIntent.Create);
        try
        {
            Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
            SegmentHeader.Write(header, firstOffset, life: life);
            file.Write(header, 0);
            file.Sync();
            return new Made(file, file.Length, life);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // A failure ahead is no failure yet: the file is tried again when it is wanted.
    private Made? TakeAhead(long firstOffset)
    {
        if (!IsAhead(firstOffset))
        {
            Discard();
            return null;
        }

        Task<Made> ahead = _ahead!;
        _ahead = null;
        return ResultOf(ahead);
    }

    // It holds nothing, and recovery deletes what stays.
    private void Discard()
    {
        Made? made = _ahead is null ? null : ResultOf(_ahead);
        _ahead = null;
        if (made is null)
        {
            return;
        }

        made.File.Dispose();
        try
        {
            files.Delete(UnfinishedPathOf(_aheadOffset));
        }
        catch (Exception fault) when (SegmentLog.IsDiskFault(fault))
        {
        }
    }

    private static Made? ResultOf(Task<Made> ahead)
    {
        try
        {
            return ahead.GetAwaiter().GetResult();
        }
        catch (Exception fault) when (SegmentLog.IsDiskFault(fault))
        {
            return null;
        }
    }

    private string UnfinishedPathOf(long firstOffset) =>
        Path.Combine(directory, SegmentName.Of(firstOffset) + SegmentName.UnfinishedSuffix);

    /// <summary>A file with a durable header.</summary>
    /// <param name="File">It, open.</param>
    /// <param name="Bytes">Its length.</param>
    /// <param name="Life">Which life it is in.</param>
    public sealed record Made(IFile File, long Bytes, ushort Life);
}
