namespace Telemetry.Mqtt.Pipelines.Conformance;

/// <summary>The will: when it is published, how, and that it is only once.</summary>
public sealed class WillStatementTests
{
    [Theory]
    [InlineData(ProtocolLevel.V311, "", true)] // the network fails
    [InlineData(ProtocolLevel.V50, "", true)]
    [InlineData(ProtocolLevel.V311, "0000", true)] // the server closes after a protocol error
    [InlineData(ProtocolLevel.V50, "0000", true)]
    [InlineData(ProtocolLevel.V311, "E000", false)]
    [InlineData(ProtocolLevel.V50, "E000", false)]
    [InlineData(ProtocolLevel.V50, "E00100", false)]
    [InlineData(ProtocolLevel.V50, "E00104", true)] // DISCONNECT with will message
    [InlineData(ProtocolLevel.V50, "E00180", true)]
    public async Task A_will_is_published_once_unless_DISCONNECT_took_it_back(
        ProtocolLevel level, string last, bool isPublished)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(level, "testator", will: "will");
        await peer.SendAsync(Convert.FromHexString(last));
        await peer.CloseAsync();
        string[] expected = isPublished ? ["will=gone"] : [];
        Assert.Equal(expected, server.Intake.Seen());

        Peer again = await server.ConnectAsync(level, "testator");
        await again.CloseAsync();
        Assert.Equal(expected, server.Intake.Seen());
    }

    [Theory]
    [InlineData(ProtocolLevel.V311)]
    [InlineData(ProtocolLevel.V50)]
    public async Task A_connection_without_a_will_leaves_no_message(ProtocolLevel level)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(level, "intestate");
        await peer.CloseAsync();
        Assert.Empty(server.Intake.Seen());
    }

    [Theory]
    [InlineData(ProtocolLevel.V311, false)]
    [InlineData(ProtocolLevel.V311, true)]
    [InlineData(ProtocolLevel.V50, false)]
    [InlineData(ProtocolLevel.V50, true)]
    public async Task A_will_is_retained_when_it_asks_for_it_and_keeps_its_QoS(ProtocolLevel level, bool retain)
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer watcher = await server.ConnectAsync(ProtocolLevel.V311, "watcher");
        await watcher.SendAsync(watcher.Subscribe(1, "will"));
        await watcher.ExpectAsync("9003000101");
        Peer peer = server.Open(level);
        await peer.ConnectAsync(Packets.ConnectWithWill(level, "testator", qos: 1, retain));
        await peer.CloseAsync();
        await watcher.ExpectAsync("320C000477696C6C0001" + "676F6E65");
        Assert.Equal(retain ? 1 : 0, server.Broker.RetainedCount);
        await watcher.CloseAsync();
    }

    [Fact]
    public async Task User_properties_of_a_will_reach_subscribers_in_their_order()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer watcher = await server.ConnectAsync(ProtocolLevel.V50, "watcher");
        await watcher.SendAsync(watcher.Subscribe(1, "will", qos: 0));
        await watcher.ExpectAsync("900400010000");
        byte[] properties = Packets.Texts(
            (PropertyId.UserProperty, "b=1"), (PropertyId.UserProperty, "a=2"), (PropertyId.UserProperty, "b=0"));
        Peer peer = server.Open(ProtocolLevel.V50);
        await peer.ConnectAsync(Packets.ConnectWithWill(ProtocolLevel.V50, "testator", properties: properties));
        await peer.CloseAsync();
        Assert.Equal(Convert.ToHexString(properties), Packets.PropertiesOf(await watcher.ReadAsync()));
        await watcher.CloseAsync();
    }
}
