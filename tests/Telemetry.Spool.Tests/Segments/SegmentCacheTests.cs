using Telemetry.Testing;

namespace Telemetry.Spool.Tests;

/// <summary>What the system's page cache is told about segments that are on their way to the archive.</summary>
public sealed class SegmentCacheTests
{
    private const int StepBytes = 4 * 1024 * 1024;
    private const int BlockBytes = 64 * 1024;

    private static readonly SpoolOptions Roomy = SpoolBench.SmallOptions with
    {
        SegmentBytesMax = 3 * 1024 * 1024,
        BufferBytesMax = 1024 * 1024,
        BytesMax = 1 << 30,
    };

    private static readonly SpoolOptions Archiving = Roomy with
    {
        Archive = new ArchiveOptions { Directory = "/archive", FreeBytesMin = 0 },
    };

    [Fact]
    public void What_its_readers_are_through_with_is_dropped_once_over_all_segments_and_can_still_be_read()
    {
        using var bench = new SpoolBench(new FaultyFileSystem(1), Archiving);
        bench.Open();
        Fill(bench, 2 * StepBytes);
        Assert.Equal(0, bench.Files.DroppedCacheBytes);

        long read = bench.Appended.Keys.First(offset => offset > StepBytes + StepBytes / 2);
        bench.Spool.DropCacheBefore(read);
        Fill(bench, BlockBytes);
        Assert.Equal(read, bench.Files.DroppedCacheBytes);

        bench.Spool.DropCacheBefore(read + StepBytes - 1); // too little to ask for
        Fill(bench, BlockBytes);
        Assert.Equal(read, bench.Files.DroppedCacheBytes);
        bench.CheckLaw("behind dropped pages");
    }

    [Fact]
    public void Nothing_is_dropped_that_is_not_durable()
    {
        using var bench = new SpoolBench(new FaultyFileSystem(1), Archiving);
        bench.Open();
        Fill(bench, StepBytes);
        bench.Spool.DropCacheBefore(long.MaxValue);
        Fill(bench, BlockBytes);
        Assert.Equal(bench.Spool.DurableOffset, bench.Files.DroppedCacheBytes);
    }

    [Fact]
    public void Without_an_archive_the_pages_stay_for_the_segment_that_is_written_over_them()
    {
        using var bench = new SpoolBench(new FaultyFileSystem(1), Roomy);
        bench.Open();
        Fill(bench, 2 * StepBytes);
        bench.Spool.DropCacheBefore(bench.Spool.DurableOffset);
        Fill(bench, BlockBytes);
        Assert.Equal(0, bench.Files.DroppedCacheBytes);
    }

    private static void Fill(SpoolBench bench, long bytes)
    {
        for (long end = bench.Spool.AppendedOffset + bytes; bench.Spool.AppendedOffset < end;)
        {
            Assert.True(bench.Append(recordCount: 8, bodyBytesMax: BlockBytes / 4));
            bench.Commit();
        }
    }
}
