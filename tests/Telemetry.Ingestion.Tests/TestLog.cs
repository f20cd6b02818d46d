using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Mqtt;
using Telemetry.Spool;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

/// <summary>A spool on a disk in memory, fed with whole messages.</summary>
internal sealed class TestLog : IDisposable
{
    private readonly string _directory;
    private readonly long _bytesMax;
    private readonly int _segmentBytes;
    private readonly ArchiveOptions? _archive;

    public TestLog(
        string directory = "/log",
        long bytesMax = 64 * 1024 * 1024,
        int segmentBytes = 1024 * 1024,
        ArchiveOptions? archive = null)
    {
        _segmentBytes = segmentBytes;
        _archive = archive;
        _directory = directory;
        _bytesMax = bytesMax;
        Log = Open();
    }

    /// <summary>Arrival time of the next record.</summary>
    public long Arrival { get; set; } = 1_000;

    public FaultyFileSystem Files { get; } = new(seed: 1);

    public Spool.Spool Log { get; private set; }

    public static byte[] Record(
        RecordKind kind, string topic, string payload, string client, byte lane, long arrival) =>
        Record(kind, topic, SmallMine.Bytes(payload), client, lane, arrival);

    private static byte[] Record(
        RecordKind kind, string topic, byte[] payload, string client, byte lane, long arrival)
    {
        if (kind == RecordKind.Tick)
        {
            var tick = new byte[SpoolRecord.Measure(0)];
            SpoolRecord.Seal(tick, (byte)kind, lane, arrival);
            return tick;
        }

        byte[] sender = SmallMine.Bytes(client);
        var publish = new PublishView { Topic = SmallMine.Bytes(topic), Payload = payload };
        var record = new byte[SpoolRecord.Measure(MessageRecord.Measure(sender.Length, publish))];
        MessageRecord.Write(record.AsSpan(SpoolRecord.HeaderBytes), sender, publish);
        SpoolRecord.Seal(record, (byte)kind, lane, arrival);
        return record;
    }

    public async Task<long> AppendAsync(
        string topic, string payload, string client = "gw-1", RecordKind kind = RecordKind.Publish) =>
        await AppendAsync(Record(kind, topic, payload, client, 0, Arrival++));

    /// <summary>Appends a message that is no text.</summary>
    public async Task<long> AppendAsync(string topic, byte[] payload, string client = "gw-1")
    {
        byte[] sender = SmallMine.Bytes(client);
        var publish = new PublishView { Topic = SmallMine.Bytes(topic), Payload = payload };
        var record = new byte[SpoolRecord.Measure(MessageRecord.Measure(sender.Length, publish))];
        MessageRecord.Write(record.AsSpan(SpoolRecord.HeaderBytes), sender, publish);
        SpoolRecord.Seal(record, (byte)RecordKind.Publish, lane: 0, Arrival++);
        return await AppendAsync(record);
    }

    /// <summary>Appends a message as it came with QoS 1.</summary>
    public async Task<long> AppendAsync(
        string topic, string payload, ushort packetIdentifier, bool dup = false, string client = "gw-1")
    {
        var publish = new PublishView
        {
            Topic = SmallMine.Bytes(topic),
            Payload = SmallMine.Bytes(payload),
            Qos = 1,
            Dup = dup,
            PacketIdentifier = packetIdentifier,
        };
        byte[] sender = SmallMine.Bytes(client);
        var record = new byte[SpoolRecord.Measure(MessageRecord.Measure(sender.Length, publish))];
        MessageRecord.Write(record.AsSpan(SpoolRecord.HeaderBytes), sender, publish);
        SpoolRecord.Seal(record, (byte)RecordKind.Publish, lane: 0, Arrival++);
        return await AppendAsync(record);
    }

    public Task<long> AppendAsync(string topic, byte[] payload) =>
        AppendAsync(Record(RecordKind.Publish, topic, payload, "gw-1", lane: 0, Arrival++));

    /// <summary>Appends what another broker had retained.</summary>
    public async Task<long> AppendStaleAsync(string topic, string payload)
    {
        byte[] sender = SmallMine.Bytes("plant");
        var publish = new PublishView
        {
            Topic = SmallMine.Bytes(topic),
            Payload = SmallMine.Bytes(payload),
            Retain = true,
        };
        var record = new byte[SpoolRecord.Measure(MessageRecord.Measure(sender.Length, publish))];
        MessageRecord.WriteUpstream(record.AsSpan(SpoolRecord.HeaderBytes), sender, publish);
        SpoolRecord.Seal(record, (byte)RecordKind.Publish, lane: 0, Arrival++);
        return await AppendAsync(record);
    }

    private async Task<long> AppendAsync(byte[] record)
    {
        Assert.Equal(AppendOutcome.Appended, Log.TryAppend(record, null, out long end));
        await Log.WaitForCommitAsync(end - 1, CancellationToken.None);
        return end - record.Length;
    }

    /// <summary>Appends and does not wait; false when it was refused.</summary>
    public bool AppendUncommitted(string topic, string payload, string client = "gw-1") =>
        Log.TryAppend(Record(RecordKind.Publish, topic, payload, client, 0, Arrival++), null, out _)
            == AppendOutcome.Appended;

    /// <summary>Completes when all that was appended is durable.</summary>
    public async Task CommittedAsync() =>
        await Log.WaitForCommitAsync(Log.AppendedOffset - 1, CancellationToken.None);

    public Task<long> TickAsync() => AppendAsync("", "", kind: RecordKind.Tick);

    /// <summary>States of decoding on the same disk.</summary>
    public DecodingSnapshots OpenSnapshots() => new(Files, "/decoding", NullLogger.Instance);

    public void Reopen()
    {
        Log.Dispose();
        Log = Open();
    }

    public void Dispose() => Log.Dispose();

    private Spool.Spool Open()
    {
        var options = new SpoolOptions
        {
            Directory = _directory,
            BytesMax = _bytesMax,
            SegmentBytesMax = _segmentBytes,
            Archive = _archive,
            BufferBytesMax = 1024 * 1024,
            CommitIntervalMinMilliseconds = 0,
            WakeIntervalMinMilliseconds = 0,
            FreeBytesMin = 0,
        };
        return Spool.Spool.Open(options, Files, TimeProvider.System, NullLogger<Spool.Spool>.Instance);
    }
}
