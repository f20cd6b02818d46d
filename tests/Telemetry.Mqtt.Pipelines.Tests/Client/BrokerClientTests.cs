namespace Telemetry.Mqtt.Pipelines.Client;

public sealed class BrokerClientTests
{
    private const string Connect50 =
        "101B" + "00044D515454" + "05" + "00" + "0000" + "0D" + "1100093A80" + "21FFFF" + "2700400000" + "000163";

    private const string Connect311 = "100D" + "00044D515454" + "04" + "00" + "0000" + "000163";

    [Fact]
    public async Task It_asks_for_a_session_that_stays_and_the_largest_window_and_subscribes()
    {
        await using var broker = new ScriptedBroker();
        Peer peer = await broker.AcceptAsync();

        await peer.ExpectAsync(Connect50);
        await peer.SendAsync(Convert.FromHexString(ScriptedBroker.NewSession));
        await peer.ExpectAsync("8209" + "0001" + "00" + "0003612F23" + "11"); // QoS 1, retained if new
        Assert.Equal(BrokerClientState.Subscribing, broker.Client.Snapshot().State);
        await peer.SendAsync([0x90, 0x04, 0x00, 0x01, 0x00, 0x01]);
        await peer.SendAsync(peer.Publish("a/b", "1", id: 7));
        broker.Intake.CommitsAtOnce = true;
        await peer.SendAsync(peer.Publish("a/b", "2", id: 8));
        await peer.ExpectAsync("40020007", "40020008");
        Assert.Equal(BrokerClientState.Connected, broker.Client.Snapshot().State);
        Assert.Equal("5.0", broker.Client.Snapshot().Protocol);
    }

    [Fact]
    public async Task What_others_left_unfinished_in_the_session_is_let_go()
    {
        await using var broker = new ScriptedBroker();
        broker.Intake.CommitsAtOnce = true;
        Peer peer = await broker.AdmitAsync(hasSession: true);
        await peer.SendAsync([0xB0, 0x04, 0x00, 0x07, 0x00, 0x11]); // UNSUBACK for nothing
        await peer.SendAsync([0x50, 0x02, 0x00, 0x09]); // PUBREC for nothing
        await peer.SendAsync([0x50, 0x03, 0x00, 0x0A, 0x97]); // the same with an error, which ends it
        await peer.ExpectAsync("62020009");
        await peer.SendAsync(peer.Publish("a/b", "1", id: 1));
        await peer.ExpectAsync("40020001");
    }

    [Fact]
    public async Task A_broker_that_refuses_5_is_spoken_to_in_3_1_1_from_then_on()
    {
        await using var broker = new ScriptedBroker();
        Peer first = await broker.AcceptAsync();
        await first.ExpectAsync(Connect50);
        await first.SendAsync([0x20, 0x02, 0x00, 0x01]); // the answer of a broker that knows only 3.1.1

        Peer second = await broker.AcceptAsync();
        await second.ExpectAsync(Connect311);
        await second.SendAsync([0x20, 0x02, 0x00, 0x00]);
        await second.ExpectAsync("8208" + "0001" + "0003612F23" + "01");
        Assert.Equal("3.1.1", broker.Client.Snapshot().Protocol);
        await second.Output.CompleteAsync();

        Peer third = await broker.AcceptAsync();
        await third.ExpectAsync(Connect311);
    }

    [Fact]
    public async Task A_broker_that_closes_on_5_is_tried_in_3_1_1_without_a_pause()
    {
        await using var broker = new ScriptedBroker(random: new LongestPause()); // the clock stands still
        Peer first = await broker.AcceptAsync();
        await first.ExpectAsync(Connect50);
        await first.Output.CompleteAsync();

        Peer second = await broker.AcceptAsync();
        await second.ExpectAsync(Connect311);
    }

    [Fact]
    public async Task It_subscribes_again_exactly_when_the_broker_has_no_session()
    {
        await using var broker = new ScriptedBroker();
        Peer first = await broker.AdmitAsync(hasSession: true); // the filters may be others than before the start
        await first.SendAsync(first.Publish("a/b", "1", id: 1));
        broker.Intake.CommitsAtOnce = true;
        await first.SendAsync(first.Publish("a/b", "2", id: 2));
        await first.ExpectAsync("40020001", "40020002");
        await first.Output.CompleteAsync();

        Peer second = await broker.AdmitAsync(hasSession: true, subscribes: false);
        await second.SendAsync(second.Publish("a/b", "3", id: 3));
        await second.ExpectAsync("40020003");
        await second.Output.CompleteAsync();

        Peer third = await broker.AdmitAsync(hasSession: false, subscribes: true);
        Assert.NotNull(third);
    }

