namespace Telemetry.Spool;

/// <summary>
/// Takes what the readers of the log are through with out of the system's page cache. A segment that goes to the
/// archive is not read again for hours; its pages would take the place of the store's, and the next segment would need
/// new ones (docs/decisions/0025).
/// </summary>
internal sealed class SegmentCache(IFileSystem files)
{
    private const long StepBytes = 4 * 1024 * 1024; // a call takes longer for its pages than for itself

    private long _droppedTo;

    /// <summary>Drops the pages of durable records.</summary>
    /// <param name="segments">The log.</param>
    /// <param name="written">The file of the last segment, if it is open.</param>
    /// <param name="before">Where the records end that nobody is about to read.</param>
    public void DropBefore(Segment[] segments, IFile? written, long before)
    {
        if (before - _droppedTo < StepBytes) // it may go back, too: a reader that came late
        {
            return;
        }

        for (int i = Math.Max(0, Segment.IndexOf(segments, _droppedTo)); i < segments.Length; i++)
        {
            Segment segment = segments[i];
            long from = Math.Max(_droppedTo, segment.FirstOffset);
            long to = Math.Min(before, segment.EndOffset);
            if (from < to)
            {
                Drop(segment, i == segments.Length - 1 ? written : null, from, to);
            }
        }

        _droppedTo = before;
    }

    private void Drop(Segment segment, IFile? open, long from, long to)
    {
        try
        {
            using IFile? opened = open is null ? files.Open(segment.Path, FileIntent.Read) : null;
            (open ?? opened)!.DropCache(segment.PositionOf(from), to - from);
        }
        catch (Exception fault) when (SegmentLog.IsDiskFault(fault))
        {
            // The pages stay until the system wants them for something else.
        }
    }
}
