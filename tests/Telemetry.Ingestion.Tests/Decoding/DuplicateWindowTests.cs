using System.Buffers;
using Telemetry.Mqtt;

namespace Telemetry.Ingestion.Tests;

public class DuplicateWindowTests
{
    private const string Topic = "pump/7";
    private DuplicateWindow _window = new();

    [Fact]
    public void A_message_sent_again_is_a_duplicate_however_often()
    {
        Assert.False(Takes(identifier: 1, "flow=1", dup: false));
        Assert.True(Takes(identifier: 1, "flow=1", dup: true));
        Assert.True(Takes(identifier: 1, "flow=1", dup: true));
    }

    [Fact]
    public void A_message_whose_first_sending_never_came_is_none() =>
        Assert.False(Takes(identifier: 1, "flow=1", dup: true));

    [Theory]
    [InlineData(2, "flow=1", Topic, "gw", true, 1)]
    [InlineData(1, "flow=2", Topic, "gw", true, 1)]
    [InlineData(1, "flow=1", "pump/8", "gw", true, 1)]
    [InlineData(1, "flow=1", Topic, "other", true, 1)]
    [InlineData(1, "flow=1", Topic, "gw", false, 1)]
    [InlineData(1, "flow=1", Topic, "gw", true, 2)]
    public void What_differs_in_anything_is_none(
        ushort identifier, string payload, string topic, string gateway, bool dup, byte qos)
    {
        Takes(1, "flow=1", dup: false);
        Assert.False(Takes(identifier, payload, dup, topic, gateway, qos));
    }

    [Fact]
    public void The_window_ends_in_time()
    {
        Takes(1, "flow=1", dup: false, arrival: 5);
        Assert.True(Takes(1, "flow=1", dup: true, arrival: 5 + DuplicateWindow.WindowNanoseconds));
        Assert.False(Takes(1, "flow=1", dup: true, arrival: 6 + DuplicateWindow.WindowNanoseconds));
    }

    [Fact]
    public void The_last_messages_of_a_gateway_are_remembered_and_no_more()
    {
        for (ushort i = 1; i <= DuplicateWindow.MessagesPerGatewayMax + 1; i++)
        {
            Takes(i, "flow=1", dup: false);
        }

        Assert.True(Takes(2, "flow=1", dup: true));
        Assert.True(Takes(DuplicateWindow.MessagesPerGatewayMax + 1, "flow=1", dup: true));
        Assert.False(Takes(1, "flow=1", dup: true));
    }

    [Fact]
    public void Beyond_the_ceiling_of_gateways_the_quietest_are_forgotten()
    {
        for (int i = 0; i <= DuplicateWindow.GatewaysMax; i++)
        {
            Takes(1, "flow=1", dup: false, gateway: $"gw{i}", arrival: i);
        }

        Assert.False(Takes(1, "flow=1", dup: true, gateway: "gw0"));
        Assert.True(Takes(1, "flow=1", dup: true, gateway: $"gw{DuplicateWindow.GatewaysMax}"));
        Assert.True(Takes(1, "flow=1", dup: true, gateway: $"gw{DuplicateWindow.GatewaysMax / 2}"));
    }

    [Fact]
    public void What_was_saved_is_remembered_after_it_was_restored()
    {
        for (ushort i = 1; i <= 300; i++)
        {
            Takes(i, "flow=1", dup: false, gateway: i % 3 == 0 ? "a" : "b");
        }

        byte[] saved = Saved();
        _window = new DuplicateWindow();
        Assert.True(_window.TryRestore(saved));
        Assert.Equal(saved, Saved());
        Assert.True(Takes(300, "flow=1", dup: true, gateway: "a"));
        Assert.False(Takes(300, "flow=1", dup: true, gateway: "b"));
    }

    [Fact]
    public void A_state_that_was_cut_is_refused()
    {
        Takes(1, "flow=1", dup: false);
        byte[] saved = Saved();
        for (int bytes = 1; bytes < saved.Length; bytes++)
        {
            Assert.False(new DuplicateWindow().TryRestore(saved.AsSpan(0, bytes)), $"{bytes} bytes");
        }
    }

    [Fact]
    public void A_gateway_that_is_known_costs_no_memory_per_message()
    {
        byte[] body = Body(1, "flow=1", dup: false, Topic, "gw", qos: 1);
        for (int i = 0; i < 2 * DuplicateWindow.MessagesPerGatewayMax; i++)
        {
            _window.Contains(MessageRecord.Read(body), i);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            _window.Contains(MessageRecord.Read(body), i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private bool Takes(
        ushort identifier,
        string payload,
        bool dup,
        string topic = Topic,
        string gateway = "gw",
        byte qos = 1,
        long arrival = 1) =>
        _window.Contains(MessageRecord.Read(Body(identifier, payload, dup, topic, gateway, qos)), arrival);

    private static byte[] Body(ushort identifier, string payload, bool dup, string topic, string gateway, byte qos)
    {
        var publish = new PublishView
        {
            Topic = SmallMine.Bytes(topic),
            Payload = SmallMine.Bytes(payload),
            Qos = qos,
            Dup = dup,
            PacketIdentifier = identifier,
        };
        byte[] client = SmallMine.Bytes(gateway);
        var body = new byte[MessageRecord.Measure(client.Length, publish)];
        MessageRecord.Write(body, client, publish);
        return body;
    }

    private byte[] Saved()
    {
        var target = new ArrayBufferWriter<byte>();
        _window.Save(target);
        return target.WrittenSpan.ToArray();
    }
}
