namespace Telemetry.Mqtt.Pipelines.Connections;

public sealed class ConnectTests
{
    [Fact]
    public async Task The_answer_to_an_MQTT_5_client_says_what_there_is()
    {
        using var server = new TestServer(o => o.ReceiveMaximum = 100);
        Peer peer = server.Open(ProtocolLevel.V50);
        byte[] wantsSession = Peer.Number(PropertyId.SessionExpiryInterval, 60);
        await peer.SendAsync(peer.ConnectPacket("gateway", properties: wantsSession));
        const string Granted = "210064" // receive maximum 100; the session expiry interval is as asked for
            + "2501" // retain available
            + "2700100000" // maximum packet size
            + "220010" // topic alias maximum 16
            + "2801" // wildcard subscriptions available
            + "2901" // subscription identifiers
            + "2A01"; // shared subscriptions
        await peer.ExpectAsync($"20{(Granted.Length / 2) + 3:X2}0000{Granted.Length / 2:X2}{Granted}");
        await peer.CloseAsync();
    }

    [Fact]
    public async Task A_client_without_an_identifier_is_assigned_one()
    {
        using var server = new TestServer();
        Peer peer = server.Open(ProtocolLevel.V50);
        await peer.SendAsync(peer.ConnectPacket(string.Empty));
        string answer = await peer.ReadAsync();
        Assert.Contains("12001D6175746F2D", answer, StringComparison.Ordinal); // 29 bytes: auto-…
        ConnectionSnapshot shown = Assert.Single(server.Broker.Connections());
        Assert.StartsWith("auto-", shown.ClientIdentifier, StringComparison.Ordinal);
        await peer.CloseAsync();
        Assert.Empty(server.Broker.Connections());
    }

    [Fact]
    public async Task Server_keep_alive_is_told_when_it_is_configured()
    {
        using var server = new TestServer(o => o.KeepAliveSecondsMax = 20);
        Peer peer = server.Open(ProtocolLevel.V50);
        await peer.SendAsync(peer.ConnectPacket("gateway"));
        Assert.EndsWith("130014", await peer.ReadAsync(), StringComparison.Ordinal);
        await peer.CloseAsync();
    }

    [Theory]
    [InlineData("100C00044D51545403020000000161", "20020001", ReasonCode.UnsupportedProtocolVersion)] // level 3
    [InlineData("100C00044D5154540400000000", null, ReasonCode.MalformedPacket)] // short
    [InlineData("100C00044D515454040000000000", "20020002", ReasonCode.ClientIdentifierNotValid)] // nameless
    [InlineData("100C00044D515454040300000000", null, ReasonCode.MalformedPacket)] // reserved flag
    [InlineData("C000", null, ReasonCode.ProtocolError)] // not CONNECT
    [InlineData("100D00044D51545905020000000000", null, ReasonCode.UnsupportedProtocolVersion)] // another name
    public async Task A_CONNECT_that_is_not_right_is_refused(string hex, string? answer, ReasonCode counted)
    {
        using var server = new TestServer();
        Peer peer = server.Open(ProtocolLevel.V311);
        byte[] packet = Convert.FromHexString(hex);
        if (packet.Length > 2)
        {
            packet[1] = (byte)(packet.Length - 2);
        }

        await peer.SendAsync(packet);
        await peer.Output.CompleteAsync();
        if (answer is not null)
        {
            await peer.ExpectAsync(answer);
        }

        await peer.ExpectAsync("end");
        await peer.CloseAsync();
        Assert.Equal(1, server.Metrics.Refused(counted));
        Assert.Equal(0, server.Metrics.ConnectionsAccepted);
    }

    [Theory]
    [InlineData("wrong", "20020004", "2003008600")]
    [InlineData("banned", "20020005", "2003008700")]
    public async Task Credentials_are_judged(string password, string answer311, string answer50)
    {
        using var server = new TestServer();
        foreach (ProtocolLevel level in new[] { ProtocolLevel.V311, ProtocolLevel.V50 })
        {
            Peer peer = server.Open(level);
            await peer.SendAsync(peer.ConnectPacket("gateway", password: password));
            await peer.ExpectAsync(level == ProtocolLevel.V311 ? answer311 : answer50);
            await peer.CloseAsync();
        }

        Assert.Empty(server.Broker.Connections());
    }

