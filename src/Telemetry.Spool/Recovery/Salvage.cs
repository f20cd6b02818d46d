namespace Telemetry.Spool;

/// <summary>
/// Sets a faulty segment aside and keeps its whole records: the file is renamed to <c>.salvage</c>, each run of whole
/// records is copied to a segment of its own, and the file is renamed to <c>.corrupt</c>. Runs are made from the last
/// to the first, so that after a crash the work is done again from the last file still missing.
/// </summary>
internal sealed class Salvage(IFileSystem files, string directory)
{
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
        IFile file = files.Open(Path.Combine(directory, name), FileIntent.Read);
        using (SegmentWindow window = SegmentScan.OpenWindow(file, firstOffset))
        {
            end = Math.Min(stop, Math.Max(firstOffset, firstOffset + file.Length - SegmentHeader.Bytes));
            List<(long From, long To)> runs = FindRuns(window, firstOffset, end);
            for (int i = runs.Count - 1; i >= 0; i--)
            {
                Copy(window, runs[i].From, runs[i].To);
                salvaged += runs[i].To - runs[i].From;
            }
        }

        string setAsideAs = FreeName(firstOffset);
        Rename(name, setAsideAs);
        return (setAsideAs, salvaged, end - firstOffset - salvaged);
    }

    private static List<(long From, long To)> FindRuns(SegmentWindow window, long from, long end)
    {
        var runs = new List<(long From, long To)>();
        long? next = from;
        while (next is { } start)
        {
            ScanResult run = SegmentScan.Run(window, start, end);
            if (run.EndOffset > start)
            {
                runs.Add((start, run.EndOffset));
            }

            next = run.Fault?.NextOffset;
        }

        return runs;
    }

    private void Copy(SegmentWindow window, long from, long to)
    {
        string path = Path.Combine(directory, SegmentName.Of(from));
        string unfinished = path + SegmentName.UnfinishedSuffix;
        using (IFile file = files.Open(unfinished, FileIntent.Create))
        {
            Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
            SegmentHeader.Write(header, from);
            file.Write(header, 0);
            for (long offset = from; offset < to;)
            {
                ReadOnlySpan<byte> bytes = window.At(offset, 1, to);
                bytes = bytes[..(int)Math.Min(bytes.Length, to - offset)];
                file.Write(bytes, SegmentHeader.Bytes + (offset - from));
                offset += bytes.Length;
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
}
