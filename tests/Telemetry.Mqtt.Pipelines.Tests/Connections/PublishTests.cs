namespace Telemetry.Mqtt.Pipelines.Connections;

public sealed class PublishTests
{
    [Theory]
    [InlineData(ProtocolLevel.V311)]
    [InlineData(ProtocolLevel.V50)]
    public async Task Acknowledgements_leave_only_after_the_commit_in_receipt_order(ProtocolLevel level)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(level, "gateway");
        await peer.SendAsync(
            peer.Publish("a", "1", id: 7), peer.Publish("b", "2", id: 3), peer.Publish("c", "3", id: 9));
        await peer.ExpectNothingAsync();
        Assert.Equal(["a=1", "b=2", "c=3"], server.Intake.Seen());

        server.Intake.Commit();
        await peer.ExpectAsync("40020007", "40020003", "40020009");
        await peer.CloseAsync();
    }

    [Theory]
    [InlineData(false, "E00182")] // [MQTT-3.3.4-6]
    [InlineData(true, "4003000110")]
    public async Task A_subscription_identifier_from_a_client_is_refused_but_for_suites(bool isSuite, string answer)
    {
        using var server = new TestServer(o => o.AnswersLikeMosquitto = isSuite);
        server.Intake.CommitsAtOnce = true;
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        byte[] identifier = Peer.Number(PropertyId.SubscriptionIdentifier, 1);
        await peer.SendAsync(peer.Publish("a", "1", id: 1, properties: identifier));
        await peer.ExpectAsync(answer);
        await peer.CloseAsync();
    }

    [Fact]
    public async Task One_read_is_appended_as_one_block()
    {
        using var server = new TestServer();
        Peer peer = server.Open(ProtocolLevel.V311);
        byte[][] packets = [.. Enumerable.Range(1, 500).Select(i => peer.Publish("t", "x", id: i))];
        await peer.SendAsync([peer.ConnectPacket("gateway"), .. packets]);
        Assert.Equal("20020000", await peer.ReadAsync());
        await peer.ExpectNothingAsync();
        Assert.Equal(500, server.Intake.Seen().Length);
        Assert.Equal(1, server.Intake.Appends);
        Assert.Equal(500, server.Metrics.Received(PacketType.Publish));
        await peer.CloseAsync();
    }

    [Fact]
    public async Task A_commit_that_comes_before_the_append_returns_still_releases()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        for (int i = 1; i <= 100; i++)
        {
            await peer.SendAsync(peer.Publish("a", "1", id: i));
            await peer.ExpectAsync($"4002{i:X4}");
        }

        await peer.CloseAsync();
    }

    [Fact]
    public async Task Without_room_reading_stops_and_goes_on_with_the_same_block()
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        server.Intake.Outcome = IntakeOutcome.NoRoom;
        await peer.SendAsync(peer.Publish("a", "1", id: 1));
        await Eventually(() => server.Metrics.IntakeStalls == 1);
        await peer.SendAsync(peer.Publish("b", "2", id: 2));

        server.Intake.MakeRoom();
        await peer.ExpectNothingAsync();
        Assert.Equal(["a=1", "b=2"], server.Intake.Seen());
        server.Intake.Commit();
        await peer.ExpectAsync("40020001", "40020002");
        await peer.CloseAsync();
    }

    [Fact]
    public async Task A_refused_block_is_not_acknowledged_and_its_QoS_0_is_counted_when_the_peer_goes()
    {
        using var server = new TestServer();
        Peer old = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        server.Intake.Outcome = IntakeOutcome.Refused;
        await old.SendAsync(old.Publish("a", "1"), old.Publish("a", "2", id: 2));
        await Eventually(() => server.Metrics.IntakeRefusals == 1);

        await server.ConnectAsync(ProtocolLevel.V50, "gateway"); // ends the one that waits
        await old.ExpectAsync("E0018E");
        await old.CloseAsync();
        Assert.Equal(1, server.Metrics.Qos0Refused);
    }

    [Fact]
    public async Task On_a_full_disk_acknowledgements_are_withheld_and_PINGREQ_is_answered()
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "gateway", keepAlive: 60);
        server.Intake.Outcome = IntakeOutcome.Refused;
        await peer.SendAsync(peer.Publish("a", "1", id: 1));
        await peer.ExpectNothingAsync();
        await peer.SendAsync(peer.Publish("a", "2", id: 2));
        await peer.ExpectNothingAsync();

        server.Intake.CommitsAtOnce = true;
        server.Intake.MakeRoom();
        Task answers = peer.ExpectAsync("40020001", "40020002");
        await Eventually(() =>
        {
            server.Time.Advance(TimeSpan.FromMilliseconds(250)); // it is tried again although the client is silent
            return answers.IsCompleted;
        });
        await answers;
        Assert.Equal(2, server.Metrics.Received(PacketType.Publish));
        await peer.CloseAsync();
    }

    [Fact]
    public async Task On_a_full_disk_a_client_that_falls_silent_is_noticed()
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "gateway", keepAlive: 2);
        server.Intake.Outcome = IntakeOutcome.Refused;
        await peer.SendAsync(peer.Publish("a", "1", id: 1));
        await peer.ExpectNothingAsync();
        Task<string> end = peer.ReadAsync();
        await Eventually(() =>
        {
            server.Time.Advance(TimeSpan.FromMilliseconds(250));
            return end.IsCompleted;
        });
        Assert.Equal("E0018D", await end);
        await peer.CloseAsync();
    }

    [Fact]
    public async Task On_a_full_disk_no_connection_holds_more_than_its_ceiling()
    {
        using var server = new TestServer(options => options.HeldBytesMax = 10);
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        server.Intake.Outcome = IntakeOutcome.Refused;
        byte[] message = peer.Publish("a", ""); // a byte each, as this intake counts
        await peer.SendAsync(message);
        await peer.ExpectNothingAsync();
        await peer.SendAsync([.. Enumerable.Repeat(message, 20)]);
        await Eventually(() => server.Intake.Seen().Length >= 10);
        await Task.Delay(50); // nothing more may come: only time can show that
        Assert.Equal(10, server.Intake.Seen().Length);
    }

    [Fact]
    public async Task A_topic_alias_stands_for_its_topic()
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        byte[] alias = Peer.Number(PropertyId.TopicAlias, 16);
        await peer.SendAsync(
            peer.Publish("long/topic", "1", properties: alias), peer.Publish("", "2", properties: alias));
        await peer.ExpectNothingAsync();
        Assert.Equal(["long/topic=1", "long/topic=2"], server.Intake.Seen());
        await peer.CloseAsync();
    }

    [Fact]
    public async Task Beyond_the_receive_maximum_the_client_is_disconnected()
    {
        using var server = new TestServer(o => o.ReceiveMaximum = 2);
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        await peer.SendAsync(
            peer.Publish("a", "1", id: 1), peer.Publish("a", "2", id: 2), peer.Publish("a", "3", id: 3));
        await peer.ExpectAsync("E00193");
        await peer.CloseAsync();
        Assert.Equal(1, server.Metrics.Refused(ReasonCode.ReceiveMaximumExceeded));
    }

    [Fact]
    public async Task A_3_1_1_client_beyond_the_receive_maximum_is_not_read_until_acknowledgements_have_left()
    {
        using var server = new TestServer(o => o.ReceiveMaximum = 2);
        Peer peer = await server.ConnectAsync(ProtocolLevel.V311, "gateway");
        await peer.SendAsync(
            peer.Publish("a", "1", id: 1), peer.Publish("a", "2", id: 2), peer.Publish("a", "3", id: 3));
        await Eventually(() => server.Intake.Appends == 1);
        await peer.SendAsync(peer.Publish("a", "4", id: 4));

        server.Intake.Commit();
        await peer.ExpectAsync("40020001", "40020002", "40020003");
        await peer.ExpectNothingAsync();
        Assert.Equal(4, server.Intake.Seen().Length);
        await peer.CloseAsync();
    }

    internal static async Task Eventually(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
