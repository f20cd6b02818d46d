namespace Telemetry.Mqtt.Pipelines.Conformance;

/// <summary>SUBSCRIBE and UNSUBSCRIBE with their answers, and what they change.</summary>
public sealed class SubscribeStatementTests
{
    private static readonly string TooDeep = string.Join('/', Enumerable.Repeat("x", 40));

    [Theory]
    [InlineData(ProtocolLevel.V311, "90060102" + "00800100", "B0020103")]
    [InlineData(ProtocolLevel.V50, "90070102" + "00008F0100", "B007010300" + "00110000")]
    public async Task Several_filters_are_answered_together_in_their_order(
        ProtocolLevel level, string granted, string given)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(level, "console");
        await peer.SendAsync(Packets.Subscribe(level, 0x0102, ("a", 0), (TooDeep, 0), ("b", 1), ("c", 0)));
        await peer.ExpectAsync(granted);
        Assert.Equal(3, server.Broker.SubscriptionCount);
        await peer.SendAsync(Packets.Unsubscribe(level, 0x0103, "a", "none", "b", "c"));
        await peer.ExpectAsync(given);
        Assert.Equal(0, server.Broker.SubscriptionCount);
        await peer.CloseAsync();
    }

    [Theory]
    [InlineData(ProtocolLevel.V311)]
    [InlineData(ProtocolLevel.V50)]
    public async Task The_same_filter_replaces_its_subscription_and_is_sent_what_is_retained(ProtocolLevel level)
    {
        using var server = new TestServer();
        server.Broker.Publish("a"u8, "r"u8, 0, retain: true);
        Peer peer = await server.ConnectAsync(level, "console");
        foreach (int qos in new[] { 1, 0 })
        {
            await peer.SendAsync(peer.Subscribe(1, "a", qos));
            Assert.EndsWith($"{qos:X2}", await peer.ReadAsync(), StringComparison.Ordinal);
            Assert.StartsWith("31", await peer.ReadAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(1, server.Broker.SubscriptionCount);
        server.Broker.Publish("a"u8, "x"u8, 1, retain: false);
        Assert.StartsWith("30", await peer.ReadAsync(), StringComparison.Ordinal);
        await peer.ExpectNothingAsync();
        await peer.CloseAsync();
    }

    [Theory]
    [InlineData(0, 0, "30040001" + "6178")]
    [InlineData(0, 1, "30040001" + "6178")]
    [InlineData(1, 0, "30040001" + "6178")]
    [InlineData(1, 1, "3206000161" + "000178")]
    public async Task A_message_leaves_at_the_lower_of_both_QoS(int published, int granted, string expected)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V311, "console");
        await peer.SendAsync(peer.Subscribe(1, "a", granted));
        await peer.ExpectAsync($"90030001{granted:X2}");
        server.Broker.Publish("a"u8, "x"u8, (byte)published, retain: false);
        await peer.ExpectAsync(expected);
        await peer.CloseAsync();
    }

    [Theory]
    [InlineData("a/+", true)]
    [InlineData("a/b", false)] // it would match, but it is not the same
    [InlineData("A/+", false)]
    [InlineData("a/#", false)]
    [InlineData("a/+/", false)]
    public async Task Unsubscribing_compares_filters_character_by_character(string filter, bool isGone)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "console");
        await peer.SendAsync(peer.Subscribe(1, "a/+", qos: 0), peer.Unsubscribe(2, filter));
        await peer.ExpectAsync("900400010000", isGone ? "B00400020000" : "B00400020011");
        server.Broker.Publish("a/b"u8, "x"u8, 0, retain: false);
        if (!isGone)
        {
            await peer.ExpectAsync("3007" + "0003612F620078");
        }

        await peer.ExpectNothingAsync();
        await peer.CloseAsync();
    }

    [Theory]
    [InlineData(ProtocolLevel.V311, "B0020002")]
    [InlineData(ProtocolLevel.V50, "B00400020000")]
    public async Task After_UNSUBSCRIBE_nothing_new_comes_and_what_was_sent_is_completed(
        ProtocolLevel level, string answer)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(level, "console");
        await peer.SendAsync(peer.Subscribe(1, "a"));
        await peer.ReadAsync();
        server.Broker.Publish("a"u8, "x"u8, 1, retain: false);
        Assert.StartsWith("32", await peer.ReadAsync(), StringComparison.Ordinal);
        await peer.SendAsync(peer.Unsubscribe(2, "a"));
        await peer.ExpectAsync(answer);
        server.Broker.Publish("a"u8, "y"u8, 1, retain: false);
        await peer.SendAsync([0x40, 0x02, 0x00, 0x01]);
        await peer.ExpectNothingAsync();
        Assert.Equal(0, server.Metrics.UnknownAcknowledgements);
        await peer.CloseAsync();
    }

    [Theory]
    [InlineData(ProtocolLevel.V311, "B0020007")]
    [InlineData(ProtocolLevel.V50, "B00400070011")]
    public async Task UNSUBSCRIBE_is_answered_where_there_was_nothing(ProtocolLevel level, string answer)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(level, "console");
        await peer.SendAsync(peer.Unsubscribe(7, "none"));
        await peer.ExpectAsync(answer);
        await peer.CloseAsync();
    }

    [Fact]
    public async Task Every_client_with_a_matching_subscription_is_sent_the_message()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer first = await server.ConnectAsync(ProtocolLevel.V311, "first");
        Peer second = await server.ConnectAsync(ProtocolLevel.V50, "second");
        Peer third = await server.ConnectAsync(ProtocolLevel.V311, "third");
        await first.SendAsync(first.Subscribe(1, "a/#", qos: 0));
        await second.SendAsync(second.Subscribe(1, "+/b", qos: 0));
        await third.SendAsync(third.Subscribe(1, "a/c", qos: 0));
        await first.ReadAsync();
        await second.ReadAsync();
        await third.ReadAsync();
        await first.SendAsync(first.Publish("a/b", "x"));
        await first.ExpectAsync("30060003612F62" + "78");
        await second.ExpectAsync("30070003612F62" + "0078");
        await third.ExpectNothingAsync();
        await first.CloseAsync();
        await second.CloseAsync();
        await third.CloseAsync();
    }
}
