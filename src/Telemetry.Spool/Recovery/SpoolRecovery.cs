using Microsoft.Extensions.Logging;

namespace Telemetry.Spool;

/// <summary>
/// Brings the directory into a state that the log can go on from, whatever a crash left. It may be cut off at any point
/// and started again. It deletes only unfinished and spare files, which hold nothing that anyone waits for.
/// </summary>
internal sealed class SpoolRecovery
{
    private readonly IFileSystem _files;
    private readonly SpoolOptions _options;
    private readonly SpoolMetrics _metrics;
    private readonly ILogger _log;
    private readonly Salvage _salvage;
    private readonly List<SpoolCorruption> _corruptions = [];
    private readonly Dictionary<long, long> _verifiedEnds = []; // end by first offset
    private long _verifiedRecords;
    private long _arrivalMax;
    private long _verifiedBytes;
    private long _tornBytes;

    public SpoolRecovery(IFileSystem files, SpoolOptions options, SpoolMetrics metrics, ILogger log)
    {
        _files = files;
        _options = options;
        _metrics = metrics;
        _log = log;
        _salvage = new Salvage(files, options.Directory);
    }

    /// <summary>Recovers; the log goes on at <paramref name="offsetMin"/> or behind it.</summary>
    public RecoveredLog Run(long offsetMin)
    {
        DeleteUnfinished();
        FinishSalvages();
        long[] firstOffsets;
        do
        {
            firstOffsets = ListOffsets(SegmentName.Suffix);
        }
        while (!TryVerifyAll(firstOffsets));

        Segment[] segments = [.. firstOffsets.Select(first => ToSegment(first))];
        RenewLastCommit(segments);
        long missing = ReportHoles(segments);
        long end = ChooseEnd(segments, offsetMin);
        return new RecoveredLog(segments, end, new RecoveryReport
        {
            Corruptions = _corruptions,
            TornBytes = _tornBytes,
            MissingBytes = missing,
            VerifiedRecords = _verifiedRecords,
            VerifiedBytes = _verifiedBytes,
            EndOffset = end,
            ArrivalMax = _arrivalMax,
        });
    }

    private void DeleteUnfinished()
    {
        foreach (string name in _files.ListFiles(_options.Directory))
        {
            if (name.EndsWith(SegmentName.UnfinishedSuffix, StringComparison.Ordinal)
                || SegmentName.TryParse(name, SegmentName.SpareSuffix, out _))
            {
                _files.Delete(PathOf(name));
            }
        }
    }

    private void FinishSalvages()
    {
        foreach (long first in ListOffsets(SegmentName.SalvageSuffix))
        {
            long stop = StopOf(first, ListOffsets(SegmentName.Suffix));
            (string name, long salvaged, long lost) = _salvage.Finish(first, stop);
            Report(new SpoolCorruption(
                SegmentName.Of(first), first, "a sound segment", "one being set aside", name, salvaged, lost));
        }
    }

