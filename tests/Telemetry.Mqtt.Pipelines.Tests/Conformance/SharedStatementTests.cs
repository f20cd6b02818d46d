namespace Telemetry.Mqtt.Pipelines.Conformance;

/// <summary>Shared subscriptions (MQTT 5 §4.8.2).</summary>
public sealed class SharedStatementTests
{
    [Fact]
    public async Task Each_member_gets_messages_at_the_QoS_granted_to_it()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer first = await JoinAsync(server, "first", qos: 0);
        Peer second = await JoinAsync(server, "second", qos: 2);
        server.Broker.Publish("a"u8, "1"u8, 2, retain: false);
        server.Broker.Publish("a"u8, "2"u8, 2, retain: false);
        await first.ExpectAsync("3005000161" + "0031");
        await second.ExpectAsync("3407000161" + "00010032");
        await first.CloseAsync();
        await second.CloseAsync();
    }

    [Theory]
    [InlineData(1, 0x40)]
    [InlineData(2, 0x50)]
    public async Task A_message_that_a_member_refuses_goes_to_no_other(int qos, byte answer)
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer first = await JoinAsync(server, "first", qos);
        Peer second = await JoinAsync(server, "second", qos);
        server.Broker.Publish("a"u8, "1"u8, (byte)qos, retain: false);
        string header = qos == 1 ? "32" : "34";
        await first.ExpectAsync(header + "07000161" + "00010031");
        await first.SendAsync([answer, 0x03, 0x00, 0x01, 0x97]);
        await first.ExpectNothingAsync();
        await second.ExpectNothingAsync();
        await first.CloseAsync();
        await second.CloseAsync();
    }

    [Fact]
    public async Task What_was_begun_with_a_member_at_QoS_2_is_completed_with_it_when_it_comes_back()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer first = await JoinAsync(server, "first", qos: 2);
        Peer second = await JoinAsync(server, "second", qos: 2);
        server.Broker.Publish("a"u8, "1"u8, 2, retain: false);
        await first.ExpectAsync("3407000161" + "00010031");
        await first.CloseAsync();
        await second.ExpectNothingAsync();

        Peer back = server.Open(ProtocolLevel.V50);
        await back.ConnectAsync(Connect(back, "first", cleanStart: false));
        await back.ExpectAsync("3C07000161" + "00010031");
        await back.SendAsync([0x50, 0x02, 0x00, 0x01]);
        await back.ExpectAsync("62020001");
        await second.ExpectNothingAsync();
        await back.CloseAsync();
        await second.CloseAsync();
    }

    [Fact]
    public async Task What_was_begun_with_a_member_whose_session_ends_goes_to_no_other()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer first = await JoinAsync(server, "first", qos: 2);
        Peer second = await JoinAsync(server, "second", qos: 2);
        server.Broker.Publish("a"u8, "1"u8, 2, retain: false);
        await first.ExpectAsync("3407000161" + "00010031");
        await first.CloseAsync();
        server.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(1, server.Metrics.SessionsExpired);
        await second.ExpectNothingAsync();
        await second.CloseAsync();
    }

    private static async Task<Peer> JoinAsync(TestServer server, string client, int qos)
    {
        Peer peer = server.Open(ProtocolLevel.V50);
        await peer.ConnectAsync(Connect(peer, client, cleanStart: true));
        await peer.SendAsync(peer.Subscribe(1, "$share/g/a", qos));
        Assert.StartsWith("9004", await peer.ReadAsync(), StringComparison.Ordinal);
        return peer;
    }

    private static byte[] Connect(Peer peer, string client, bool cleanStart) => peer.ConnectPacket(
        client, cleanStart: cleanStart, properties: Peer.Number(PropertyId.SessionExpiryInterval, 60));
}
