using Telemetry.Testing;

namespace Telemetry.Spool.Tests;

public sealed class SpoolRecoveryTests
{
    private static readonly SpoolOptions OneSegment = SpoolBench.SmallOptions with { SegmentBytesMax = 100_000 };

    [Fact]
    public void A_torn_tail_is_cut_at_the_last_whole_record()
    {
        for (int cut = 1; cut < 300; cut++)
        {
            var files = new FaultyFileSystem(1);
            using var bench = new SpoolBench(files, OneSegment);
            Fill(bench, 8);
            string path = Assert.Single(SegmentPaths(files));
            Truncate(files, path, files.LengthOf(path) - cut);
            long left = files.LengthOf(path) - SegmentHeader.Bytes;
            List<long> starts = [.. bench.Appended.Keys, bench.Spool.DurableOffset];
            long end = starts.Last(start => start <= left);

            Spool spool = bench.Open();
            Assert.Equal(end, spool.DurableOffset);
            Assert.Equal(left - end, spool.Recovery.TornBytes);
            Assert.Empty(spool.Recovery.Corruptions);
            Assert.Equal(starts.IndexOf(end), CountReadable(spool));
        }
    }

    [Fact]
    public void An_empty_directory_begins_at_the_lowest_offset_allowed()
    {
        var files = new FaultyFileSystem(1);
        using var bench = new SpoolBench(files, OneSegment with { OffsetMin = 5_000 });
        Spool spool = bench.Open();
        Assert.Equal((5_000, 5_000, 5_000), (spool.FirstOffset, spool.DurableOffset, spool.AppendedOffset));
        bench.Append(1);
        bench.Commit();
        Assert.Equal("00000000000000005000.seg", Path.GetFileName(SegmentPaths(files)[0]));
    }

    [Fact]
    public void An_offset_known_outside_is_never_given_out_again()
    {
        var files = new FaultyFileSystem(1);
        using var bench = new SpoolBench(files, OneSegment);
        Fill(bench, 3);
        long known = bench.Spool.DurableOffset + 1_000;
        bench.Dispose();
        using var later = new SpoolBench(files, OneSegment with { OffsetMin = known });
        Spool spool = later.Open();
        Assert.Equal(known, spool.AppendedOffset);
        Assert.Equal(3, CountReadable(spool));
        Assert.True(later.Append(1));
        later.Commit();
        using SpoolReader reader = spool.OpenReader(0);
        while (reader.TryRead(out _))
        {
        }

        Assert.Equal(1_000, reader.SkippedBytes);
        Assert.True(reader.TryTakeSkip(out SkippedRange skip));
        Assert.Equal(new SkippedRange(known - 1_000, known, SkipCause.Missing), skip);
    }

    [Fact]
    public void Offsets_go_on_after_everything_was_trimmed_and_the_spool_opened_again()
    {
        var files = new FaultyFileSystem(1);
        using var bench = new SpoolBench(files);
        Fill(bench, 20);
        using SpoolHold hold = bench.Spool.OpenHold("store", required: true, 0);
        hold.ReleaseTo(bench.Spool.DurableOffset);
        bench.Spool.Trim();
        bench.Commit();
        long end = bench.Spool.DurableOffset;
        Assert.Single(SegmentPaths(files));
        bench.Dispose();
        Assert.Equal(end, bench.Open().AppendedOffset);
    }

    [Fact]
    public void A_segment_that_is_gone_leaves_a_hole_that_readers_pass_over_and_report()
    {
        var files = new FaultyFileSystem(1);
        using var bench = new SpoolBench(files);
        Fill(bench, 20);
        bench.Dispose();
        List<string> paths = SegmentPaths(files);
        Assert.True(SegmentName.TryParse(Path.GetFileName(paths[1]), SegmentName.Suffix, out long from));
        Assert.True(SegmentName.TryParse(Path.GetFileName(paths[2]), SegmentName.Suffix, out long to));
        files.Delete(paths[1]);

        Spool spool = bench.Open();
        Assert.Equal(to - from, spool.Recovery.MissingBytes);
        using SpoolReader reader = spool.OpenReader(0);
        while (reader.TryRead(out _))
        {
        }

        Assert.True(reader.TryTakeSkip(out SkippedRange skip));
        Assert.Equal(new SkippedRange(from, to, SkipCause.Missing), skip);
        Assert.False(reader.TryTakeSkip(out _));
        Assert.Equal(spool.DurableOffset, reader.Position);
    }

    [Fact]
    public void A_segment_of_a_later_version_is_refused_and_left_alone()
    {
        var files = new FaultyFileSystem(1);
        byte[] header = new byte[SegmentHeader.Bytes];
        SegmentHeader.Write(header, 0);
        header[8] = 3;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(
            header.AsSpan(28), Telemetry.Buffers.Crc32C.Append(0, header.AsSpan(0, 28)));
        string path = Path.Combine(SpoolBench.Directory, SegmentName.Of(0));
        files.Open(path, FileIntent.Create).Write(header, 0);
        using var bench = new SpoolBench(files);
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => bench.Open());
        Assert.Contains("expected format version 1 or 2, found 3", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([path], files.Paths);
    }

    [Fact]
    public void A_header_gone_bad_costs_no_record()
    {
        var files = new FaultyFileSystem(1);
        using var bench = new SpoolBench(files);
        Fill(bench, 12);
        bench.Dispose();
        files.FlipBit(SegmentPaths(files)[0], 3);
        Assert.Equal(12, CountReadable(bench.Open()));
        Assert.Equal(0, Assert.Single(bench.Spool.Recovery.Corruptions).LostBytes);
    }

    [Fact]
    public void What_lies_before_the_verified_part_is_verified_when_it_is_read()
    {
        var files = new FaultyFileSystem(1);
        using var bench = new SpoolBench(files, SpoolBench.SmallOptions with { VerifyBytesMax = 1 });
        Fill(bench, 20);
        bench.Dispose();
        files.FlipBit(SegmentPaths(files)[0], (SegmentHeader.Bytes + SpoolRecord.HeaderBytes) * 8);
        Spool spool = bench.Open();
        Assert.Empty(spool.Recovery.Corruptions);
        long skippedBefore = spool.Metrics.SkippedBytes;
        using SpoolReader reader = spool.OpenReader(0);
        Assert.True(reader.TryRead(out RecordView record));
        Assert.Equal(bench.Appended.Keys.ElementAt(1), record.Offset);
        Assert.True(reader.TryTakeSkip(out SkippedRange skip));
        Assert.Equal(new SkippedRange(0, record.Offset, SkipCause.Corrupt), skip);
        Assert.Equal(skip.Bytes, spool.Metrics.SkippedBytes - skippedBefore);
    }

    private static void Fill(SpoolBench bench, int recordCount)
    {
        bench.Open();
        for (int i = 0; i < recordCount; i++)
        {
            bench.Append(1);
            bench.Commit();
        }

        Assert.Equal(recordCount, bench.Appended.Count);
    }

    private static int CountReadable(Spool spool)
    {
        using SpoolReader reader = spool.OpenReader(spool.FirstOffset);
        int count = 0;
        while (reader.TryRead(out _))
        {
            count++;
        }

        return count;
    }

    private static void Truncate(FaultyFileSystem files, string path, long bytes)
    {
        files.Restart(StopMode.Kill);
        files.Open(path, FileIntent.Write).SetLength(bytes);
    }

    private static List<string> SegmentPaths(FaultyFileSystem files) =>
        [.. files.Paths.Where(name => name.EndsWith(SegmentName.Suffix, StringComparison.Ordinal))];
}
