using System.Buffers;
using System.IO.Pipelines;
using Telemetry.Testing;

namespace Telemetry.Mqtt.Pipelines.Connections;

public sealed class PacketPumpTests
{
    /// <summary>One packet of each type that there is, as hex.</summary>
    public static TheoryData<string> Packets => new(
        "101000044D5154540402003C000474657374", // CONNECT
        "20020000", // CONNACK
        "300600036162637A", // PUBLISH, QoS 0
        "32080003616263000A7A", // PUBLISH, QoS 1
        "40020001", // PUBACK
        "50020001", // PUBREC
        "62020001", // PUBREL
        "70020001", // PUBCOMP
        "8206000100016101", // SUBSCRIBE
        "9003000101", // SUBACK
        "A2050001000161", // UNSUBSCRIBE
        "B0020001", // UNSUBACK
        "C000", // PINGREQ
        "D000", // PINGRESP
        "E000", // DISCONNECT
        "F000"); // AUTH

    [Theory]
    [MemberData(nameof(Packets))]
    public async Task A_close_inside_a_packet_ends_as_truncated_once_without_a_spin(string hex)
    {
        byte[] packet = Convert.FromHexString(hex);
        for (int cut = 0; cut <= packet.Length; cut++)
        {
            var pipe = new Pipe();
            await pipe.Writer.WriteAsync(packet.AsMemory(0, cut));
            await pipe.Writer.CompleteAsync();
            var receiver = new Recorder();
            PumpEnd end = await PacketPump.RunAsync(pipe.Reader, new FramerState(1000), receiver);

            bool isWhole = cut == 0 || cut == packet.Length;
            Assert.Equal(isWhole ? PumpEnd.Ended : PumpEnd.Truncated, end);
            Assert.Equal(cut == packet.Length ? 1 : 0, receiver.Packets.Count);
            Assert.InRange(receiver.Reads, 1, 2);
        }
    }

    [Theory]
    [MemberData(nameof(Packets))]
    public async Task A_packet_is_delivered_whole_however_it_is_split(string hex)
    {
        byte[] packet = Convert.FromHexString(hex);
        byte[] three = [.. packet, .. packet, .. packet];
        foreach (ReadOnlySequence<byte> split in Splits.InTwo(three).Append(Splits.PerByte(three)))
        {
            var receiver = new Recorder();
            PumpEnd end = await PacketPump.RunAsync(PipeReader.Create(split), new FramerState(1000), receiver);
            Assert.Equal(PumpEnd.Ended, end);
            Assert.Equal([hex, hex, hex], receiver.Packets);
        }
    }

    [Fact]
    public async Task What_came_before_a_malformed_packet_is_delivered()
    {
        byte[] bytes = [0xC0, 0x00, 0xC0, 0x00, 0x00, 0x00];
        var receiver = new Recorder();
        PumpEnd end = await PacketPump.RunAsync(
            PipeReader.Create(new ReadOnlySequence<byte>(bytes)), new FramerState(1000), receiver);
        Assert.Equal(PumpEnd.Malformed, end);
        Assert.Equal(2, receiver.Packets.Count);
        Assert.Equal([MalformedReason.PacketTypeReserved], receiver.Refusals);
    }

    [Fact]
    public async Task A_receiver_that_stops_gets_nothing_more()
    {
        byte[] bytes = [0xC0, 0x00, 0xE0, 0x00, 0xC0, 0x00];
        var receiver = new Recorder { StopsAfter = 2 };
        PumpEnd end = await PacketPump.RunAsync(
            PipeReader.Create(new ReadOnlySequence<byte>(bytes)), new FramerState(1000), receiver);
        Assert.Equal(PumpEnd.Stopped, end);
        Assert.Equal(["C000", "E000"], receiver.Packets);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_read_had_no_more_room_for_is_delivered_without_waiting_for_further_bytes(bool isClosed)
    {
        byte[] bytes = Convert.FromHexString("C0003206000161000A7A" + "C000" + "C000" + "D000");
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(bytes);
        if (isClosed)
        {
            await pipe.Writer.CompleteAsync();
        }

        var receiver = new Recorder { PerRead = 2, StopsAfter = isClosed ? int.MaxValue : 5 };
        PumpEnd end = await PacketPump.RunAsync(pipe.Reader, new FramerState(1000), receiver)
            .WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(isClosed ? PumpEnd.Ended : PumpEnd.Stopped, end);
        Assert.Equal(["C000", "3206000161000A7A", "C000", "C000", "D000"], receiver.Packets);
        Assert.Equal(3, receiver.Reads);
    }

    private sealed class Recorder : IPacketReceiver
    {
        private int _ofRead;

        public int StopsAfter { get; init; } = int.MaxValue;

        /// <summary>Packets that one read may bring.</summary>
        public int PerRead { get; init; } = int.MaxValue;

        public int Reads { get; private set; }

        public List<string> Packets { get; } = [];

        public List<MalformedReason> Refusals { get; } = [];

        public bool IsStopped => Packets.Count >= StopsAfter;

        public bool TakesPackets => !IsStopped && _ofRead < PerRead;

        public bool MustPause => false;

        public void OnReadStart() => Reads++;

        public void OnPacket(PacketFrame frame)
        {
            _ofRead++;
            Packets.Add(Convert.ToHexString([frame.FirstByte, (byte)frame.Body.Length, .. frame.Body]));
        }

        public void OnMalformed(MalformedReason reason) => Refusals.Add(reason);

        public void OnReadEnd(long consumedBytes) => _ofRead = 0;

        public ValueTask PauseAsync() => ValueTask.CompletedTask;
    }
}
