namespace Telemetry.Mqtt.Pipelines.Conformance;

/// <summary>Order, expiry and ceilings of what goes to a client, and what a forbidden message gets.</summary>
public sealed class DeliveryStatementTests
{
    [Theory]
    [InlineData(ProtocolLevel.V311)]
    [InlineData(ProtocolLevel.V50)]
    public async Task Each_client_identifier_has_a_session_of_its_own(ProtocolLevel level)
    {
        using var server = new TestServer();
        Peer first = await server.ConnectAsync(level, "first");
        Peer second = await server.ConnectAsync(level, "second");
        string answer = level == ProtocolLevel.V50 ? "90040001" + "0000" : "90030001" + "00";
        await first.SendAsync(first.Subscribe(1, "a", qos: 0));
        await first.ExpectAsync(answer);
        server.Broker.Publish("a"u8, "x"u8, 0, retain: false);
        Assert.StartsWith("30", await first.ReadAsync(), StringComparison.Ordinal);
        await second.ExpectNothingAsync();
        Assert.Equal(2, server.Broker.SessionCount);
        await first.CloseAsync();
        await second.CloseAsync();
    }

    [Fact]
    public async Task A_will_that_no_return_code_fits_is_closed_on_without_CONNACK()
    {
        using var server = new TestServer(options => options.TopicLevelsMax = 2);
        Peer peer = server.Open(ProtocolLevel.V311);
        await peer.SendAsync(peer.ConnectPacket("gateway", will: "a/b/c"));
        await EndingStatementTests.ExpectEndAsync(peer, answer: null);
    }