    [Fact]
    public async Task Acknowledgements_follow_the_commit_in_receipt_order_those_of_own_topics_too()
    {
        await using var broker = new ScriptedBroker(options => options with { CanarySeconds = 3_600 });
        Peer peer = await broker.AdmitAsync();
        await peer.SendAsync(peer.Publish("a/b", "1", id: 9));
        await peer.SendAsync(peer.Publish("own/alarm", "x", id: 3));
        await peer.SendAsync(peer.Publish("a/b", "2", id: 5));
        while (broker.Client.Snapshot().Acknowledged < 3)
        {
            await Task.Yield();
        }

        Assert.Equal(["a/b=1", "a/b=2"], broker.Intake.Seen());
        Assert.False(peer.Input.TryRead(out _));
        broker.Intake.Commit();
        await peer.ExpectAsync("40020009", "40020003", "40020005");
    }

    [Fact]
    public async Task Without_room_nothing_is_acknowledged_and_nothing_read_on()
    {
        await using var broker = new ScriptedBroker();
        Peer peer = await broker.AdmitAsync();
        broker.Intake.CommitsAtOnce = true;
        broker.Intake.Outcome = IntakeOutcome.NoRoom;
        await peer.SendAsync(peer.Publish("a/b", "1", id: 1));
        while (broker.Intake.Attempts == 0)
        {
            await Task.Yield();
        }

        await peer.SendAsync(peer.Publish("a/b", "2", id: 2));
        Assert.Equal(1, broker.Client.Snapshot().Messages);
        broker.Intake.MakeRoom();
        await peer.ExpectAsync("40020001", "40020002");
    }

    [Fact]
    public async Task A_block_without_room_outlives_its_connection()
    {
        await using var broker = new ScriptedBroker();
        Peer peer = await broker.AdmitAsync();
        broker.Intake.Outcome = IntakeOutcome.NoRoom;
        await peer.SendAsync(peer.Publish("a/b", "1"));
        while (broker.Intake.Attempts == 0)
        {
            await Task.Yield();
        }

        broker.Intake.MakeRoom();
        await peer.Output.CompleteAsync();
        await broker.AcceptAsync();
        Assert.Equal(1, broker.Intake.Appends);
    }

    [Fact]
    public async Task Qos_2_is_taken_in_once()
    {
        await using var broker = new ScriptedBroker(options => options with { Qos = 2 });
        broker.Intake.CommitsAtOnce = true;
        Peer peer = await broker.AdmitAsync();
        await peer.SendAsync(PublishQos2("once", dup: false));
        await peer.ExpectAsync("50020004");
        await peer.SendAsync(PublishQos2("once", dup: true));
        await peer.ExpectAsync("50020004");
        await peer.SendAsync([0x62, 0x02, 0x00, 0x04]);
        await peer.ExpectAsync("70020004");
        await peer.SendAsync(PublishQos2("twice", dup: false));
        await peer.ExpectAsync("50020004");

        Assert.Equal(["a/b=once", "a/b=twice"], broker.Intake.Seen());
        Assert.Equal(1, broker.Client.Snapshot().Duplicates);
    }

    [Fact]
    public async Task A_message_above_the_ceiling_is_acknowledged_and_dropped()
    {
        await using var broker = new ScriptedBroker(options => options with { PacketBytesMax = 100 });
        broker.Intake.CommitsAtOnce = true;
        Peer peer = await broker.AdmitAsync();
        await peer.SendAsync(peer.Publish("a/b", new string('x', 200), id: 1));

        await peer.ExpectAsync("40020001");
        Assert.Empty(broker.Intake.Seen());
        Assert.Equal(1, broker.Client.Snapshot().Oversized);
    }