    // From the newest to the oldest; false when a file was set aside and the directory must be looked at again.
    private bool TryVerifyAll(long[] firstOffsets)
    {
        for (int i = firstOffsets.Length - 1; i >= 0; i--)
        {
            long stop = i + 1 < firstOffsets.Length ? firstOffsets[i + 1] : long.MaxValue;
            if (!_verifiedEnds.ContainsKey(firstOffsets[i]) && !TryVerify(firstOffsets[i], stop))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryVerify(long first, long stop)
    {
        IFile file = _files.Open(PathOf(SegmentName.Of(first)), FileIntent.Read);
        using SegmentWindow window = SegmentScan.OpenWindow(file, first);
        Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
        if (SegmentHeader.Check(header[..file.Read(header, 0)], first) is { } wrong)
        {
            return SetAside(first, stop, first, wrong.Expected, wrong.Found);
        }

        long? span = SegmentHeader.SpanOf(header);
        long fileEnd = first + (span ?? Math.Max(0, file.Length - SegmentHeader.Bytes));
        bool showsItsEnd = stop < long.MaxValue || window.Mask == 0;
        if (_verifiedBytes >= _options.VerifyBytesMax && showsItsEnd)
        {
            _verifiedEnds[first] = Math.Min(stop, fileEnd);
            return true;
        }

        ScanResult scan = SegmentScan.Run(window, first, Math.Min(stop, fileEnd));
        if (span is not null && scan.Fault is null && scan.EndOffset < Math.Min(stop, fileEnd))
        {
            return SetAside(first, stop, scan.EndOffset, "a record", "the end of the file");
        }

        bool mayBeTorn = span is null; // a compacted segment was whole before it had its name
        if (scan.Fault is { } fault
            && !(mayBeTorn && stop == long.MaxValue && IsTornTail(fault, first, scan.EndOffset, fileEnd, window)))
        {
            return SetAside(first, stop, scan.EndOffset, fault.Expected, fault.Found);
        }

        if (scan.Fault is { } torn && window.Mask == 0)
        {
            _tornBytes += fileEnd - scan.EndOffset;
            _metrics.CountTorn(fileEnd - scan.EndOffset);
            _log.TornTailCut(
                SegmentName.Of(first), torn.Expected, torn.Found, scan.EndOffset, fileEnd - scan.EndOffset);
        }

        _arrivalMax = Math.Max(_arrivalMax, scan.ArrivalMax);
        _verifiedRecords += scan.RecordCount;
        _verifiedBytes += scan.EndOffset - first;
        _verifiedEnds[first] = scan.EndOffset;
        return true;
    }

    // A tail is torn when it ends the log, no whole record follows, and it could have been one commit. A segment
    // without a single whole record is set aside instead: its successor will have the same name. In a file that was
    // another segment before, what follows may be of that: then nothing tells a torn tail from none.
    private bool IsTornTail(RecordFault fault, long first, long offset, long fileEnd, SegmentWindow window) =>
        fault.NextOffset is null
        && (window.Mask != 0
            ? !SegmentScan.HasRecordBehind(window, offset + _options.BufferBytesMax, fileEnd)
            : fileEnd - offset <= _options.BufferBytesMax && offset > first);

    private bool SetAside(long first, long stop, long offset, string expected, string found)
    {
        Report(_salvage.SetAside(first, stop, offset, expected, found));
        return false;
    }

    private void Report(SpoolCorruption corruption)
    {
        _corruptions.Add(corruption);
        _metrics.CountSetAside();
        _log.SegmentSetAside(
            corruption.Segment, corruption.Offset, corruption.Expected, corruption.Found, corruption.SetAsideAs,
            corruption.SalvagedBytes, corruption.LostBytes);
    }

    private Segment ToSegment(long first)
    {
        string path = PathOf(SegmentName.Of(first));
        using IFile file = _files.Open(path, FileIntent.Read);
        Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
        file.Read(header, 0);
        return new Segment(path, first, _verifiedEnds[first], file.Length)
        {
            IsCompacted = SegmentHeader.SpanOf(header) is not null,
            Life = SegmentHeader.LifeOf(header),
        };
    }

    // Readers see durable records only, and of the last commit nobody knows: a killed process leaves it in memory, and
    // after a sync that failed memory even calls it written. So it is written once more, in place, and synced.
    private void RenewLastCommit(Segment[] segments)
    {
        if (segments is [.., { IsEmpty: false, IsCompacted: false } last])
        {
            IFile file = _files.Open(last.Path, FileIntent.Write);
            using SegmentWindow window = SegmentScan.OpenWindow(file, last.FirstOffset);
            long offset = Math.Max(last.FirstOffset, last.EndOffset - _options.BufferBytesMax);
            while (offset < last.EndOffset)
            {
                ReadOnlySpan<byte> bytes = window.At(offset, 1, last.EndOffset);
                file.Write(bytes, last.PositionOf(offset));
                offset += bytes.Length;
            }

            file.Sync();
        }

        _files.SyncDirectory(_options.Directory);
    }

    private long ReportHoles(Segment[] segments)
    {
        long missing = 0;
        for (int i = 1; i < segments.Length; i++)
        {
            long from = segments[i - 1].EndOffset;
            long bytes = segments[i].FirstOffset - from;
            if (bytes > 0)
            {
                _log.HoleFound(from, bytes);
                missing += bytes;
            }
        }

        return missing;
    }

    // An offset that was given out once is never given out again, or a consumer would take a new record for an old one.
    private long ChooseEnd(Segment[] segments, long offsetMin)
    {
        long found = segments is [.., var last] ? last.EndOffset : 0;
        long known = offsetMin;
        foreach (string name in _files.ListFiles(_options.Directory))
        {
            if (SegmentName.TryParse(name, SegmentName.CorruptSuffix, out long first))
            {
                known = Math.Max(known, first + LogicalLengthOf(name, first));
            }
        }

        if (known > found)
        {
            _log.EndRaised(found, known);
        }

        return Math.Max(found, known);
    }

    private long[] ListOffsets(string suffix)
    {
        var offsets = new List<long>();
        foreach (string name in _files.ListFiles(_options.Directory))
        {
            if (SegmentName.TryParse(name, suffix, out long first))
            {
                offsets.Add(first);
            }
        }

        offsets.Sort();
        return [.. offsets];
    }

    private static long StopOf(long first, long[] segments)
    {
        long[] behind = [.. segments.Where(other => other > first)];
        return behind is [var next, ..] ? next : long.MaxValue;
    }

    // Of a file set aside: its header may be what was wrong with it.
    private long LogicalLengthOf(string name, long first)
    {
        using IFile file = _files.Open(PathOf(name), FileIntent.Read);
        Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
        bool isSound = IsSound(header[..file.Read(header, 0)], first);
        return (isSound ? SegmentHeader.SpanOf(header) : null) ?? file.Length;
    }

    private static bool IsSound(ReadOnlySpan<byte> header, long first)
    {
        try
        {
            return SegmentHeader.Check(header, first) is null;
        }
        catch (InvalidDataException)
        {
            return false; // of a later version
        }
    }

    private string PathOf(string name) => Path.Combine(_options.Directory, name);
}