    [Theory]
    [InlineData(1, "40020007")]
    [InlineData(2, "50020007")]
    public async Task A_forbidden_message_of_3_1_1_is_acknowledged_and_goes_nowhere(int qos, string answer)
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        server.Identities["gw"] = new TestRights { NotPublish = "a" };
        Peer peer = server.Open(ProtocolLevel.V311);
        await peer.ConnectAsync(peer.ConnectPacket("gateway", password: "as gw"));
        await peer.SendAsync(peer.Publish("a", "x", id: 7, qos: qos));
        await peer.ExpectAsync(answer);
        await peer.ExpectNothingAsync();
        Assert.Empty(server.Intake.Seen());
        await peer.CloseAsync();
    }

    [Theory]
    [InlineData(ProtocolLevel.V311)]
    [InlineData(ProtocolLevel.V50)]
    public async Task PUBREC_leaves_in_the_order_of_PUBLISH_and_PUBREL_in_that_of_PUBREC(ProtocolLevel level)
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer gateway = await server.ConnectAsync(level, "gateway");
        await gateway.SendAsync(
            [.. new[] { 9, 3, 7 }.Select(id => gateway.Publish("a", "x", id, qos: 2))]);
        await gateway.ExpectAsync("50020009", "50020003", "50020007");
        await gateway.CloseAsync();

        Peer console = await server.ConnectAsync(level, "console");
        await console.SendAsync(console.Subscribe(1, "b", qos: 2));
        await console.ReadAsync();
        for (int i = 0; i < 3; i++)
        {
            server.Broker.Publish("b"u8, "x"u8, 2, retain: false);
            await console.ReadAsync();
        }

        await console.SendAsync([0x50, 2, 0, 2], [0x50, 2, 0, 3], [0x50, 2, 0, 1]);
        await console.ExpectAsync("62020002", "62020003", "62020001");
        await console.CloseAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_live_message_does_not_overtake_the_retained_one_of_its_topic(int qos)
    {
        using var server = new TestServer(options =>
        {
            options.QueuedMessagesPerSubscriberMax = 4; // retained messages fill half of it
            options.SendWindowMax = 1;
        });
        server.Intake.CommitsAtOnce = true;
        Peer gateway = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        string[] topics = ["a", "b", "c", "d"];
        await gateway.SendAsync([.. topics.Select(topic => gateway.Publish(topic, "old", retain: true))]);
        await gateway.ExpectNothingAsync();

        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "console");
        await peer.SendAsync(peer.Subscribe(1, "hold", qos: 1), peer.Subscribe(2, "#", qos));
        Assert.Equal("90040001" + "0001", await peer.ReadAsync());
        Assert.Equal($"90040002" + $"00{qos:X2}", await peer.ReadAsync());
        server.Broker.Publish("d"u8, "new"u8, (byte)qos, retain: false);

        var seen = new List<string>();
        while (seen.Count < 5)
        {
            string packet = await peer.ReadAsync();
            string text = System.Text.Encoding.ASCII.GetString(Convert.FromHexString(packet)[4..]);
            seen.Add(text[0] + text[^3..]);
        }

        Assert.True(seen.IndexOf("dold") < seen.IndexOf("dnew"), string.Join(' ', seen));
        Assert.Equal(5, seen.Distinct().Count());
        await peer.CloseAsync();
    }

    [Fact]
    public async Task No_answer_is_larger_than_the_client_takes()
    {
        using var server = new TestServer();
        Peer peer = server.Open(ProtocolLevel.V50);
        await peer.SendAsync(peer.ConnectPacket("small", properties: Peer.Number(PropertyId.MaximumPacketSize, 8)));
        await peer.ExpectAsync("2003000000"); // without the properties that would make it larger
        (string, int)[] wanted = [.. Enumerable.Range(0, 4).Select(i => ($"{i}", 0))];
        string[] filters = [.. wanted.Select(each => each.Item1)];
        await peer.SendAsync(Packets.Subscribe(ProtocolLevel.V50, 1, wanted[..3]));
        await peer.ExpectAsync("9006000100000000");
        await peer.SendAsync(Packets.Subscribe(ProtocolLevel.V50, 2, wanted));
        await peer.SendAsync(Packets.Unsubscribe(ProtocolLevel.V50, 3, filters));
        await peer.ExpectNothingAsync();
        Assert.Equal(0, server.Broker.SubscriptionCount); // both were done all the same
        await peer.CloseAsync();
    }

    [Fact]
    public async Task What_is_left_of_the_expiry_is_passed_on_and_nothing_once_it_is_over()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer console = server.Open(ProtocolLevel.V50);
        await console.ConnectAsync(
            console.ConnectPacket("console", properties: Peer.Number(PropertyId.ReceiveMaximum, 1)));
        await console.SendAsync(console.Subscribe(1, "a"));
        await console.ExpectAsync("900400010001");
        Peer gateway = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        uint[] expiries = [100, 0, 10, 30];
        await gateway.SendAsync([.. expiries.Select((seconds, i) => gateway.Publish(
            "a", $"{i}", id: i + 1, properties: Peer.Number(PropertyId.MessageExpiryInterval, seconds)))]);
        await gateway.ExpectAsync("40020001", "40020002", "40020003", "40020004");

        await console.ExpectAsync("320C000161" + "00010502" + "00000064" + "30");
        server.Time.Advance(TimeSpan.FromSeconds(20)); // the others wait for their window
        await console.SendAsync([0x40, 0x02, 0x00, 0x01]);
        await console.ExpectAsync("320C000161" + "00040502" + "0000000A" + "33");
        Assert.Equal(2, server.Metrics.MessagesExpired);
        await console.CloseAsync();
        await gateway.CloseAsync();
    }

    [Fact]
    public async Task Expiry_ends_no_QoS_2_exchange_that_has_begun()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer console = await OpenAsync(server, "console", cleanStart: true);
        await console.SendAsync(console.Subscribe(1, "a", qos: 2));
        await console.ExpectAsync("900400010002");
        Peer gateway = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        byte[] expiry = Peer.Number(PropertyId.MessageExpiryInterval, 10);
        await gateway.SendAsync(gateway.Publish("a", "x", id: 5, properties: expiry, qos: 2));
        await gateway.ExpectAsync("50020005");
        await console.ExpectAsync("340C000161" + "00010502" + "0000000A" + "78");
        await console.CloseAsync();
        server.Time.Advance(TimeSpan.FromSeconds(20));

        // As the sender: what was sent is sent again, with nothing left of its expiry.
        Peer back = await OpenAsync(server, "console", cleanStart: false);
        await back.ExpectAsync("3C0C000161" + "00010502" + "00000000" + "78");
        await back.SendAsync([0x50, 0x02, 0x00, 0x01]);
        await back.ExpectAsync("62020001");
        await back.CloseAsync();

        // As the receiver: the message is known still, and its release is answered.
        byte[] again = gateway.Publish("a", "x", id: 5, properties: expiry, qos: 2);
        again[0] |= 0x08;
        await gateway.SendAsync(again);
        await gateway.ExpectAsync("50020005");
        Assert.Single(server.Intake.Seen());
        await gateway.SendAsync([0x62, 0x02, 0x00, 0x05]);
        await gateway.ExpectAsync("70020005");
        await gateway.CloseAsync();
    }

    [Fact]
    public async Task After_PUBREC_of_failure_the_identifier_is_a_new_message()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        server.Identities["gw"] = new TestRights { NotPublish = "a" };
        Peer peer = server.Open(ProtocolLevel.V50);
        await peer.ConnectAsync(peer.ConnectPacket("gateway", password: "as gw"));
        await peer.SendAsync(peer.Publish("a", "x", id: 7, qos: 2));
        await peer.ExpectAsync("5003000787");
        await peer.SendAsync(peer.Publish("b", "y", id: 7, qos: 2));
        await peer.ExpectAsync("50020007");
        Assert.Equal(["b=y"], server.Intake.Seen());
        await peer.CloseAsync();
    }

    private static async Task<Peer> OpenAsync(TestServer server, string client, bool cleanStart)
    {
        Peer peer = server.Open(ProtocolLevel.V50);
        byte[] expiry = Peer.Number(PropertyId.SessionExpiryInterval, 60);
        return await peer.ConnectAsync(peer.ConnectPacket(client, cleanStart: cleanStart, properties: expiry));
    }
}
