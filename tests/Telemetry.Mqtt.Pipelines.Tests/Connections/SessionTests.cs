using System.Text;

namespace Telemetry.Mqtt.Pipelines.Connections;

/// <summary>Sessions over connections, restarts and take-overs; QoS 2 in both directions.</summary>
public sealed class SessionTests
{
    private const string Welcome = "20020000";
    private const string WelcomeBack = "20020100";

    [Theory]
    [InlineData(ProtocolLevel.V311)]
    [InlineData(ProtocolLevel.V50)]
    public async Task A_QoS_2_message_is_taken_once_and_each_answer_waits_for_its_commit(ProtocolLevel level)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(level, "gateway");
        byte[] publish = peer.Publish("a", "1", id: 5, qos: 2);
        await peer.SendAsync(publish);
        await peer.ExpectNothingAsync();
        server.Intake.Commit();
        await peer.ExpectAsync("50020005");

        await peer.SendAsync(AsDuplicate(publish));
        await peer.ExpectAsync("50020005");
        Assert.Equal(["a=1"], server.Intake.Seen());
        Assert.Equal(1, server.Metrics.Duplicates);

        await peer.SendAsync([0x62, 0x02, 0x00, 0x05]);
        await peer.ExpectAsync("70020005");
        await peer.SendAsync(publish);
        await peer.ExpectNothingAsync();
        server.Intake.Commit();
        await peer.ExpectAsync("50020005");
        Assert.Equal(["a=1", "a=1"], server.Intake.Seen());
        await peer.CloseAsync();
    }

    [Theory]
    [InlineData(ProtocolLevel.V311)]
    [InlineData(ProtocolLevel.V50)]
    public async Task PUBREL_for_nothing_is_completed_with_success(ProtocolLevel level)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(level, "gateway");
        await peer.SendAsync([0x62, 0x02, 0x00, 0x09]);
        await peer.ExpectAsync("70020009");
        await peer.CloseAsync();
    }

    [Fact]
    public async Task The_release_of_a_kept_session_is_durable_before_PUBCOMP()
    {
        using var server = new TestServer();
        Peer peer = await OpenAsync(server, "gateway", cleanStart: true);
        await peer.SendAsync(peer.Publish("a", "1", id: 5, qos: 2));
        await peer.ExpectNothingAsync();
        server.Intake.Commit();
        await peer.ExpectAsync("50020005");
        await peer.SendAsync([0x62, 0x02, 0x00, 0x05]);
        await peer.ExpectNothingAsync();
        server.Intake.Commit();
        await peer.ExpectAsync("70020005");
        await peer.CloseAsync();
    }

    [Fact]
    public async Task A_QoS_2_message_received_before_a_restart_is_known_after_it()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer peer = await OpenAsync(server, "gateway", cleanStart: true);
        await peer.SendAsync(peer.Publish("a", "1", id: 5, qos: 2), peer.Publish("a", "2", id: 6, qos: 2));
        await peer.ExpectAsync("50020005", "50020006");
        await peer.SendAsync([0x62, 0x02, 0x00, 0x06]);
        await peer.ExpectAsync("70020006");

        using TestServer again = server.Restart();
        Peer back = await OpenAsync(again, "gateway", cleanStart: false, WelcomeBack);
        await back.SendAsync(
            AsDuplicate(back.Publish("a", "1", id: 5, qos: 2)), back.Publish("a", "3", id: 6, qos: 2));
        await back.ExpectAsync("50020005", "50020006");
        Assert.Equal(["a=1", "a=2", "a=3"], server.Intake.Seen());
        await back.CloseAsync();
    }

    [Fact]
    public async Task A_promise_that_is_not_durable_does_not_stand_in_a_checkpoint()
    {
        using var server = new TestServer();
        Peer peer = await OpenAsync(server, "gateway", cleanStart: true);
        server.Intake.Commit();
        await peer.SendAsync(peer.Publish("a", "1", id: 5, qos: 2));
        await peer.ExpectNothingAsync();

        using TestServer again = server.Restart(server.Save());
        again.Intake.CommitsAtOnce = true;
        Peer back = await OpenAsync(again, "gateway", cleanStart: false, WelcomeBack);
        await back.SendAsync(AsDuplicate(back.Publish("a", "1", id: 5, qos: 2)));
        await back.ExpectAsync("50020005");
        Assert.Equal(2, server.Intake.Seen().Length);
        await back.CloseAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_for_a_client_that_is_away_wait_for_it_also_over_a_restart(bool fromCheckpoint)
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer console = await OpenAsync(server, "console", cleanStart: true);
        await console.SendAsync(console.Subscribe(1, "a/#", qos: 2));
        await console.ExpectAsync("900400010002");
        await console.CloseAsync();
        Peer gateway = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        await gateway.SendAsync(gateway.Publish("a/0", "0"), gateway.Publish("a/1", "1", id: 1));
        await gateway.ExpectAsync("40020001");
        byte[]? state = fromCheckpoint ? server.Save() : null;
        await gateway.SendAsync(gateway.Publish("a/2", "2", id: 2, qos: 2));
        await gateway.ExpectAsync("50020002");

        using TestServer again = server.Restart(state);
        Peer back = await OpenAsync(again, "console", cleanStart: false, WelcomeBack);
        await back.ExpectAsync("32090003612F31000100" + "31", "34090003612F32000200" + "32");
        await back.CloseAsync();
    }

    [Fact]
    public async Task What_is_in_flight_is_sent_again_with_its_identifier_and_DUP()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer console = await OpenAsync(server, "console", cleanStart: true);
        await console.SendAsync(console.Subscribe(1, "a", qos: 2));
        await console.ExpectAsync("900400010002");
        Peer gateway = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        await gateway.SendAsync(
            gateway.Publish("a", "1", id: 1),
            gateway.Publish("a", "2", id: 2, qos: 2),
            gateway.Publish("a", "3", id: 3, qos: 2));
        await console.ExpectAsync("3207000161000100" + "31", "3407000161000200" + "32", "3407000161000300" + "33");
        await console.SendAsync([0x50, 0x02, 0x00, 0x02]);
        await console.ExpectAsync("62020002");
        await console.CloseAsync();

        using TestServer again = server.Restart();
        Peer back = await OpenAsync(again, "console", cleanStart: false, WelcomeBack);
        await back.ExpectAsync("3A07000161000100" + "31", "62020002", "3C07000161000300" + "33");
        await back.SendAsync([0x40, 0x02, 0x00, 0x01], [0x70, 0x02, 0x00, 0x02], [0x50, 0x02, 0x00, 0x03]);
        await back.ExpectAsync("62020003");
        await back.SendAsync([0x70, 0x02, 0x00, 0x03]);
        await back.CloseAsync();

        using TestServer third = again.Restart();
        Peer last = await OpenAsync(third, "console", cleanStart: false, WelcomeBack);
        await last.ExpectNothingAsync();
        await last.CloseAsync();
    }

    [Fact]
    public async Task A_refused_QoS_2_message_is_not_released()
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "console");
        await peer.SendAsync(peer.Subscribe(1, "a", qos: 2));
        await peer.ExpectAsync("900400010002");
        server.Broker.Publish("a"u8, "1"u8, 2, retain: false);
        await peer.ExpectAsync("3407000161000100" + "31");
        await peer.SendAsync([0x50, 0x03, 0x00, 0x01, 0x97]);
        await peer.ExpectNothingAsync();
        await peer.SendAsync([0x50, 0x02, 0x00, 0x01]);
        await peer.ExpectAsync("6203000192");
        await peer.CloseAsync();
    }

    [Fact]
    public async Task A_clean_start_and_an_expired_session_leave_nothing()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        foreach (bool expires in new[] { true, false })
        {
            Peer peer = await OpenAsync(server, "console", cleanStart: true);
            await peer.SendAsync(peer.Subscribe(1, "a"));
            await peer.ExpectAsync("900400010001");
            await peer.CloseAsync();
            Assert.Equal(1, server.Broker.SubscriptionCount);
            server.Time.Advance(TimeSpan.FromSeconds(expires ? 61 : 0));
            Peer back = await OpenAsync(server, "console", cleanStart: !expires, Welcome);
            Assert.Equal(0, server.Broker.SubscriptionCount);
            await back.CloseAsync();
        }

        Assert.Equal(1, server.Metrics.SessionsExpired);
        using TestServer again = server.Restart();
        Assert.Equal(0, again.Broker.SubscriptionCount);
    }

    [Fact]
    public async Task DISCONNECT_may_shorten_the_session_and_not_begin_one()
    {
        using var server = new TestServer();
        Peer peer = await OpenAsync(server, "console", cleanStart: true);
        await peer.SendAsync([0xE0, 0x07, 0x00, 0x05, 0x11, 0, 0, 0, 0]);
        await peer.ExpectAsync("end");
        await peer.CloseAsync();
        Assert.Equal(0, server.Broker.SessionCount);

        Peer brief = await server.ConnectAsync(ProtocolLevel.V50, "brief");
        await brief.SendAsync([0xE0, 0x07, 0x00, 0x05, 0x11, 0, 0, 0, 9]);
        await brief.ExpectAsync("E00182");
        await brief.CloseAsync();
    }

    [Fact]
    public async Task A_delayed_will_waits_for_the_client_to_come_back()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        await LoseWithWillAsync(server);
        server.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(server.Intake.Seen());
        Peer back = await OpenAsync(server, "gateway", cleanStart: false, WelcomeBack);
        server.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(server.Intake.Seen());
        await back.CloseAsync();

        await LoseWithWillAsync(server);
        server.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(["will=gone"], server.Intake.Seen());
    }

    [Fact]
    public async Task A_will_outlives_a_restart_and_is_sent_once()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        await LoseWithWillAsync(server);
        using TestServer again = server.Restart();
        again.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(["will=gone"], again.Intake.Seen());
        using TestServer third = again.Restart();
        third.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Single(third.Intake.Seen());
    }

    [Fact]
    public async Task The_will_of_a_client_that_a_restart_cut_off_is_sent()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        await server.ConnectAsync(ProtocolLevel.V50, "gateway", will: "will");
        using TestServer again = server.Restart();
        again.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["will=gone"], again.Intake.Seen());
        Assert.Equal(0, again.Broker.SessionCount);
    }

    [Fact]
    public async Task Subscription_identifiers_of_all_that_match_come_with_the_message()
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "console");
        await peer.SendAsync(
            peer.Subscribe(1, "a/#", qos: 0, identifier: 1), peer.Subscribe(2, "a/b", qos: 0, identifier: 300));
        await peer.ExpectAsync("900400010000", "900400020000");
        server.Broker.Publish("a/b"u8, "x"u8, 0, retain: false);
        string message = await peer.ReadAsync();
        Assert.True(message is "300C0003612F62050B010BAC0278" or "300C0003612F62050BAC020B0178", message);
        await peer.CloseAsync();
    }

    [Fact]
    public async Task A_shared_subscription_divides_the_messages_among_those_who_are_here()
    {
        using var server = new TestServer();
        Peer[] members =
        [
            await server.ConnectAsync(ProtocolLevel.V50, "one"),
            await server.ConnectAsync(ProtocolLevel.V311, "two"),
        ];
        foreach (Peer member in members)
        {
            await member.SendAsync(member.Subscribe(1, "$share/g/a", qos: 0));
            await member.ReadAsync();
        }

        for (int i = 0; i < 4; i++)
        {
            server.Broker.Publish("a"u8, Encoding.UTF8.GetBytes($"{i}"), 0, retain: false);
        }

        await members[0].ExpectAsync("3005000161" + "0030", "3005000161" + "0032");
        await members[1].ExpectAsync("3004000161" + "31", "3004000161" + "33");
        await members[1].CloseAsync();
        server.Broker.Publish("a"u8, "4"u8, 0, retain: false);
        server.Broker.Publish("a"u8, "5"u8, 0, retain: false);
        await members[0].ExpectAsync("3005000161" + "0034", "3005000161" + "0035");
        await members[0].CloseAsync();
        Assert.Equal(0, server.Broker.SubscriptionCount);
    }

    [Fact]
    public async Task Topic_aliases_are_used_towards_a_client_that_takes_them()
    {
        using var server = new TestServer();
        Peer peer = server.Open(ProtocolLevel.V50);
        byte[] takesAliases = Peer.Number(PropertyId.TopicAliasMaximum, 1);
        await peer.ConnectAsync(peer.ConnectPacket("console", properties: takesAliases));
        await peer.SendAsync(peer.Subscribe(1, "#", qos: 0));
        await peer.ExpectAsync("900400010000");
        foreach (string topic in new[] { "long/1", "long/1", "long/2" })
        {
            server.Broker.Publish(Encoding.UTF8.GetBytes(topic), "x"u8, 0, retain: false);
        }

        await peer.ExpectAsync(
            "300D00066C6F6E672F310323000178", "30070000" + "0323000178", "300A00066C6F6E672F320078");
        await peer.CloseAsync();
    }

    [Fact]
    public async Task A_message_that_expires_while_its_subscriber_is_away_is_not_delivered()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer console = await OpenAsync(server, "console", cleanStart: true);
        await console.SendAsync(console.Subscribe(1, "a"));
        await console.ExpectAsync("900400010001");
        await console.CloseAsync();
        Peer gateway = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        await gateway.SendAsync(
            gateway.Publish("a", "1", id: 1, properties: Peer.Number(PropertyId.MessageExpiryInterval, 10)),
            gateway.Publish("a", "2", id: 2, properties: Peer.Number(PropertyId.MessageExpiryInterval, 30)));
        await gateway.ExpectAsync("40020001", "40020002");
        server.Time.Advance(TimeSpan.FromSeconds(20));
        Peer back = await OpenAsync(server, "console", cleanStart: false, WelcomeBack);
        await back.ExpectAsync("320C0001610002050200" + "00000A32");
        Assert.Equal(1, server.Metrics.MessagesExpired);
        await back.CloseAsync();
    }

    [Fact]
    public async Task Retained_messages_outlive_a_restart()
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        Peer gateway = await server.ConnectAsync(ProtocolLevel.V311, "gateway");
        await gateway.SendAsync(gateway.Publish("a", "1", id: 1, retain: true));
        await gateway.ExpectAsync("40020001");
        using TestServer again = server.Restart(server.Save());
        Peer console = await again.ConnectAsync(ProtocolLevel.V311, "console");
        await console.SendAsync(console.Subscribe(1, "a", qos: 0));
        await console.ExpectAsync("9003000100", "310400016131");
        await console.CloseAsync();
    }

    [Fact]
    public async Task A_subscription_takes_effect_in_its_place_among_the_messages()
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "both");
        await peer.SendAsync(
            peer.Publish("a", "1", retain: true), peer.Subscribe(1, "a", qos: 0), peer.Publish("a", "2"));
        await peer.ExpectNothingAsync();
        server.Intake.Commit();
        await peer.ExpectAsync("900400010000", "310500016100" + "31", "300500016100" + "32");
        await peer.CloseAsync();
    }

    [Fact]
    public async Task The_end_of_a_connection_is_in_the_log_before_the_next_one_begins()
    {
        using var server = new TestServer();
        Peer first = await server.ConnectAsync(ProtocolLevel.V50, "gateway", will: "will");
        server.Intake.Commit();
        server.Intake.Outcome = IntakeOutcome.NoRoom; // the end of its session has to wait
        await first.Output.CompleteAsync();
        await PublishTests.Eventually(() => server.Metrics.Connections == 0);
        Task<Peer> second = OpenAsync(server, "gateway", cleanStart: false);
        server.Intake.MakeRoom();
        await (await second).ExpectNothingAsync();
        Assert.Equal(0, server.Metrics.TakeOvers);
        server.Intake.Commit();

        using TestServer again = server.Restart();
        Peer back = await OpenAsync(again, "gateway", cleanStart: false, WelcomeBack);
        await back.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_kept_session_that_a_connection_ends_does_not_come_back_with_a_restart(bool cleanStart)
    {
        using var server = new TestServer();
        Peer kept = await OpenAsync(server, "gateway", cleanStart: true);
        await kept.CloseAsync();
        Peer brief = server.Open(ProtocolLevel.V50);
        await brief.ConnectAsync(brief.ConnectPacket("gateway", cleanStart: cleanStart)); // expiry 0
        await brief.CloseAsync();
        server.Intake.Commit();
        Assert.Equal(0, server.Broker.SessionCount);

        using TestServer again = server.Restart();
        Assert.Equal(0, again.Broker.SessionCount);
    }

    [Fact]
    public async Task A_will_of_QoS_2_takes_no_identifier_of_the_client_over_a_restart()
    {
        using var server = new TestServer();
        Peer lost = server.Open(ProtocolLevel.V50);
        var connect = new ConnectView
        {
            Level = ProtocolLevel.V50,
            ClientIdentifier = "gateway"u8,
            Properties = Peer.Number(PropertyId.SessionExpiryInterval, 60),
            HasWill = true,
            WillTopic = "will"u8,
            WillQos = 2,
        };
        byte[] packet = new byte[connect.Measure()];
        connect.Write(packet);
        await lost.ConnectAsync(packet);
        await lost.CloseAsync();
        server.Intake.Commit();

        using TestServer again = server.Restart();
        Peer peer = await OpenAsync(again, "gateway", cleanStart: false, WelcomeBack);
        await peer.SendAsync(peer.Publish("a", "1", id: ushort.MaxValue, qos: 2));
        await peer.ExpectNothingAsync();
        Assert.Contains("a=1", again.Intake.Seen());
        await peer.CloseAsync();
    }

    [Fact]
    public async Task Two_devices_with_one_client_identifier_are_slowed_and_counted()
    {
        using var server = new TestServer();
        await server.ConnectAsync(ProtocolLevel.V311, "twin");
        for (int i = 0; i < TakeOverWatch.CountMin - 1; i++)
        {
            await server.ConnectAsync(ProtocolLevel.V311, "twin");
        }

        Assert.Equal(0, server.Metrics.ClonedClients);
        DateTimeOffset began = server.Time.GetUtcNow();
        Peer slowed = server.Open(ProtocolLevel.V311);
        await slowed.SendAsync(slowed.ConnectPacket("twin"));
        await PublishTests.Eventually(() => server.Metrics.ClonedClients == 1);
        Task<string> answer = slowed.ReadAsync();
        await PublishTests.Eventually(() =>
        {
            server.Time.Advance(TimeSpan.FromMilliseconds(1));
            return answer.IsCompleted;
        });
        Assert.Equal(Welcome, await answer);
        Assert.True(server.Time.GetUtcNow() >= began.AddSeconds(5), "the new one waited");
        await slowed.CloseAsync();
    }

    private static async Task<Peer> OpenAsync(
        TestServer server, string client, bool cleanStart, string answer = Welcome)
    {
        Peer peer = server.Open(ProtocolLevel.V50);
        byte[] expiry = Peer.Number(PropertyId.SessionExpiryInterval, 60);
        await peer.SendAsync(peer.ConnectPacket(client, cleanStart: cleanStart, properties: expiry));
        string connAck = await peer.ReadAsync();
        Assert.Equal(answer[4..], connAck[4..8]); // flags and reason code
        return peer;
    }

    private static async Task LoseWithWillAsync(TestServer server)
    {
        Peer peer = server.Open(ProtocolLevel.V50);
        byte[] connect = peer.ConnectPacket(
            "gateway",
            will: "will",
            properties: Peer.Number(PropertyId.SessionExpiryInterval, 60),
            willProperties: Peer.Number(PropertyId.WillDelayInterval, 10));
        await peer.ConnectAsync(connect);
        await peer.CloseAsync();
    }

    private static byte[] AsDuplicate(byte[] publish)
    {
        byte[] again = [.. publish];
        again[0] |= 0x08;
        return again;
    }
}