    [Fact]
    public async Task A_second_CONNECT_is_a_protocol_error()
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        await peer.SendAsync(peer.ConnectPacket("gateway"));
        await peer.ExpectAsync("E00182");
        await peer.CloseAsync();
        Assert.Equal(1, server.Metrics.Malformed(MalformedReason.ConnectTwice));
    }

    [Fact]
    public async Task A_newer_connection_takes_the_client_identifier_over()
    {
        using var server = new TestServer();
        Peer old = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        Peer young = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        await old.ExpectAsync("E0018E");
        await old.CloseAsync();
        await young.ExpectNothingAsync();
        Assert.Single(server.Broker.Connections());
        Assert.Equal(1, server.Metrics.TakeOvers);
        await young.CloseAsync();
        Assert.Equal(0, server.Metrics.Connections);
    }

    [Fact]
    public async Task Who_takes_over_from_one_that_still_waits_waits_for_the_same()
    {
        using var server = new TestServer();
        Peer first = server.Open(ProtocolLevel.V50);
        byte[] connect = first.ConnectPacket(
            "gateway", properties: Peer.Number(PropertyId.SessionExpiryInterval, 60));
        await first.ConnectAsync(connect);
        server.Intake.Outcome = IntakeOutcome.NoRoom; // the first cannot write down that it left

        Peer second = server.Open(ProtocolLevel.V50);
        await second.SendAsync(connect);
        await first.ExpectAsync("E0018E");
        Peer third = server.Open(ProtocolLevel.V50);
        await third.SendAsync(connect);
        await second.ExpectAsync("end"); // no CONNACK says that another took over
        await second.CloseAsync();
        Assert.Equal(1, server.Metrics.ConnectionsAccepted);

        server.Intake.MakeRoom();
        Assert.Equal("20", (await third.ReadAsync())[..2]);
        await first.CloseAsync();
        await third.CloseAsync();
        Assert.Equal(0, server.Metrics.Connections);
    }

    [Theory]
    [InlineData(4, "end")] // no CONNACK is so short, and a longer one must not be sent [MQTT-3.1.2-24]
    [InlineData(5, "2003000000")]
    public async Task A_client_that_takes_no_CONNACK_is_closed(int packetBytesMax, string answer)
    {
        using var server = new TestServer();
        Peer peer = server.Open(ProtocolLevel.V50);
        await peer.SendAsync(peer.ConnectPacket(
            "gateway", properties: Peer.Number(PropertyId.MaximumPacketSize, (uint)packetBytesMax)));
        await peer.ExpectAsync(answer);
        await peer.CloseAsync();
    }

    [Fact]
    public async Task Beyond_the_ceiling_of_connections_the_server_is_busy()
    {
        using var server = new TestServer(o => o.ConnectionsMax = 1);
        await server.ConnectAsync(ProtocolLevel.V50, "first");
        Peer second = server.Open(ProtocolLevel.V50);
        await second.SendAsync(second.ConnectPacket("second"));
        await second.ExpectAsync("2003008900");
        await second.CloseAsync();
    }

    [Fact]
    public async Task A_peer_that_never_sends_CONNECT_is_closed_after_its_time()
    {
        using var server = new TestServer(o => o.ConnectTimeoutSeconds = 10);
        Peer peer = server.Open(ProtocolLevel.V311);
        await peer.SendAsync([0x10]);
        await PublishTests.Eventually(() =>
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            return peer.Served.IsCompleted;
        });
        await peer.ExpectAsync("end");
        Assert.Equal(1, server.Metrics.Refused(ReasonCode.MaximumConnectTime));
    }

    [Fact]
    public async Task Silence_of_one_and_a_half_keep_alives_ends_the_connection()
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "gateway", keepAlive: 10);
        server.Time.Advance(TimeSpan.FromSeconds(14));
        await peer.ExpectNothingAsync();
        server.Time.Advance(TimeSpan.FromSeconds(15));
        await peer.ExpectNothingAsync();
        server.Time.Advance(TimeSpan.FromSeconds(17));
        await peer.ExpectAsync("E0018D");
        await peer.CloseAsync();
    }

    [Fact]
    public async Task Keep_alive_does_not_run_while_this_side_has_stopped_reading()
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "gateway", keepAlive: 10);
        server.Intake.Outcome = IntakeOutcome.NoRoom;
        await peer.SendAsync(peer.Publish("a", "1", id: 1));
        await PublishTests.Eventually(() => server.Metrics.IntakeStalls == 1);
        await Task.Yield();
        server.Time.Advance(TimeSpan.FromSeconds(100));
        server.Intake.MakeRoom();
        await peer.ExpectNothingAsync();
        await peer.CloseAsync();
    }

    [Theory]
    [InlineData("0000", "E00181")] // type 0
    [InlineData("3007000361232F0078", "E00181")] // wildcard in a topic name
    [InlineData("820700010000026123" + "00", "E00181")] // wildcard beside something else in a topic filter
    [InlineData("82060001000000" + "00", "E00181")] // empty topic filter
    [InlineData("8208000100000361622F", "E00181")] // SUBSCRIBE without options
    [InlineData("F000", "E0018C")] // AUTH without a method
    [InlineData("30FFFFFF7F", "E00195")] // above the ceiling
    public async Task What_breaks_a_rule_ends_with_its_reason(string hex, string answer)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        await peer.SendAsync(Convert.FromHexString(hex));
        await peer.ExpectAsync(answer);
        await peer.CloseAsync();
    }

    [Fact]
    public async Task A_will_is_published_when_the_connection_just_ends_and_not_after_DISCONNECT()
    {
        using var server = new TestServer();
        Peer lost = await server.ConnectAsync(ProtocolLevel.V50, "lost", will: "will/lost");
        await lost.CloseAsync();
        Assert.Equal(["will/lost=gone"], server.Intake.Seen());

        Peer tidy = await server.ConnectAsync(ProtocolLevel.V50, "tidy", will: "will/tidy");
        await tidy.SendAsync([0xE0, 0x00]);
        await tidy.ExpectAsync("end");
        await tidy.CloseAsync();
        Assert.Single(server.Intake.Seen());

        Peer leaving = await server.ConnectAsync(ProtocolLevel.V50, "leaving", will: "will/leaving");
        await leaving.SendAsync([0xE0, 0x01, 0x04]);
        await leaving.CloseAsync();
        Assert.Equal(2, server.Intake.Seen().Length);
    }

    [Fact]
    public async Task A_close_inside_a_packet_is_counted_as_truncated()
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V311, "gateway");
        await peer.SendAsync([0x30, 0x0A, 0x00]);
        await peer.CloseAsync();
        Assert.Equal(1, server.Metrics.ConnectionsTruncated);
    }
}