    [Fact]
    public async Task A_canary_that_comes_back_is_seen_and_one_that_does_not_ends_the_connection()
    {
        await using var broker = new ScriptedBroker(options => options with { CanarySeconds = 10 });
        Peer peer = await AdmitWithCanaryAsync(broker);
        broker.Intake.CommitsAtOnce = true;
        broker.Time.Advance(TimeSpan.FromSeconds(1));
        await peer.ExpectAsync("320E" + "000863616E6172792F63" + "0003" + "00" + "31");
        await peer.SendAsync([0x40, 0x02, 0x00, 0x03], peer.Publish("canary/c", "1", id: 1));
        await peer.ExpectAsync("40020001");
        Assert.Equal("seen", broker.Client.Snapshot().Canary);

        broker.Time.Advance(TimeSpan.FromSeconds(10));
        await peer.ExpectAsync("320E" + "000863616E6172792F63" + "0004" + "00" + "32");
        broker.Time.Advance(TimeSpan.FromSeconds(30));
        while (await peer.ReadAsync() != "end")
        {
        }

        // It subscribes although the session is there: the broker may have forgotten what it is for.
        await AdmitWithCanaryAsync(broker);
        Assert.Equal(1, broker.Client.Snapshot().Silences);
    }

    [Fact]
    public async Task A_canary_that_may_not_be_published_is_given_up()
    {
        await using var broker = new ScriptedBroker(options => options with { CanarySeconds = 10 });
        Peer peer = await AdmitWithCanaryAsync(broker);
        broker.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.StartsWith("32", await peer.ReadAsync(), StringComparison.Ordinal);
        await peer.SendAsync([0x40, 0x03, 0x00, 0x03, 0x87]);
        broker.Intake.CommitsAtOnce = true;
        await peer.SendAsync(peer.Publish("a/b", "1", id: 1));
        await peer.ExpectAsync("40020001");

        Assert.Contains("NotAuthorized", broker.Client.Snapshot().Canary, StringComparison.Ordinal);
        broker.Time.Advance(TimeSpan.FromSeconds(100));
        await peer.SendAsync(peer.Publish("a/b", "2", id: 2));
        await peer.ExpectAsync("40020002");
    }

    [Fact]
    public async Task A_link_that_says_nothing_is_pinged_and_then_given_up()
    {
        await using var broker = new ScriptedBroker(options => options with { KeepAliveSeconds = 16 });
        Peer peer = await broker.AdmitAsync();
        broker.Intake.CommitsAtOnce = true;
        await peer.SendAsync(peer.Publish("a/b", "1", id: 1));
        await peer.ExpectAsync("40020001");
        broker.Time.Advance(TimeSpan.FromSeconds(12));
        await peer.ExpectAsync("C000");
        broker.Time.Advance(TimeSpan.FromSeconds(12));
        await peer.ExpectAsync("end");
    }

    [Fact]
    public async Task A_refused_filter_is_named_and_the_others_go_on()
    {
        await using var broker = new ScriptedBroker();
        Peer peer = await broker.AcceptAsync();
        await peer.ReadAsync();
        await peer.SendAsync(Convert.FromHexString(ScriptedBroker.NewSession));
        await peer.ReadAsync();
        broker.Intake.CommitsAtOnce = true;
        await peer.SendAsync([0x90, 0x04, 0x00, 0x01, 0x00, 0x87], peer.Publish("a/b", "1", id: 1));
        await peer.ExpectAsync("40020001");

        BrokerClientSnapshot snapshot = broker.Client.Snapshot();
        Assert.Equal("the broker refuses the subscription to \"a/#\": NotAuthorized", snapshot.LastError);
        Assert.Equal(BrokerClientState.Connected, snapshot.State);
    }

    private static async Task<Peer> AdmitWithCanaryAsync(ScriptedBroker broker)
    {
        Peer peer = await broker.AcceptAsync();
        await peer.ReadAsync();
        await peer.SendAsync(Convert.FromHexString("2003010000"));
        Assert.EndsWith("0003612F2311" + "000863616E6172792F6311", await peer.ReadAsync(), StringComparison.Ordinal);
        await peer.SendAsync([0x90, 0x05, 0x00, 0x01, 0x00, 0x01, 0x01]);
        while (broker.Client.Snapshot().State != BrokerClientState.Connected)
        {
            await Task.Yield();
        }

        return peer;
    }

    private static byte[] PublishQos2(string payload, bool dup)
    {
        var publish = new PublishView
        {
            Topic = "a/b"u8,
            Payload = System.Text.Encoding.UTF8.GetBytes(payload),
            PacketIdentifier = 4,
            Qos = 2,
            Dup = dup,
        };
        byte[] packet = new byte[publish.Measure(ProtocolLevel.V50)];
        publish.Write(packet, ProtocolLevel.V50);
        return packet;
    }

    private sealed class LongestPause : Random
    {
        public override double NextDouble() => 1;
    }
}
