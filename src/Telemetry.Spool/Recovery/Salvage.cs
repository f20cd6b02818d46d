namespace Telemetry.Spool;

/// <summary>
/// Sets a faulty segment aside and keeps its whole records: the file is renamed to <c>.salvage</c>, each run of whole
/// records is copied to a segment of its own, and the file is renamed to <c>.corrupt</c>. Runs are made from the last
/// to the first, so that after a crash the work is done again from the last file still missing.
/// </summary>
internal sealed class Salvage(IFileSystem files, string directory)
{
    private const int CopyBytes = 1024 * 1024; // at once

    /// <summary>Begins with a segment under its own name.</summary>
    public SpoolCorruption SetAside(long firstOffset, long stop, long faultOffset, string expected, string found)
    {
        Rename(SegmentName.Of(firstOffset), SegmentName.Of(firstOffset, SegmentName.SalvageSuffix));
        (string name, long salvaged, long lost) = Finish(firstOffset, stop);
        return new SpoolCorruption(
            SegmentName.Of(firstOffset), faultOffset, expected, found, name, salvaged, lost);
    }

    /// <summary>Does what is left to do for a file that was renamed to <c>.salvage</c>.</summary>
    public (string SetAsideAs, long SalvagedBytes, long LostBytes) Finish(long firstOffset, long stop)
    {
        string name = SegmentName.Of(firstOffset, SegmentName.SalvageSuffix);
        long salvaged = 0;
        long end;
        bool isCompacted;
        IFile file = files.Open(Path.Combine(directory, name), FileIntent.Read);
        using (SegmentWindow window = SegmentScan.OpenWindow(file, firstOffset))
        {
            long? span = SpanOf(file, firstOffset);
            isCompacted = span is not null;
            long length = span ?? Math.Max(0, file.Length - SegmentHeader.Bytes);
            end = Math.Min(stop, firstOffset + length);
            ushort life = FindLife(window, file, firstOffset, end);
            window.Mask = SegmentHeader.MaskOf(life);
            List<Run> runs = FindRuns(window, firstOffset, end);
            for (int i = runs.Count - 1; i >= 0; i--)
            {
                Copy(file, runs[i], isCompacted, life);
                salvaged += runs[i].To - runs[i].From;
            }
        }

        string setAsideAs = FreeName(firstOffset);
        Rename(name, setAsideAs);
        return (setAsideAs, salvaged, end - firstOffset - salvaged);
    }

    // A faulty header says nothing; then the file is read as one without gaps.
    private static long? SpanOf(IFile file, long firstOffset)
    {
        Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
        int count = file.Read(header, 0);
        return SegmentHeader.Check(header[..count], firstOffset) is null ? SegmentHeader.SpanOf(header) : null;
    }

    private static List<Run> FindRuns(SegmentWindow window, long from, long end)
    {
        var runs = new List<Run>();
        long position = SegmentHeader.Bytes;
        long? next = from;
        while (next is { } start)
        {
            ScanResult run = SegmentScan.Run(window, start, end);
            if (run.EndOffset > start)
            {
                runs.Add(new Run(start, run.EndOffset, position, run.FileBytes));
            }

            next = run.Fault?.NextOffset;
            position += run.FileBytes + ((next ?? 0) - run.EndOffset); // what is stepped over is no gap
        }

        return runs;
    }

    // A faulty header does not say which life the file is in; its first record does, if that is whole.
    private static ushort FindLife(SegmentWindow window, IFile file, long firstOffset, long end)
    {
        Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
        if (SegmentHeader.IsSound(header[..file.Read(header, 0)]))
        {
            return SegmentHeader.LifeOf(header);
        }

        ReadOnlySpan<byte> bytes = window.At(firstOffset, SpoolRecord.HeaderBytes, end);
        _ = SpoolRecord.CheckHeader(bytes, out int recordBytes);
        bytes = window.At(firstOffset, recordBytes, end);
        return recordBytes == 0 || recordBytes > bytes.Length
            ? (ushort)0
            : SegmentHeader.LifeOfMask(SpoolRecord.ReadChecksum(bytes) ^ SpoolRecord.ChecksumOf(bytes[..recordBytes]));
    }

    private void Copy(IFile source, Run run, bool isCompacted, ushort life)
    {
        string path = Path.Combine(directory, SegmentName.Of(run.From));
        string unfinished = path + SegmentName.UnfinishedSuffix;
        using (IFile file = files.Open(unfinished, FileIntent.Create))
        {
            Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
            SegmentHeader.Write(header, run.From, isCompacted ? (uint)(run.To - run.From) : 0, life);
            file.Write(header, 0);
            byte[] block = new byte[(int)Math.Min(run.Bytes, CopyBytes)];
            for (long done = 0; done < run.Bytes;)
            {
                Span<byte> part = block.AsSpan(0, (int)Math.Min(block.Length, run.Bytes - done));
                part = part[..source.Read(part, run.Position + done)];
                if (part.IsEmpty)
                {
                    throw new IOException($"cannot read '{path}': it ended at byte {run.Position + done}");
                }

                file.Write(part, SegmentHeader.Bytes + done);
                done += part.Length;
            }

            file.Sync();
        }

        files.Rename(unfinished, path);
        files.SyncDirectory(directory);
    }

    // The same offset can go wrong twice; what was set aside before is not overwritten.
    private string FreeName(long firstOffset)
    {
        IReadOnlyList<string> taken = files.ListFiles(directory);
        string name = SegmentName.Of(firstOffset, SegmentName.CorruptSuffix);
        for (int i = 2; taken.Contains(name); i++)
        {
            name = SegmentName.Of(firstOffset, $".{i}{SegmentName.CorruptSuffix}");
        }

        return name;
    }

    private void Rename(string from, string to)
    {
        files.Rename(Path.Combine(directory, from), Path.Combine(directory, to));
        files.SyncDirectory(directory);
    }

    /// <summary>Whole records one behind the other: their offsets, and where they stand in the file.</summary>
    private readonly record struct Run(long From, long To, long Position, long Bytes);
}
