namespace Telemetry.Spool;

/// <summary>Walks the records of a segment and says where whole ones end and why.</summary>
internal static class SegmentScan
{
    private const int WindowBytesMax = 1024 * 1024; // read at once
    private const int SearchFactorMax = 8; // bytes looked at for each byte of a file

    /// <summary>A window on a file, which it closes; no larger than the file needs.</summary>
    public static SegmentWindow OpenWindow(IFile file, long firstOffset)
    {
        var window = new SegmentWindow((int)Math.Clamp(file.Length, SpoolRecord.HeaderBytes, WindowBytesMax));
        window.Attach(file, firstOffset);
        return window;
    }

    /// <summary>
    /// Arrival time of a segment's first record; 0 without one that can be read. The file is closed then.
    /// </summary>
    public static long FirstArrival(IFile file, long firstOffset, long endOffset)
    {
        using var window = new SegmentWindow(SpoolRecord.HeaderBytes);
        window.Attach(file, firstOffset);
        RecordCheck check = CheckAt(window, firstOffset, endOffset, out ReadOnlySpan<byte> bytes, out int recordBytes);
        if (check != RecordCheck.Whole)
        {
            return 0;
        }

        var place = GapPlace.First;
        return SpoolGap.IsGap(bytes) && SpoolGap.TryRead(bytes[..recordBytes], ref place, out RecordView dropped, 0)
            ? dropped.ArrivalTime
            : SpoolRecord.ReadArrivalTime(bytes);
    }

    /// <summary>Walks from a record's start up to <paramref name="stop"/> at the latest.</summary>
    public static ScanResult Run(SegmentWindow window, long from, long stop)
    {
        long offset = from;
        long count = 0;
        long arrivalMax = 0;
        long fileBytes = 0;
        while (offset < stop)
        {
            RecordCheck check = CheckAt(window, offset, stop, out ReadOnlySpan<byte> bytes, out int recordBytes);
            if (bytes.IsEmpty)
            {
                return new ScanResult(offset, fileBytes, count, arrivalMax, null);
            }

            if (check != RecordCheck.Whole)
            {
                RecordFault fault = Describe(check, offset, bytes, recordBytes, window, stop);
                return new ScanResult(offset, fileBytes, count, arrivalMax, fault);
            }

            arrivalMax = Math.Max(arrivalMax, SpoolRecord.ReadArrivalTime(bytes));
            long span = SpoolGap.SpanOf(bytes[..recordBytes]);
            window.Shift(span - recordBytes);
            offset += span;
            fileBytes += recordBytes;
            count++;
        }

        return new ScanResult(offset, fileBytes, count, arrivalMax, null);
    }

    /// <summary>Looks at the record that begins at an offset; no bytes at all mean the end of the file.</summary>
    public static RecordCheck CheckAt(
        SegmentWindow window, long offset, long stop, out ReadOnlySpan<byte> bytes, out int recordBytes)
    {
        bytes = window.At(offset, SpoolRecord.HeaderBytes, stop);
        RecordCheck check = SpoolRecord.Check(bytes, out recordBytes, window.Mask);
        if (check == RecordCheck.Incomplete && recordBytes > bytes.Length)
        {
            bytes = window.At(offset, recordBytes, stop);
            check = SpoolRecord.Check(bytes, out recordBytes, window.Mask);
        }

        return check;
    }

    /// <summary>
    /// Whether a whole record begins anywhere from an offset on, at whatever byte: behind the end of a log in a file
    /// that was written over, the bytes of its life before stand, and no length leads through them.
    /// </summary>
    /// <param name="window">On the file.</param>
    /// <param name="from">Where to look from.</param>
    /// <param name="stop">Where the file ends.</param>
    public static bool HasRecordBehind(SegmentWindow window, long from, long stop)
    {
        // What senders wrote may look like very many headers; then it is taken for what it most probably is.
        long budget = SearchFactorMax * (stop - from);
        long offset = from;
        while (offset + SpoolRecord.HeaderBytes <= stop && budget > 0)
        {
            ReadOnlySpan<byte> bytes = window.At(offset, SpoolRecord.HeaderBytes, stop);
            if (bytes.Length < SpoolRecord.HeaderBytes)
            {
                return false; // the file is shorter than it was said to be
            }

            int step = IndexOfHeader(bytes, out int recordBytes);
            offset += step;
            budget -= recordBytes;
            bool mayFit = recordBytes > 0 && offset + recordBytes <= stop;
            if (mayFit && CheckAt(window, offset, stop, out _, out _) == RecordCheck.Whole)
            {
                return true;
            }

            offset += recordBytes > 0 ? 1 : 0;
        }

        return false;
    }

    /// <summary>The first byte at which a header could stand, or the first at which too few are left to say.</summary>
    private static int IndexOfHeader(ReadOnlySpan<byte> bytes, out int recordBytes)
    {
        int i = 0;
        while (SpoolRecord.CheckHeader(bytes[i..], out recordBytes) == RecordCheck.Malformed)
        {
            i++;
        }

        return i;
    }

    private static RecordFault Describe(
        RecordCheck check, long offset, ReadOnlySpan<byte> bytes, int recordBytes, SegmentWindow window, long stop)
    {
        switch (check)
        {
            case RecordCheck.ChecksumMismatch:
                uint expected = SpoolRecord.ChecksumOf(bytes[..recordBytes]) ^ window.Mask;
                uint found = SpoolRecord.ReadChecksum(bytes);
                long next = offset + recordBytes;
                // Where there are gaps it may have been one, and nothing says then where the next one stood.
                bool isSure = !window.IsCompacted && !SpoolGap.IsGap(bytes);
                bool goesOn = isSure && CheckAt(window, next, stop, out _, out _) == RecordCheck.Whole;
                return new RecordFault($"checksum {expected:x8}", $"{found:x8}", goesOn ? next : null);
            case RecordCheck.Incomplete:
                int wanted = Math.Max(recordBytes, SpoolRecord.HeaderBytes);
                return new RecordFault($"{wanted} bytes", $"{bytes.Length}", null);
            default:
                string header = Convert.ToHexStringLower(bytes[..SpoolRecord.HeaderBytes]);
                return new RecordFault("a record header", header, null);
        }
    }
}

/// <summary>Where a walk ended.</summary>
/// <param name="EndOffset">Behind the last whole record.</param>
/// <param name="FileBytes">How many bytes of the file the whole records are.</param>
/// <param name="RecordCount">Whole records passed.</param>
/// <param name="ArrivalMax">The latest arrival time among them; 0 when there were none.</param>
/// <param name="Fault">What stands there instead of a record; null at the end of the file or of the walk.</param>
internal readonly record struct ScanResult(
    long EndOffset, long FileBytes, long RecordCount, long ArrivalMax, RecordFault? Fault);

/// <summary>Bytes that are no record.</summary>
/// <param name="Expected">What a sound file would hold.</param>
/// <param name="Found">What stands there.</param>
/// <param name="NextOffset">Where a whole record follows, if the faulty one's length leads to one.</param>
internal readonly record struct RecordFault(string Expected, string Found, long? NextOffset);
