using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Testing;

namespace Telemetry.Spool.Tests;

/// <summary>Syncs of the directory that do not come back, and what waits for them.</summary>
public sealed class SlowDirectoryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Two blocks of a test fit into a segment, a third does not.
    private static readonly SpoolOptions Options = SpoolBench.SmallOptions with { SegmentBytesMax = 400 };

    [Fact]
    public async Task Records_of_a_new_segment_are_not_durable_before_its_name_is()
    {
        using var files = new HeldDirectory(new FaultyFileSystem(1));
        using Spool spool = Spool.Open(Options, files, TimeProvider.System, NullLogger<Spool>.Instance);
        files.Hold();
        Append(spool, 1);
        ValueTask<long> durable = spool.WaitForCommitAsync(0, default);
        await files.EnteredAsync();

        Assert.Equal(0, spool.DurableOffset);
        Assert.False(durable.IsCompleted);
        files.Release();
        Assert.Equal(spool.AppendedOffset, await durable.AsTask().WaitAsync(Patience));
    }

    [Fact]
    public async Task Deleting_segments_holds_no_commit_and_is_finished_when_the_disk_comes_back()
    {
        using var files = new HeldDirectory(new FaultyFileSystem(1));
        using Spool spool = Spool.Open(Options, files, TimeProvider.System, NullLogger<Spool>.Instance);
        SpoolHold hold = spool.OpenHold("store", required: true, initialOffset: 0);
        spool.Trim();
        for (int i = 0; i < 5; i++)
        {
            await CommitAsync(spool, i);
        }

        Assert.True(spool.Metrics.SegmentCount > 2);
        files.Hold();
        hold.ReleaseTo(spool.DurableOffset);
        await files.EnteredAsync();
        await CommitAsync(spool, 5);

        Assert.Equal(0, spool.Metrics.TrimmedSegmentCount);
        files.Release();
        Assert.True(SpinWait.SpinUntil(() => spool.Metrics.SegmentCount == 1, Patience));
        Assert.True(spool.FirstOffset > 0);
    }

    [Fact]
    public async Task A_rehearsed_slow_disk_keeps_what_it_acknowledged()
    {
        var disk = new FaultyFileSystem(1);
        var slow = new SlowSyncFileSystem(disk, TimeSpan.FromMilliseconds(1));
        long end;
        using (Spool spool = Spool.Open(Options, slow, TimeProvider.System, NullLogger<Spool>.Instance))
        {
            for (int i = 0; i < 10; i++)
            {
                await CommitAsync(spool, i);
            }

            end = spool.DurableOffset;
        }

        disk.Restart(StopMode.PowerCut);
        using Spool again = Spool.Open(Options, slow, TimeProvider.System, NullLogger<Spool>.Instance);
        Assert.Equal(end, again.DurableOffset);
        Assert.Equal(10, again.Recovery.VerifiedRecords);
    }

    private static void Append(Spool spool, int number) =>
        Assert.Equal(AppendOutcome.Appended, spool.TryAppend(RecordMaker.Numbered(number, 120), null, out _));

    private static async Task CommitAsync(Spool spool, int number)
    {
        long before = spool.DurableOffset;
        Append(spool, number);
        await spool.WaitForCommitAsync(before, default).AsTask().WaitAsync(Patience);
    }

    /// <summary>A disk whose directory cannot be synced while it is held.</summary>
    private sealed class HeldDirectory(IFileSystem files) : IFileSystem, IDisposable
    {
        private readonly ManualResetEventSlim _free = new(true);
        private readonly SemaphoreSlim _entered = new(0);

        public void Hold() => _free.Reset();

        public void Release() => _free.Set();

        /// <summary>Waits until a sync of the directory is being held.</summary>
        public async Task EnteredAsync() => Assert.True(await _entered.WaitAsync(Patience));

        public void SyncDirectory(string directory)
        {
            if (!_free.IsSet)
            {
                _entered.Release();
                _free.Wait();
            }

            files.SyncDirectory(directory);
        }

        public void CreateDirectory(string path) => files.CreateDirectory(path);

        public IReadOnlyList<string> ListFiles(string directory) => files.ListFiles(directory);

        public IFile Open(string path, FileIntent intent) => files.Open(path, intent);

        public void Rename(string from, string to) => files.Rename(from, to);

        public void Delete(string path) => files.Delete(path);

        public IDisposable Lock(string path) => files.Lock(path);

        public long FreeBytes(string directory) => files.FreeBytes(directory);

        public void Dispose()
        {
            _free.Dispose();
            _entered.Dispose();
        }
    }
}
