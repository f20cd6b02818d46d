namespace Telemetry.Mqtt.Pipelines.Conformance;

/// <summary>The retain flag of PUBLISH, the same in both standards as far as nothing else was asked for.</summary>
public sealed class RetainStatementTests
{
    [Theory]
    [InlineData(ProtocolLevel.V311)]
    [InlineData(ProtocolLevel.V50)]
    public async Task The_last_retained_message_is_kept_with_its_QoS_for_later_subscribers(ProtocolLevel level)
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer publisher = await server.ConnectAsync(level, "gateway");
        await publisher.SendAsync(
            publisher.Publish("a", "1", id: 1, retain: true), publisher.Publish("a", "2", id: 2, retain: true));
        await publisher.ExpectAsync("40020001", "40020002");
        await publisher.CloseAsync(); // what is retained outlives the session of its publisher

        await ExpectRetainedAsync(server, "3306000161" + "000132");
    }

    [Fact]
    public async Task A_retained_message_of_QoS_0_replaces_the_one_before()
    {
        using var server = new TestServer();
        server.Broker.Publish("a"u8, "1"u8, 1, retain: true);
        server.Broker.Publish("a"u8, "2"u8, 0, retain: true);
        await ExpectRetainedAsync(server, "31040001" + "6132");
    }

    [Fact]
    public async Task A_message_without_the_retain_flag_leaves_the_retained_one_alone()
    {
        using var server = new TestServer();
        server.Broker.Publish("a"u8, "1"u8, 0, retain: true);
        server.Broker.Publish("a"u8, "2"u8, 0, retain: false);
        server.Broker.Publish("a"u8, default, 0, retain: false);
        Assert.Equal(1, server.Broker.RetainedCount);
        await ExpectRetainedAsync(server, "31040001" + "6131");
    }

    [Theory]
    [InlineData(ProtocolLevel.V311, "3003000161", "30040001" + "6178")]
    [InlineData(ProtocolLevel.V50, "300400016100", "3005000161" + "0078")]
    public async Task An_empty_retained_message_is_delivered_and_clears_its_topic(
        ProtocolLevel level, string empty, string full)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(level, "console");
        await peer.SendAsync(peer.Subscribe(1, "a", qos: 0));
        await peer.ReadAsync();
        server.Broker.Publish("a"u8, "x"u8, 0, retain: true);
        await peer.ExpectAsync(full); // RETAIN is 0: it matched an established subscription
        server.Broker.Publish("a"u8, default, 0, retain: true);
        await peer.ExpectAsync(empty);
        Assert.Equal(0, server.Broker.RetainedCount);
        await peer.SendAsync(peer.Subscribe(2, "a", qos: 0));
        await peer.ReadAsync();
        await peer.ExpectNothingAsync();
        await peer.CloseAsync();
    }

    [Fact]
    public async Task Retained_messages_that_follow_in_their_turn_leave_no_bytes_behind_in_the_budget()
    {
        using var server = new TestServer(o => o.QueuedMessagesPerSubscriberMax = 4);
        for (int i = 0; i < 9; i++)
        {
            server.Broker.Publish([(byte)'a', (byte)'/', (byte)('0' + i)], "x"u8, 0, retain: true);
        }

        Peer peer = await server.ConnectAsync(ProtocolLevel.V311, "console");
        await peer.SendAsync(peer.Subscribe(1, "a/+", qos: 0));
        await peer.ExpectAsync("9003000100");
        for (int i = 0; i < 9; i++)
        {
            Assert.Equal("3106", (await peer.ReadAsync())[..4]);
        }

        await peer.ExpectNothingAsync();
        Assert.Equal(0, server.Broker.QueuedBytes);
        await peer.CloseAsync();
    }

    private static async Task ExpectRetainedAsync(TestServer server, string expected)
    {
        Peer later = await server.ConnectAsync(ProtocolLevel.V311, "later");
        await later.SendAsync(later.Subscribe(1, "a"));
        await later.ExpectAsync("9003000101", expected);
        await later.ExpectNothingAsync();
        await later.CloseAsync();
    }
}
