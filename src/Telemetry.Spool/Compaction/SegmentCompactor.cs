namespace Telemetry.Spool;

/// <summary>
/// Writes a segment anew without the records that give way, and puts the new file in its place with one rename: after a
/// crash it is the old one or the new one. A gap stands where records were, so that all offsets stay as they are.
/// </summary>
internal sealed class SegmentCompactor(IFileSystem files, SegmentLog segments)
{
    // Rewriting costs the disk what is kept; for less than this part of the segment it is not worth it.
    private const int GainShareMin = 8;

    private readonly byte[] _gap = new byte[SpoolGap.BytesMax];
    private readonly byte[] _remnant = new byte[SpoolGap.RemnantBytesMax];
    private int _gapBytes;
    private int _remnantBytes;
    private uint _mask;
    private long _written;
    private long _dropped;

    /// <summary>Compacts the segment; what cannot be read in it stays, and so does the file.</summary>
    /// <exception cref="IOException">The disk refused; the segment is as it was, or as it is to be.</exception>
    public CompactionResult Run(Segment segment, ISegmentSieve sieve)
    {
        _mask = segment.Mask;
        IFile source = files.Open(segment.Path, FileIntent.Read);
        using SegmentWindow window = SegmentScan.OpenWindow(source, segment.FirstOffset);
        if (!TryPass(window, segment, sieve, target: null)
            || segment.FileBytes - _written < segment.FileBytes / GainShareMin)
        {
            return default;
        }

        string unfinished = segment.Path + SegmentName.UnfinishedSuffix;
        bool isReplaced = false;
        try
        {
            using (IFile target = files.Open(unfinished, FileIntent.Create))
            {
                window.Attach(files.Open(segment.Path, FileIntent.Read), segment.FirstOffset);
                if (!TryPass(window, segment, sieve, target))
                {
                    return default;
                }

                Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
                uint span = (uint)(segment.EndOffset - segment.FirstOffset);
                SegmentHeader.Write(header, segment.FirstOffset, span, segment.Life);
                target.Write(header, 0);
                target.Sync();
            }

            isReplaced = segments.TryReplace(segment, unfinished, _written);
            return isReplaced ? new CompactionResult(true, _dropped, segment.FileBytes - _written) : default;
        }
        finally
        {
            if (!isReplaced)
            {
                DeleteQuietly(unfinished);
            }
        }
    }

    // Once without a target, to see what would be won. False when something in it is no record.
    private bool TryPass(SegmentWindow window, Segment segment, ISegmentSieve sieve, IFile? target)
    {
        _written = SegmentHeader.Bytes;
        _dropped = 0;
        _gapBytes = SpoolRecord.HeaderBytes;
        _remnantBytes = 0;
        sieve.Begin(segment.FirstOffset, segment.EndOffset);
        long offset = segment.FirstOffset;
        while (offset < segment.EndOffset)
        {
            RecordCheck check = SegmentScan.CheckAt(
                window, offset, segment.EndOffset, out ReadOnlySpan<byte> bytes, out int recordBytes);
            if (check != RecordCheck.Whole || SpoolGap.IsGap(bytes))
            {
                return false;
            }

            bytes = bytes[..recordBytes];
            if (sieve.Drops(new RecordView(offset, bytes), out ReadOnlySpan<byte> remnant))
            {
                Drop(bytes, remnant, target);
            }
            else
            {
                EndGap(target);
                Write(bytes, target);
            }

            offset += recordBytes;
        }

        EndGap(target);
        return true;
    }

    private void Drop(ReadOnlySpan<byte> record, ReadOnlySpan<byte> remnant, IFile? target)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(remnant.Length, SpoolGap.RemnantBytesMax, nameof(remnant));
        if (!SpoolGap.TryAdd(_gap, ref _gapBytes, record, remnant, _remnant.AsSpan(0, _remnantBytes)))
        {
            EndGap(target);
            SpoolGap.TryAdd(_gap, ref _gapBytes, record, remnant, before: []);
        }

        remnant.CopyTo(_remnant);
        _remnantBytes = remnant.Length;
        _dropped++;
    }

    private void EndGap(IFile? target)
    {
        if (_gapBytes > SpoolRecord.HeaderBytes)
        {
            Span<byte> gap = _gap.AsSpan(0, _gapBytes);
            SpoolGap.Seal(gap, _mask);
            Write(gap, target);
            _gapBytes = SpoolRecord.HeaderBytes;
        }
    }

    private void Write(ReadOnlySpan<byte> bytes, IFile? target)
    {
        target?.Write(bytes, _written);
        _written += bytes.Length;
    }

    // It holds nothing, and recovery deletes what stays.
    private void DeleteQuietly(string unfinished)
    {
        try
        {
            files.Delete(unfinished);
        }
        catch (Exception fault) when (SegmentLog.IsDiskFault(fault))
        {
        }
    }
}
