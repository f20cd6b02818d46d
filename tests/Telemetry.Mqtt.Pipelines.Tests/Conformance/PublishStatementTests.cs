namespace Telemetry.Mqtt.Pipelines.Conformance;

/// <summary>PUBLISH on its way in and on its way out.</summary>
public sealed class PublishStatementTests
{
    [Theory]
    [InlineData(ProtocolLevel.V311)]
    [InlineData(ProtocolLevel.V50)]
    public async Task The_answer_to_a_message_is_that_of_its_QoS(ProtocolLevel level)
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer peer = await server.ConnectAsync(level, "gateway");
        await peer.SendAsync(peer.Publish("a", "0"), peer.Publish("a", "1", id: 258));
        await peer.ExpectAsync("40020102");
        await peer.ExpectNothingAsync();
        await peer.CloseAsync();
    }

    [Theory]
    [InlineData(ProtocolLevel.V311)]
    [InlineData(ProtocolLevel.V50)]
    public async Task After_its_acknowledgement_the_same_identifier_is_a_new_message(ProtocolLevel level)
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer peer = await server.ConnectAsync(level, "gateway");
        byte[] again = peer.Publish("a", "x", id: 5);
        await peer.SendAsync(again);
        await peer.ExpectAsync("40020005");
        again[0] |= 0x08; // DUP
        await peer.SendAsync(again);
        await peer.ExpectAsync("40020005");
        Assert.Equal(["a=x", "a=x"], server.Intake.Seen());
        await peer.CloseAsync();
    }

    [Fact]
    public async Task The_duplicate_flag_of_a_publisher_is_not_passed_on()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer peer = await server.ConnectAsync(ProtocolLevel.V311, "both");
        await peer.SendAsync(peer.Subscribe(1, "a"));
        await peer.ExpectAsync("9003000101");
        byte[] repeated = peer.Publish("a", "x", id: 9);
        repeated[0] |= 0x08; // DUP
        await peer.SendAsync(repeated);
        await peer.ExpectAsync("40020009", "3206000161" + "000178");
        await peer.CloseAsync();
    }

    [Fact]
    public async Task Properties_of_a_message_are_passed_on_unaltered_and_in_order()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "both");
        await peer.SendAsync(peer.Subscribe(1, "a", qos: 0));
        await peer.ExpectAsync("900400010000");
        byte[] properties =
        [
            .. Peer.Number(PropertyId.PayloadFormatIndicator, 1),
            .. Packets.Texts(
                (PropertyId.UserProperty, "b=1"),
                (PropertyId.ResponseTopic, "answer/here"),
                (PropertyId.UserProperty, "a=2"),
                (PropertyId.CorrelationData, "\0\u0001"),
                (PropertyId.ContentType, "text/plain"),
                (PropertyId.UserProperty, "b=1")),
        ];
        await peer.SendAsync(peer.Publish("a", "x", properties: properties));
        Assert.Equal(Convert.ToHexString(properties), Packets.PropertiesOf(await peer.ReadAsync()));
        await peer.CloseAsync();
    }

    [Fact]
    public async Task Every_topic_alias_up_to_the_maximum_is_taken_and_belongs_to_its_connection()
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        for (uint i = 1; i <= server.Options.TopicAliasMax; i++)
        {
            byte[] alias = Peer.Number(PropertyId.TopicAlias, i);
            await peer.SendAsync(peer.Publish($"t{i}", "x", properties: alias));
            await peer.SendAsync(peer.Publish("", "y", properties: alias));
        }

        await peer.ExpectNothingAsync();
        Assert.Equal(server.Options.TopicAliasMax, server.Intake.Seen().Count(message => message.EndsWith("=y")));
        await peer.CloseAsync();

        Peer next = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        await next.SendAsync(next.Publish("", "z", properties: Peer.Number(PropertyId.TopicAlias, 1)));
        await EndingStatementTests.ExpectEndAsync(next, "E00194");
    }

    [Fact]
    public async Task A_client_that_offers_no_topic_alias_is_sent_none()
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "console");
        await peer.SendAsync(peer.Subscribe(1, "a", qos: 0));
        await peer.ExpectAsync("900400010000");
        for (int i = 0; i < 3; i++)
        {
            server.Broker.Publish("a"u8, "x"u8, 0, retain: false);
            await peer.ExpectAsync("30050001610078");
        }

        await peer.CloseAsync();
    }

    [Theory]
    [InlineData("\uFEFFa", "\uFEFFa", true)] // a byte order mark is a character like others
    [InlineData("\uFEFFa", "a", false)]
    [InlineData("a\uFEFF", "a", false)]
    [InlineData("\u00E9", "e\u0301", false)] // one letter in two spellings: two topics
    [InlineData("A", "a", false)]
    [InlineData("a//b", "a/b", false)]
    public async Task Topics_are_compared_as_they_were_sent(string filter, string topic, bool matches)
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer peer = await server.ConnectAsync(ProtocolLevel.V311, "both");
        await peer.SendAsync(peer.Subscribe(1, filter, qos: 0));
        await peer.ExpectAsync("9003000100");
        byte[] sent = peer.Publish(topic, "x");
        await peer.SendAsync(sent);
        if (matches)
        {
            await peer.ExpectAsync(Convert.ToHexString(sent));
        }

        await peer.ExpectNothingAsync();
        await peer.CloseAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Messages_of_a_topic_leave_in_the_order_in_which_they_came(int qos)
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer peer = await server.ConnectAsync(ProtocolLevel.V311, "both");
        await peer.SendAsync(peer.Subscribe(1, "#", qos));
        await peer.ExpectAsync($"90030001{qos:X2}");
        Peer gateway = await server.ConnectAsync(ProtocolLevel.V311, "gateway");
        for (int i = 1; i <= 100; i++)
        {
            await gateway.SendAsync(gateway.Publish("a", $"{(char)i}", id: qos == 0 ? 0 : i));
        }

        for (int i = 1; i <= 100; i++)
        {
            Assert.EndsWith($"{i:X2}", await peer.ReadAsync(), StringComparison.Ordinal);
        }

        await peer.CloseAsync();
    }

    [Fact]
    public async Task Identifiers_of_the_server_are_not_used_again_before_they_are_acknowledged()
    {
        using var server = new TestServer(o => o.SendWindowMax = 3);
        Peer peer = await server.ConnectAsync(ProtocolLevel.V311, "console");
        await peer.SendAsync(peer.Subscribe(1, "a"));
        await peer.ExpectAsync("9003000101");
        for (int i = 0; i < 4; i++)
        {
            server.Broker.Publish("a"u8, "x"u8, 1, retain: false);
        }

        await peer.ExpectAsync("320600016100" + "0178", "320600016100" + "0278", "320600016100" + "0378");
        await peer.ExpectNothingAsync();
        await peer.SendAsync([0x40, 0x02, 0x00, 0x02]);
        await peer.ExpectAsync("320600016100" + "0478");
        await peer.CloseAsync();
    }

    [Fact]
    public async Task An_acknowledgement_that_says_failure_ends_the_delivery()
    {
        using var server = new TestServer();
        Peer peer = server.Open(ProtocolLevel.V50);
        await peer.ConnectAsync(peer.ConnectPacket("picky", properties: Peer.Number(PropertyId.ReceiveMaximum, 1)));
        await peer.SendAsync(peer.Subscribe(1, "a"));
        await peer.ExpectAsync("900400010001");
        server.Broker.Publish("a"u8, "1"u8, 1, retain: false);
        server.Broker.Publish("a"u8, "2"u8, 1, retain: false);
        await peer.ExpectAsync("3207000161" + "00010031");
        await peer.SendAsync([0x40, 0x03, 0x00, 0x01, 0x97]); // quota exceeded
        await peer.ExpectAsync("3207000161" + "00020032");
        await peer.ExpectNothingAsync();
        await peer.CloseAsync();
    }
}
