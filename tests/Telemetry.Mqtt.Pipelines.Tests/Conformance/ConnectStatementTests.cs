namespace Telemetry.Mqtt.Pipelines.Conformance;

/// <summary>What both standards ask of a server between CONNECT and CONNACK.</summary>
public sealed class ConnectStatementTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("0123456789abcdefghijklm")]
    [InlineData("nopqrstuvwxyzABCDEFGHIJ")]
    [InlineData("KLMNOPQRSTUVWXYZ")]
    public async Task Every_client_identifier_of_23_letters_and_digits_is_taken(string client)
    {
        using var server = new TestServer();
        Peer old = await server.ConnectAsync(ProtocolLevel.V311, client);
        await old.CloseAsync();
        Peer young = await server.ConnectAsync(ProtocolLevel.V50, client);
        Assert.Equal(client, Assert.Single(server.Broker.Connections()).ClientIdentifier);
        await young.CloseAsync();
    }

    [Theory]
    [InlineData(ProtocolLevel.V311, true)]
    [InlineData(ProtocolLevel.V311, false)]
    [InlineData(ProtocolLevel.V50, true)]
    [InlineData(ProtocolLevel.V50, false)]
    public async Task Where_nothing_is_stored_no_session_is_present(ProtocolLevel level, bool cleanStart)
    {
        using var server = new TestServer();
        Peer peer = server.Open(level);
        await peer.SendAsync(peer.ConnectPacket("stranger", cleanStart: cleanStart));
        Assert.Equal((false, ReasonCode.Success), Packets.ConnAck(await peer.ReadAsync(), level));
        await peer.CloseAsync();
    }

    [Theory]
    [InlineData(ProtocolLevel.V311)]
    [InlineData(ProtocolLevel.V50)]
    public async Task Nothing_comes_before_the_answer_to_CONNECT_and_there_is_one(ProtocolLevel level)
    {
        using var server = new TestServer();
        Peer peer = server.Open(level);
        await peer.SendAsync(
            peer.ConnectPacket("hasty"), Convert.FromHexString(Packets.Ping), peer.Subscribe(1, "a", qos: 0));
        Assert.Equal((false, ReasonCode.Success), Packets.ConnAck(await peer.ReadAsync(), level));
        await peer.ExpectAsync("D000", level == ProtocolLevel.V311 ? "9003000100" : "900400010000");
        await peer.ExpectNothingAsync();
        await peer.CloseAsync();
    }

    [Theory]
    [InlineData(ProtocolLevel.V311)]
    [InlineData(ProtocolLevel.V50)]
    public async Task After_a_refused_CONNECT_nothing_is_processed_and_the_server_closes(ProtocolLevel level)
    {
        using var server = new TestServer();
        Peer peer = server.Open(level);
        await peer.SendAsync(
            peer.ConnectPacket("guest", password: "wrong"),
            peer.Publish("a", "x"),
            Convert.FromHexString(Packets.Ping));
        Assert.Equal(
            (false, ReasonCode.BadUserNameOrPassword), Packets.ConnAck(await peer.ReadAsync(), level));
        await peer.Output.CompleteAsync();
        await peer.ExpectAsync("end");
        await peer.CloseAsync();
        Assert.Empty(server.Intake.Seen());
    }

    [Theory]
    [InlineData("100D00044D51545405030000000000", "2003008100")] // the reserved flag
    [InlineData("100D00044D51545405420000000000", "2003008100")] // a password is missing
    [InlineData("101000044D51545405020000032100000000", "2003008200")] // receive maximum 0
    [InlineData("101200044D515454050200000527000000000000", "2003008200")] // maximum packet size 0
    [InlineData("101300044D51545405060000000000000001230000", "2003008100")] // a will to "#"
    public async Task A_CONNECT_that_breaks_a_rule_is_told_why_and_closed(string hex, string answer)
    {
        using var server = new TestServer();
        Peer peer = server.Open(ProtocolLevel.V50);
        await peer.SendAsync(Convert.FromHexString(hex));
        await EndingStatementTests.ExpectEndAsync(peer, answer);
    }

    [Theory]
    [InlineData(ProtocolLevel.V311, null)]
    [InlineData(ProtocolLevel.V50, "E00182")]
    public async Task A_second_CONNECT_ends_the_connection(ProtocolLevel level, string? answer)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(level, "twice");
        await peer.SendAsync(peer.ConnectPacket("twice"));
        await EndingStatementTests.ExpectEndAsync(peer, answer);
    }

    [Theory]
    [InlineData(ProtocolLevel.V311, null)]
    [InlineData(ProtocolLevel.V50, "E0018E")]
    public async Task The_older_connection_of_a_client_gives_way(ProtocolLevel level, string? answer)
    {
        using var server = new TestServer();
        Peer old = await server.ConnectAsync(level, "gateway");
        Peer young = await server.ConnectAsync(level, "gateway");
        await EndingStatementTests.ExpectEndAsync(old, answer);
        await young.ExpectNothingAsync();
        await young.CloseAsync();
    }

    [Theory]
    [InlineData(ProtocolLevel.V311, null)]
    [InlineData(ProtocolLevel.V50, "E0018D")]
    public async Task Silence_ends_the_connection_as_if_the_network_had_failed(ProtocolLevel level, string? answer)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(level, "quiet", keepAlive: 10, will: "will");
        server.Time.Advance(TimeSpan.FromSeconds(17));
        await EndingStatementTests.ExpectEndAsync(peer, answer);
        Assert.Equal(["will=gone"], server.Intake.Seen());
    }

    [Fact]
    public async Task A_client_identifier_that_is_too_long_is_refused_by_name()
    {
        using var server = new TestServer(o => o.ClientIdentifierBytesMax = 23);
        foreach (ProtocolLevel level in new[] { ProtocolLevel.V311, ProtocolLevel.V50 })
        {
            Peer peer = server.Open(level);
            await peer.SendAsync(peer.ConnectPacket(new string('x', 24)));
            await EndingStatementTests.ExpectEndAsync(peer, level == ProtocolLevel.V311 ? "20020002" : "2003008500");
        }
    }

    [Fact]
    public async Task Clients_of_3_1_1_without_an_identifier_are_told_apart()
    {
        using var server = new TestServer();
        Peer first = await server.ConnectAsync(ProtocolLevel.V311, string.Empty);
        Peer second = await server.ConnectAsync(ProtocolLevel.V311, string.Empty);
        await first.ExpectNothingAsync();
        await second.ExpectNothingAsync();
        Assert.Equal(2, server.Broker.Connections().DistinctBy(client => client.ClientIdentifier).Count());
        await first.CloseAsync();
        await second.CloseAsync();
    }

    [Theory]
    [InlineData(ProtocolLevel.V311, "20020003")]
    [InlineData(ProtocolLevel.V50, "2003008900")]
    public async Task A_server_without_a_place_says_so_and_closes(ProtocolLevel level, string answer)
    {
        using var server = new TestServer(o => o.ConnectionsMax = 1);
        Peer first = await server.ConnectAsync(level, "first");
        Peer second = server.Open(level);
        await second.SendAsync(second.ConnectPacket("second"));
        await EndingStatementTests.ExpectEndAsync(second, answer);
        await first.ExpectNothingAsync();
        await first.CloseAsync();
    }

    [Fact]
    public async Task Without_enhanced_authentication_its_method_is_refused_and_none_is_named()
    {
        using var server = new TestServer();
        Peer asking = server.Open(ProtocolLevel.V50);
        byte[] method = Packets.Texts((PropertyId.AuthenticationMethod, "SCRAM-SHA-256"));
        await asking.SendAsync(asking.ConnectPacket("asking", properties: method));
        await EndingStatementTests.ExpectEndAsync(asking, "2003008C00");

        Peer plain = server.Open(ProtocolLevel.V50);
        await plain.SendAsync(plain.ConnectPacket("plain"));
        string answer = await plain.ReadAsync();
        Assert.False(Packets.ConnAckHas(answer, PropertyId.AuthenticationMethod));
        Assert.False(Packets.ConnAckHas(answer, PropertyId.AuthenticationData));
        await plain.ExpectNothingAsync();
        await plain.CloseAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Answers_carry_no_reason_string_user_property_or_response_information(byte wanted)
    {
        using var server = new TestServer();
        Peer peer = server.Open(ProtocolLevel.V50);
        byte[] properties =
        [
            .. Peer.Number(PropertyId.RequestProblemInformation, wanted),
            .. Peer.Number(PropertyId.RequestResponseInformation, wanted),
        ];
        await peer.SendAsync(peer.ConnectPacket("terse", properties: properties));
        string answer = await peer.ReadAsync();
        Assert.False(Packets.ConnAckHas(answer, PropertyId.ReasonString));
        Assert.False(Packets.ConnAckHas(answer, PropertyId.UserProperty));
        Assert.False(Packets.ConnAckHas(answer, PropertyId.ResponseInformation));

        server.Intake.CommitsAtOnce = true;
        await peer.SendAsync(peer.Subscribe(1, string.Join('/', new string[40])));
        await peer.ExpectAsync("90040001008F");
        await peer.SendAsync(peer.Unsubscribe(2, "none"));
        await peer.ExpectAsync("B00400020011");
        await peer.SendAsync(peer.Publish("a", "x", id: 3));
        await peer.ExpectAsync("40020003");
        await peer.SendAsync([0xE0, 0x01, 0x01]);
        await EndingStatementTests.ExpectEndAsync(peer, "E00181");
    }
}
