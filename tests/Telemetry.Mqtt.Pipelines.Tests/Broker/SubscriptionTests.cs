using Telemetry.Mqtt.Pipelines.Conformance;
using Telemetry.Testing;

namespace Telemetry.Mqtt.Pipelines;

public sealed class SubscriptionTests
{
    [Theory]
    [InlineData(ProtocolLevel.V311, "30060003612F6278")]
    [InlineData(ProtocolLevel.V50, "30070003612F620078")]
    public async Task A_matching_message_is_delivered(ProtocolLevel level, string expected)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(level, "console");
        foreach ((string filter, bool matches) in new[]
        {
            ("a/b", true), ("a/+", true), ("a/#", true), ("#", true), ("+/b", true), ("a", false), ("a/b/c", false),
        })
        {
            await peer.SendAsync(peer.Subscribe(1, filter, qos: 0));
            await peer.ReadAsync();
            server.Broker.Publish("a/b"u8, "x"u8, 1, retain: false);
            if (matches)
            {
                await peer.ExpectAsync(expected);
            }

            await peer.ExpectNothingAsync();
            await peer.SendAsync(peer.Unsubscribe(2, filter));
            await peer.ExpectAsync(level == ProtocolLevel.V311 ? "B0020002" : "B00400020000");
        }

        Assert.False(server.Broker.HasSubscribers);
        await peer.CloseAsync();
    }

    [Fact]
    public async Task A_packet_that_is_refused_leaves_no_subscription_for_a_restart()
    {
        using var server = new TestServer(o => o.SubscriptionsPerClientMax = 2);
        server.Intake.CommitsAtOnce = true;
        Peer peer = server.Open(ProtocolLevel.V50);
        await peer.ConnectAsync(peer.ConnectPacket(
            "console", properties: Peer.Number(PropertyId.SessionExpiryInterval, 60)));
        await peer.SendAsync(Packets.Subscribe(ProtocolLevel.V50, 1, ("a", 0), ("b", 0), ("c", 0)));
        Assert.Equal("E0", (await peer.ReadAsync())[..2]);
        await peer.CloseAsync();

        using TestServer again = server.Restart();
        Assert.Equal((1, 0), (again.Broker.SessionCount, again.Broker.SubscriptionCount));
    }

    [Fact]
    public async Task Filters_of_one_packet_that_ask_for_too_many_retained_messages_are_granted_and_end_the_connection()
    {
        using var server = new TestServer(o => o.RetainedMessagesMax = 2);
        server.Broker.Publish("a"u8, "1"u8, 0, retain: true);
        server.Broker.Publish("b"u8, "2"u8, 0, retain: true);
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "console");
        await peer.SendAsync(Packets.Subscribe(ProtocolLevel.V50, 1, ("#", 0), ("+", 0), ("a", 0)));
        await peer.ExpectAsync("9006000100000000");
        string last = await peer.ReadAsync();
        Assert.Equal("97", last[4..6]);
        await peer.CloseAsync();
    }

    [Fact]
    public async Task Answers_name_what_was_granted_and_why_not()
    {
        using var server = new TestServer(o => o.SubscriptionsPerClientMax = 2);
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "console");
        await peer.SendAsync(
            peer.Subscribe(1, "a", qos: 2),
            peer.Subscribe(2, "$share/group/a"),
            peer.Subscribe(3, "b", qos: 0),
            peer.Subscribe(4, "c"),
            peer.Subscribe(5, string.Join('/', Enumerable.Repeat("x", 33))),
            peer.Unsubscribe(6, "unknown"));
        await peer.ExpectAsync(
            "900400010002", "900400020001", "900400030097", "900400040097", "90040005008F", "B00400060011");
        await peer.CloseAsync();
    }

    [Fact]
    public async Task Overlapping_subscriptions_deliver_once_at_the_highest_QoS()
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V311, "console");
        await peer.SendAsync(
            peer.Subscribe(1, "a/#", qos: 0), peer.Subscribe(2, "a/b", qos: 1), peer.Subscribe(3, "#", qos: 0));
        await peer.ExpectAsync("9003000100", "9003000201", "9003000300");
        server.Broker.Publish("a/b"u8, "x"u8, 1, retain: false);
        await peer.ExpectAsync("32080003612F62000178");
        await peer.ExpectNothingAsync();
        await peer.CloseAsync();
    }

    [Fact]
    public async Task The_window_holds_messages_back_until_the_client_acknowledges()
    {
        using var server = new TestServer();
        Peer peer = server.Open(ProtocolLevel.V50);
        await peer.ConnectAsync(peer.ConnectPacket("console", properties: Peer.Number(PropertyId.ReceiveMaximum, 2)));
        await peer.SendAsync(peer.Subscribe(1, "a"));
        await peer.ExpectAsync("900400010001");
        for (byte i = 0; i < 4; i++)
        {
            server.Broker.Publish("a"u8, [i], 1, retain: false);
        }

        await peer.ExpectAsync("32070001610001" + "0000", "32070001610002" + "0001");
        await peer.ExpectNothingAsync();
        await peer.SendAsync([0x40, 0x02, 0x00, 0x02]);
        await peer.ExpectAsync("32070001610003" + "0002");
        await peer.SendAsync([0x40, 0x02, 0x00, 0x01], [0x40, 0x02, 0x00, 0x01]);
        await peer.ExpectAsync("32070001610004" + "0003");
        await peer.ExpectNothingAsync();
        Assert.Equal(1, server.Metrics.UnknownAcknowledgements);
        await peer.CloseAsync();
    }

    [Fact]
    public async Task A_packet_above_what_the_client_accepts_is_not_sent()
    {
        using var server = new TestServer();
        Peer peer = server.Open(ProtocolLevel.V50);
        await peer.ConnectAsync(peer.ConnectPacket("c", properties: Peer.Number(PropertyId.MaximumPacketSize, 20)));
        await peer.SendAsync(peer.Subscribe(1, "a"));
        await peer.ExpectAsync("900400010001");
        server.Broker.Publish("a"u8, new byte[30], 1, retain: false);
        await peer.ExpectNothingAsync();
        Assert.Equal(1, server.Metrics.MessagesTooLarge);
        await peer.CloseAsync();
    }

    [Fact]
    public async Task No_local_and_retain_as_published_are_kept()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "both");
        Peer other = await server.ConnectAsync(ProtocolLevel.V50, "other");
        await peer.SendAsync(peer.Subscribe(1, "a", qos: 0, noLocal: true));
        await other.SendAsync(other.Subscribe(1, "a", qos: 0, asPublished: true));
        await peer.ExpectAsync("900400010000");
        await other.ExpectAsync("900400010000");

        await peer.SendAsync(peer.Publish("a", "x", retain: true));
        await peer.ExpectNothingAsync();
        await other.ExpectAsync("31050001610078");
        await other.SendAsync(other.Publish("a", "y", retain: true));
        await peer.ExpectAsync("30050001610079");
        await peer.CloseAsync();
        await other.CloseAsync();
    }

    [Fact]
    public async Task Retained_messages_follow_the_retain_handling()
    {
        using var server = new TestServer();
        server.Broker.Publish("a/1"u8, "x"u8, 0, retain: true);
        server.Broker.Publish("a/2"u8, "y"u8, 0, retain: true);
        server.Broker.Publish("a/2"u8, default, 0, retain: true);
        Assert.Equal(1, server.Broker.RetainedCount);
        const string Retained = "31070003612F310078";
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "console");
        await peer.SendAsync(peer.Subscribe(1, "a/+", qos: 0, handling: RetainHandling.SendIfNew));
        await peer.ExpectAsync("900400010000", Retained);
        await peer.SendAsync(peer.Subscribe(2, "a/+", qos: 0, handling: RetainHandling.SendIfNew));
        await peer.ExpectAsync("900400020000");
        await peer.SendAsync(peer.Subscribe(3, "a/+", qos: 0));
        await peer.ExpectAsync("900400030000", Retained);
        await peer.SendAsync(peer.Subscribe(4, "a/1", qos: 0, handling: RetainHandling.DoNotSend));
        await peer.ExpectAsync("900400040000");
        await peer.ExpectNothingAsync();
        await peer.CloseAsync();
    }

    [Fact]
    public async Task A_retained_message_expires_and_its_remaining_time_is_told()
    {
        using var server = new TestServer();
        byte[] expiry = Peer.Number(PropertyId.MessageExpiryInterval, 60);
        var message = new PublishView { Topic = "a"u8, Payload = "x"u8, Properties = expiry, Retain = true };
        server.Broker.Distribute(message, default, offset: 1, ManualTime.StartNanoseconds);
        server.Time.Advance(TimeSpan.FromSeconds(20));
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "console");
        await peer.SendAsync(peer.Subscribe(1, "a", qos: 0));
        await peer.ExpectAsync("900400010000", "310A000161" + "0502" + "00000028" + "78");
        server.Time.Advance(TimeSpan.FromSeconds(40));
        await peer.SendAsync(peer.Subscribe(2, "a", qos: 0));
        await peer.ExpectAsync("900400020000");
        await peer.ExpectNothingAsync();
        await peer.CloseAsync();
    }

    [Fact]
    public async Task More_retained_messages_than_the_queue_holds_are_all_sent()
    {
        using var server = new TestServer(o => o.QueuedMessagesPerSubscriberMax = 10);
        for (int i = 0; i < 1_000; i++)
        {
            byte[] topic = [(byte)'a', (byte)'/', (byte)('A' + (i / 26)), (byte)('A' + (i % 26))];
            server.Broker.Publish(topic, "x"u8, 0, retain: true);
        }

        Peer peer = await server.ConnectAsync(ProtocolLevel.V311, "console");
        await peer.SendAsync(peer.Subscribe(1, "#"));
        await peer.ExpectAsync("9003000101");
        for (int i = 0; i < 1_000; i++)
        {
            Assert.StartsWith("31070004612F", await peer.ReadAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(0, server.Metrics.MessagesDropped);
        await peer.CloseAsync();
    }

    [Fact]
    public async Task A_slow_subscriber_loses_the_newest_QoS_0_messages_and_they_are_counted()
    {
        using var server = new TestServer(o => o.QueuedMessagesPerSubscriberMax = 100);
        Peer peer = await server.ConnectAsync(ProtocolLevel.V311, "slow");
        await peer.SendAsync(peer.Subscribe(1, "a", qos: 0));
        await peer.ExpectAsync("9003000100");
        for (int i = 0; i < 1_000; i++)
        {
            server.Broker.Publish("a"u8, new byte[2_000], 0, retain: false);
        }

        MqttMetrics metrics = server.Metrics;
        Assert.True(metrics.MessagesDropped > 0, "nothing was dropped");
        Assert.Equal(1_000, metrics.MessagesDelivered + metrics.MessagesDropped);
        for (long i = 0; i < metrics.MessagesDelivered; i++)
        {
            Assert.StartsWith("30", await peer.ReadAsync(), StringComparison.Ordinal);
        }

        await peer.ExpectNothingAsync();
        await peer.CloseAsync();
    }

    [Fact]
    public async Task A_slow_subscriber_of_QoS_1_is_disconnected_with_quota_exceeded()
    {
        using var server = new TestServer(o => o.QueuedBytesPerSubscriberMax = 50_000);
        Peer peer = server.Open(ProtocolLevel.V50);
        await peer.ConnectAsync(peer.ConnectPacket("slow", properties: Peer.Number(PropertyId.ReceiveMaximum, 1)));
        await peer.SendAsync(peer.Subscribe(1, "a"));
        await peer.ExpectAsync("900400010001");
        for (int i = 0; i < 100; i++)
        {
            server.Broker.Publish("a"u8, new byte[1_000], 1, retain: false);
        }

        string last = await peer.ReadAsync();
        if (last.StartsWith("32", StringComparison.Ordinal))
        {
            last = await peer.ReadAsync(); // the one that the window let out
        }

        Assert.Equal("E00197", last);
        await peer.CloseAsync();
        Assert.Equal(1, server.Metrics.SubscribersOverflowed);
        Assert.Empty(server.Broker.Connections());
    }
}
