namespace Telemetry.Mqtt.Pipelines.Client;

/// <summary>What MQTT 5.0 asks of a client, of the broker client.</summary>
public sealed class ClientStatementTests
{
    [Fact]
    public async Task Its_canaries_have_identifiers_of_their_own_and_only_one_is_in_flight()
    {
        await using var broker = new ScriptedBroker(options => options with { CanarySeconds = 10 });
        Peer peer = await AdmitAsync(broker, "");
        for (int identifier = 3; identifier < 6; identifier++) // 1 is that of SUBSCRIBE
        {
            broker.Time.Advance(TimeSpan.FromSeconds(10));
            string canary = await peer.ReadAsync();
            Assert.StartsWith($"320E000863616E6172792F63{identifier:X4}00", canary, StringComparison.Ordinal);
            await peer.SendAsync(peer.Publish("canary/c", "1"));
            await ExpectAcknowledgedAsync(broker, peer, "a"); // other packets are not held up
            broker.Time.Advance(TimeSpan.FromSeconds(10));
            await ExpectAcknowledgedAsync(broker, peer, "b"); // and no canary came between
            await peer.SendAsync([0x40, 0x02, 0x00, (byte)identifier]);
            await ExpectAcknowledgedAsync(broker, peer, "c");
        }
    }

    [Theory]
    [InlineData("2400", "300C000863616E6172792F63" + "00")] // maximum QoS 0
    [InlineData("2401", "320E000863616E6172792F63" + "000300")]
    [InlineData("2500", "320E000863616E6172792F63" + "000300")] // nothing is retained: nor is this
    [InlineData("220010", "320E000863616E6172792F63" + "000300")] // aliases are offered and not used
    public async Task It_publishes_within_what_the_broker_offers(string properties, string canary)
    {
        await using var broker = new ScriptedBroker(options => options with { CanarySeconds = 10 });
        Peer peer = await AdmitAsync(broker, properties);
        broker.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(canary + "31", await peer.ReadAsync());
    }

    [Theory]
    [InlineData(25, 1)] // the length of SUBSCRIBE here
    [InlineData(24, 0)]
    public async Task It_sends_no_packet_above_the_brokers_ceiling(byte ceiling, int subscribes)
    {
        await using var broker = new ScriptedBroker(options => options with { Filters = ["a/b/c/d/e/f/g/h/#"] });
        Peer peer = await broker.AcceptAsync();
        await peer.ReadAsync();
        await peer.SendAsync([0x20, 0x08, 0x00, 0x00, 0x05, 0x27, 0, 0, 0, ceiling]);
        string next = await peer.ReadAsync();
        Assert.Equal(subscribes == 1, next.StartsWith("82", StringComparison.Ordinal));
        if (subscribes == 0)
        {
            Assert.Equal("end", next);
            await broker.AcceptAsync();
            Assert.Contains(
                "SUBSCRIBE has 25 bytes, the broker takes 24", broker.Client.Snapshot().LastError,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_canary_above_the_brokers_ceiling_is_given_up()
    {
        await using var broker = new ScriptedBroker(options => options with { CanarySeconds = 10 });
        Peer first = await AdmitAsync(broker, "");
        await first.Output.CompleteAsync();
        Peer peer = await broker.AcceptAsync();
        await peer.ReadAsync();
        await peer.SendAsync([0x20, 0x08, 0x01, 0x00, 0x05, 0x27, 0, 0, 0, 15]); // the session is there
        await Connections.PublishTests.Eventually(
            () => broker.Client.Snapshot().State == BrokerClientState.Connected);
        broker.Time.Advance(TimeSpan.FromSeconds(1));
        await ExpectAcknowledgedAsync(broker, peer, "a");
        Assert.Contains(
            "16 bytes, the broker takes 15", broker.Client.Snapshot().Canary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_takes_the_keep_alive_of_the_broker()
    {
        await using var broker = new ScriptedBroker(options => options with { KeepAliveSeconds = 600 });
        Peer peer = await AdmitAsync(broker, "130010"); // server keep alive 16 s
        await ExpectAcknowledgedAsync(broker, peer, "a");
        broker.Time.Advance(TimeSpan.FromSeconds(12));
        await peer.ExpectAsync("C000");
    }

    [Fact]
    public async Task A_topic_alias_that_was_not_offered_ends_the_connection()
    {
        await using var broker = new ScriptedBroker();
        Peer peer = await broker.AdmitAsync();
        await peer.SendAsync(Convert.FromHexString("3007" + "0000" + "03230001" + "78"));
        await peer.ExpectAsync("end");
        Assert.Empty(broker.Intake.Seen());
    }

    [Fact]
    public async Task PUBREC_leaves_in_the_order_of_PUBLISH()
    {
        await using var broker = new ScriptedBroker(options => options with { Qos = 2 });
        Peer peer = await broker.AdmitAsync();
        foreach (int identifier in new[] { 9, 3, 7 })
        {
            await peer.SendAsync(peer.Publish("a/b", "x", identifier, qos: 2));
        }

        await Connections.PublishTests.Eventually(() => broker.Client.Snapshot().Acknowledged == 3);
        broker.Intake.Commit();
        await peer.ExpectAsync("50020009", "50020003", "50020007");
    }

    /// <summary>CONNACK without a session and with these properties; SUBSCRIBE is granted.</summary>
    private static async Task<Peer> AdmitAsync(ScriptedBroker broker, string properties)
    {
        Peer peer = await broker.AcceptAsync();
        await peer.ReadAsync();
        int bytes = properties.Length / 2;
        await peer.SendAsync([0x20, (byte)(3 + bytes), 0x00, 0x00, (byte)bytes, .. Convert.FromHexString(properties)]);
        Assert.StartsWith("82", await peer.ReadAsync(), StringComparison.Ordinal);
        await peer.SendAsync([0x90, 0x05, 0x00, 0x01, 0x00, 0x01, 0x01]);
        await Connections.PublishTests.Eventually(() => broker.Client.Snapshot().State == BrokerClientState.Connected);
        return peer;
    }

    /// <summary>A message goes and comes: what came before it is taken, and nothing else was answered.</summary>
    private static async Task ExpectAcknowledgedAsync(ScriptedBroker broker, Peer peer, string payload)
    {
        broker.Intake.CommitsAtOnce = true;
        await peer.SendAsync(peer.Publish("a/b", payload, id: 77));
        await peer.ExpectAsync("4002004D");
    }
}
