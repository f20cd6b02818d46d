using System.Buffers;
using System.IO.Pipelines;
using Telemetry.Testing;

namespace Telemetry.Mqtt.Pipelines.Outbox;

public sealed class PacketOutboxTests
{
    private static readonly byte[] ConnAck = [0x20, 0x02, 0x00, 0x00];
    private static readonly byte[] PubAck = [0x40, 0x02, 0x00, 0x01];
    private static readonly byte[] Disconnect = [0xE0, 0x01, 0x8E];

    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false));

    [Fact]
    public async Task CONNACK_leaves_before_an_acknowledgement_that_waits_beside_it()
    {
        PacketOutbox outbox = Open();
        outbox.Send([0xD0, 0x00]); // its flush waits for the reader, and the rest gathers
        ReadResult first = await _pipe.Reader.ReadAsync();
        outbox.Send(ConnAck);
        outbox.SendAfterCommit(PubAck, count: 1, endOffset: 7);
        outbox.OnCommitted(7);
        _pipe.Reader.AdvanceTo(first.Buffer.End);

        Assert.Equal("2002000040020001", await ReadAsync(8));
    }

    [Fact]
    public async Task An_acknowledgement_whose_commit_comes_behind_the_last_packet_does_not_leave()
    {
        PacketOutbox outbox = Open();
        outbox.SendAfterCommit(PubAck, count: 1, endOffset: 7);
        outbox.Close(Disconnect);
        Assert.Equal("E0018E", await ReadAsync(3));
        await outbox.Closed;
        await _pipe.Writer.CompleteAsync();

        outbox.OnCommitted(7);
        Assert.False(outbox.Render(_pipe.Writer), "the pipe is not the outbox's any more");
        Assert.True((await _pipe.Reader.ReadAsync()).Buffer.IsEmpty);
    }

    [Fact]
    public async Task Acknowledgements_that_are_durable_leave_before_the_last_packet()
    {
        PacketOutbox outbox = Open();
        outbox.Send([0xD0, 0x00]);
        ReadResult first = await _pipe.Reader.ReadAsync();
        outbox.SendAfterCommit(PubAck, count: 1, endOffset: 7);
        outbox.OnCommitted(7);
        outbox.Close(Disconnect);
        _pipe.Reader.AdvanceTo(first.Buffer.End);

        Assert.Equal("40020001E0018E", await ReadAsync(7));
    }

    private PacketOutbox Open() => new(_pipe.Writer, new MqttServerOptions(), new ManualTime(), new Owner());

    private async Task<string> ReadAsync(int bytes)
    {
        ReadResult read = await _pipe.Reader.ReadAtLeastAsync(bytes);
        string text = Convert.ToHexString(read.Buffer.ToArray());
        _pipe.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }

    private sealed class Owner : IOutboxOwner
    {
        public void OnBroken() => Assert.Fail("the pipe takes all bytes");
    }
}
