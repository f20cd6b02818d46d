using Microsoft.Extensions.Logging.Abstractions;

namespace Telemetry.Spool.Tests;

/// <summary>The spool on the real disk of this machine.</summary>
public sealed class DiskFileSystemTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("spool-test-").FullName;

    [Fact]
    public async Task Records_survive_closing_and_opening()
    {
        long offset = 0;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (int run = 0; run < 3; run++)
        {
            using Spool spool = Open();
            Assert.Equal(offset, spool.DurableOffset);
            for (int i = 0; i < 50; i++)
            {
                byte[] record = RecordMaker.Numbered((run * 50) + i, 40);
                Assert.Equal(AppendOutcome.Appended, spool.TryAppend(record, null, out offset));
            }

            while (await spool.WaitForCommitAsync(offset - 1, patience.Token) < offset)
            {
            }

            using SpoolReader reader = spool.OpenReader(0);
            for (int i = 0; i < (run + 1) * 50; i++)
            {
                Assert.True(reader.TryRead(out RecordView record));
                Assert.Equal(i, RecordMaker.NumberOf(record.Body));
            }
        }

        // Each run goes on in a file of its own.
        Assert.Equal(3, Directory.GetFiles(_directory, "*.seg").Length);
    }

    [Fact]
    public void A_spool_is_open_once()
    {
        using (Open())
        {
            Assert.ThrowsAny<IOException>(() => Open());
        }

        Open().Dispose();
    }

    [Fact]
    public void A_cursor_and_a_deleted_segment_are_gone_and_found_as_on_the_faulty_disk()
    {
        using (Spool spool = Open(segmentBytesMax: 1_000))
        {
            using Cursor cursor = spool.OpenCursor("store", required: true);
            spool.Trim();
            Append(spool, 30);
            long[] lanes = new long[SpoolRecord.LaneCount];
            Array.Fill(lanes, spool.DurableOffset);
            cursor.Advance(lanes);
            spool.CommitOnce();
        }

        Assert.Single(Directory.GetFiles(_directory, "*.seg"));
        using Spool again = Open(segmentBytesMax: 1_000);
        Assert.Equal(again.DurableOffset, again.OpenCursor("store", required: true).Minimum);
    }

    [Fact]
    public void A_kept_range_is_read_while_its_file_is_renamed_and_deleted()
    {
        var files = new DiskFileSystem();
        string path = Path.Combine(_directory, "a");
        using (IFile file = files.Open(path, FileIntent.Create))
        {
            file.Write("abcdef"u8, 0);
            file.SetLength(4);
            file.Sync();
        }

        using IFile reading = files.Open(path, FileIntent.Read);
        files.Rename(path, path + "2");
        files.SyncDirectory(_directory);
        Assert.Equal(["a2"], files.ListFiles(_directory));
        files.Delete(path + "2");
        byte[] bytes = new byte[10];
        Assert.Equal(4, reading.Read(bytes, 0));
        Assert.Equal("abcd"u8.ToArray(), bytes[..4]);
        Assert.True(files.FreeBytes(_directory) > 0);
        Assert.Throws<FileNotFoundException>(() => files.Open(path, FileIntent.Read));
        Assert.Throws<IOException>(() => files.SyncDirectory(path));
    }

    [Fact]
    public void A_sync_that_the_system_does_not_do_is_a_failed_sync()
    {
        // A character device answers EINVAL, which the class library's own flush takes for success.
        var files = new DiskFileSystem();
        using IFile device = files.Open("/dev/null", FileIntent.Write);
        device.Write("a block"u8, 0);

        IOException error = Assert.Throws<IOException>(device.Sync);
        Assert.Contains("cannot sync '/dev/null'", error.Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => files.SyncDirectory("/dev/null"));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static void Append(Spool spool, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(AppendOutcome.Appended, spool.TryAppend(RecordMaker.Numbered(i, 100), null, out _));
            spool.CommitOnce();
        }
    }

    private Spool Open() => Spool.Open(
        new SpoolOptions { Directory = _directory }, new DiskFileSystem(), TimeProvider.System,
        NullLogger<Spool>.Instance);

    private Spool Open(int segmentBytesMax) => Spool.OpenStepwise(
        new SpoolOptions { Directory = _directory, SegmentBytesMax = segmentBytesMax, FreeBytesMin = 0 },
        new DiskFileSystem(), TimeProvider.System, NullLogger<Spool>.Instance);
}
