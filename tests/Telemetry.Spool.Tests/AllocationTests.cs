using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Testing;

namespace Telemetry.Spool.Tests;

public sealed class AllocationTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("spool-test-").FullName;

    [Fact]
    public void Appending_committing_and_reading_on_a_disk_allocate_nothing()
    {
        SpoolOptions options = new() { Directory = _directory, FreeBytesMin = 0 };
        using Spool spool = Spool.OpenStepwise(
            options, new DiskFileSystem(), TimeProvider.System, NullLogger<Spool>.Instance);
        using SpoolReader reader = spool.OpenReader(0);
        var listener = new SilentListener();
        byte[] record = new byte[SpoolRecord.Measure(100)];
        int count = 0;
        long allocated = Allocation.Measure(() =>
        {
            for (int i = 0; i < 4; i++)
            {
                record[SpoolRecord.HeaderBytes] = (byte)i;
                SpoolRecord.Seal(record, kind: 1, lane: (byte)i, arrivalTime: i);
                spool.TryAppend(record, listener, out _);
            }

            spool.CommitOnce();
            while (reader.TryRead(out RecordView view))
            {
                count += view.Body.Length;
            }
        });

        Assert.Equal(0, allocated);
        Assert.True(count > 0);
        Assert.Equal(spool.AppendedOffset, listener.DurableOffset);
    }

    [Fact]
    public void Waiting_for_a_commit_and_for_room_allocates_nothing()
    {
        var waiters = new WaiterSet(0);
        using var cancellation = new CancellationTokenSource();
        long value = 0;
        long allocated = Allocation.Measure(() =>
        {
            ValueTask<long> wait = waiters.WaitAsync(value, cancellation.Token);
            ValueTask quiet = waiters.WaitQuietlyAsync(value, cancellation.Token);
            waiters.Release(++value);
            wait.GetAwaiter().GetResult();
            quiet.GetAwaiter().GetResult();
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Moving_a_hold_on_allocates_nothing()
    {
        using Spool spool = Spool.OpenStepwise(
            SpoolBench.SmallOptions, new FaultyFileSystem(1), TimeProvider.System, NullLogger<Spool>.Instance);
        using SpoolHold hold = spool.OpenHold("store", required: true, 0);
        long offset = 0;
        Assert.Equal(0, Allocation.Measure(() => hold.ReleaseTo(++offset)));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private sealed class SilentListener : ICommitListener
    {
        public long DurableOffset { get; private set; }

        public void OnCommitted(long durableOffset) => DurableOffset = durableOffset;
    }
}
