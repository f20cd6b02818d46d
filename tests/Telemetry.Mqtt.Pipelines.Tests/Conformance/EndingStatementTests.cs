namespace Telemetry.Mqtt.Pipelines.Conformance;

/// <summary>How a connection ends: what is said last, and that nothing follows.</summary>
public sealed class EndingStatementTests
{
    [Theory]
    [InlineData("0000", "E00181")] // packet type 0
    [InlineData("E100", "E00181")] // DISCONNECT with flags
    [InlineData("F100", "E00181")] // AUTH with flags
    [InlineData("60020001", "E00181")] // PUBREL with flags 0000
    [InlineData("800700010000016100", "E00181")] // SUBSCRIBE with flags 0000
    [InlineData("A006000100000161", "E00181")] // UNSUBSCRIBE with flags 0000
    [InlineData("3606000161000100", "E00181")] // QoS 3
    [InlineData("30050002006100", "E00181")] // U+0000 in a topic name
    [InlineData("300400012300", "E00181")] // wildcard in a topic name
    [InlineData("820700010000016103", "E00182")] // QoS 3 in SUBSCRIBE
    [InlineData("820700010000016140", "E00181")] // reserved subscription options
    [InlineData("8203000100", "E00182")] // SUBSCRIBE without a filter
    [InlineData("A203000100", "E00182")] // UNSUBSCRIBE without a filter
    [InlineData("300700016103230011", "E00194")] // topic alias above the maximum
    [InlineData("3005000161010B", "E00181")] // a subscription identifier without its value
    [InlineData("3006000161020B01", "E00182")] // a subscription identifier from a client
    [InlineData("F000", "E0018C")] // AUTH without a method
    public async Task What_breaks_a_rule_is_told_why_and_then_closed(string hex, string answer)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "rude");
        await peer.SendAsync(Convert.FromHexString(hex + Packets.Ping));
        await ExpectEndAsync(peer, answer);
        Assert.Empty(server.Intake.Seen());
        Assert.Empty(server.Broker.Connections());
    }

    [Theory]
    [InlineData("0000")] // packet type 0
    [InlineData("E100")] // DISCONNECT with flags
    [InlineData("60020001")] // PUBREL with flags 0000
    [InlineData("8006000100016100")] // SUBSCRIBE with flags 0000
    [InlineData("A0050001000161")] // UNSUBSCRIBE with flags 0000
    [InlineData("36050001610001")] // QoS 3
    [InlineData("300400020061")] // U+0000 in a topic name
    [InlineData("3003000123")] // wildcard in a topic name
    [InlineData("8206000100016103")] // QoS 3 in SUBSCRIBE
    [InlineData("8206000100016104")] // reserved bits in SUBSCRIBE
    [InlineData("82020001")] // SUBSCRIBE without a filter
    [InlineData("A2020001")] // UNSUBSCRIBE without a filter
    [InlineData("F000")] // AUTH does not exist
    [InlineData("9003000100")] // SUBACK comes from servers only
    public async Task What_breaks_a_rule_of_3_1_1_is_closed_without_a_word(string hex)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V311, "rude");
        await peer.SendAsync(Convert.FromHexString(hex + Packets.Ping));
        await ExpectEndAsync(peer, answer: null);
        Assert.Empty(server.Intake.Seen());
        Assert.Empty(server.Broker.Connections());
    }

    [Theory]
    [InlineData("C100", "reserved flags of the fixed header are set or missing")]
    [InlineData("1000", "CONNECT came twice")]
    public async Task A_client_is_told_in_words_why_it_is_disconnected(string packet, string words)
    {
        using var server = new TestServer(options => options.SendsReasonStrings = true);
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        await peer.SendAsync(Convert.FromHexString(packet));
        string disconnect = await peer.ReadAsync();
        Assert.StartsWith("E0", disconnect, StringComparison.Ordinal);
        string text = System.Text.Encoding.UTF8.GetString(Convert.FromHexString(disconnect)[7..]);
        Assert.Equal(words, text);
        await peer.CloseAsync();
    }

    [Theory]
    [InlineData(100, "20250086221F001F")] // CONNACK with a reason string of 31 bytes
    [InlineData(20, "2003008600")]
    public async Task A_refused_client_is_told_in_words_why_if_it_takes_so_large_a_packet(uint bytesMax, string start)
    {
        using var server = new TestServer(options => options.SendsReasonStrings = true);
        Peer peer = server.Open(ProtocolLevel.V50);
        await peer.SendAsync(peer.ConnectPacket(
            "gateway", password: "wrong", properties: Peer.Number(PropertyId.MaximumPacketSize, bytesMax)));
        Assert.StartsWith(start, await peer.ReadAsync(), StringComparison.Ordinal);
        await peer.CloseAsync();
    }

    [Theory]
    [InlineData(ProtocolLevel.V311)]
    [InlineData(ProtocolLevel.V50)]
    public async Task Nothing_that_follows_a_DISCONNECT_is_processed_and_nothing_is_answered(ProtocolLevel level)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(level, "leaving");
        await peer.SendAsync([0xE0, 0x00], peer.Publish("a", "late"), Convert.FromHexString(Packets.Ping));
        await ExpectEndAsync(peer, answer: null);
        Assert.Empty(server.Intake.Seen());
    }

    [Theory]
    [InlineData(ProtocolLevel.V311)]
    [InlineData(ProtocolLevel.V50)]
    public async Task PINGREQ_is_answered(ProtocolLevel level)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(level, "alive");
        await peer.SendAsync(Convert.FromHexString(Packets.Ping));
        await peer.ExpectAsync("D000");
        await peer.CloseAsync();
    }

    /// <summary>Expects a last packet, or none, and then the end of the connection.</summary>
    internal static async Task ExpectEndAsync(Peer peer, string? answer)
    {
        if (answer is not null)
        {
            await peer.ExpectAsync(answer);
        }

        await peer.Output.CompleteAsync();
        await peer.ExpectAsync("end");
        await peer.CloseAsync();
    }
}
