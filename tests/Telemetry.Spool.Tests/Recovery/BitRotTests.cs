using Telemetry.Testing;

namespace Telemetry.Spool.Tests;

public sealed class BitRotTests
{
    private const int RecordCountMin = 20;
    private const int BitStep = 5; // prime to the layout's bytes, so that every field is hit in every bit position

    [Fact]
    public void A_flipped_bit_costs_one_record_or_the_rest_of_its_segment_and_never_gives_a_wrong_one()
    {
        foreach (string path in SegmentPaths())
        {
            long bitCount = MakeSpool().LengthOf(path) * 8;
            for (long bit = bitCount % BitStep; bit < bitCount; bit += BitStep)
            {
                CheckFlip(path, bit);
            }
        }
    }

    [Fact]
    public void A_flipped_bit_in_a_body_costs_this_record_alone()
    {
        foreach (string path in SegmentPaths())
        {
            FaultyFileSystem files = MakeSpool();
            SortedDictionary<long, int> before = ReadAll(files, out _);
            files.FlipBit(path, (SegmentHeader.Bytes + SpoolRecord.HeaderBytes) * 8);
            SortedDictionary<long, int> after = ReadAll(files, out RecoveryReport report);
            bool isLastRecord = report.TornBytes > 0;
            Assert.Equal(before.Count - 1, after.Count);
            Assert.True(isLastRecord || report.Corruptions.Count == 1);
        }
    }

    [Fact]
    public void A_file_set_aside_says_where_and_is_kept_as_it_was()
    {
        FaultyFileSystem files = MakeSpool();
        string path = files.Paths.First(name => name.EndsWith(SegmentName.Suffix, StringComparison.Ordinal));
        long length = files.LengthOf(path);
        files.FlipBit(path, (SegmentHeader.Bytes + SpoolRecord.HeaderBytes + 1) * 8);
        ReadAll(files, out RecoveryReport report);
        SpoolCorruption corruption = Assert.Single(report.Corruptions);
        Assert.Equal(Path.GetFileName(path), corruption.Segment);
        Assert.Equal(0, corruption.Offset);
        Assert.StartsWith("checksum ", corruption.Expected, StringComparison.Ordinal);
        Assert.NotEqual(corruption.Expected, "checksum " + corruption.Found);
        Assert.Equal(length - SegmentHeader.Bytes, corruption.SalvagedBytes + corruption.LostBytes);
        Assert.Equal(length, files.LengthOf(Path.Combine(SpoolBench.Directory, corruption.SetAsideAs)));
    }

    private static void CheckFlip(string path, long bit)
    {
        string scene = $"bit {bit} of {Path.GetFileName(path)}";
        FaultyFileSystem files = MakeSpool();
        SortedDictionary<long, int> before = ReadAll(files, out RecoveryReport sound);
        Assert.Empty(sound.Corruptions);
        files.FlipBit(path, bit);
        SortedDictionary<long, int> after = ReadAll(files, out RecoveryReport report);
        Assert.True(report.Corruptions.Count > 0 || report.TornBytes > 0, $"{scene}: nobody noticed");
        Assert.All(after, pair => Assert.True(before[pair.Key] == pair.Value, scene));
        Assert.True(report.EndOffset >= before.Keys.Last() || report.TornBytes > 0, $"{scene}: the log went back");
        // Opened again, all is known and nothing is found.
        SortedDictionary<long, int> again = ReadAll(files, out RecoveryReport second);
        Assert.True(again.SequenceEqual(after), scene);
        Assert.Empty(second.Corruptions);
    }

    private static List<string> SegmentPaths() =>
        [.. MakeSpool().Paths.Where(name => name.EndsWith(SegmentName.Suffix, StringComparison.Ordinal))];

    private static FaultyFileSystem MakeSpool()
    {
        var files = new FaultyFileSystem(1);
        using var bench = new SpoolBench(files);
        bench.Open();
        while (bench.Appended.Count < RecordCountMin)
        {
            bench.Append(2);
            bench.Commit();
        }

        return files;
    }

    private static SortedDictionary<long, int> ReadAll(FaultyFileSystem files, out RecoveryReport report)
    {
        using var bench = new SpoolBench(files);
        Spool spool = bench.Open();
        report = spool.Recovery;
        var records = new SortedDictionary<long, int>();
        using SpoolReader reader = spool.OpenReader(spool.FirstOffset);
        while (reader.TryRead(out RecordView record))
        {
            records.Add(record.Offset, RecordMaker.NumberOf(record.Body));
        }

        return records;
    }
}
