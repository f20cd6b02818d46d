namespace Telemetry.Mqtt.Pipelines.Connections;

/// <summary>A client identifier and its session belong to the identity that began it.</summary>
public sealed class OwnershipTests
{
    private const string Welcome = "0000"; // flags and reason code of CONNACK
    private const string WelcomeBack = "0100";
    private const string NotYours = "0085";

    [Fact]
    public async Task Another_identity_gets_neither_the_connection_nor_the_session()
    {
        using TestServer server = Serve("owner", "thief");
        Peer owner = await OpenAsync(server, "owner", Welcome);
        await owner.SendAsync(owner.Subscribe(1, "a"));
        await owner.ExpectAsync("900400010001");

        await RefuseAsync(server, "thief", NotYours);
        await RefuseAsync(server, identity: null, NotYours);
        await owner.ExpectNothingAsync();
        Assert.Equal(0, server.Metrics.TakeOvers);

        await owner.CloseAsync();
        await RefuseAsync(server, "thief", NotYours);
        server.Broker.Publish("a"u8, "1"u8, 1, retain: false);
        Peer back = await OpenAsync(server, "owner", WelcomeBack);
        await back.ExpectAsync("3207000161000100" + "31");
        await back.CloseAsync();
    }

    [Fact]
    public async Task In_3_1_1_it_is_told_that_the_identifier_is_rejected()
    {
        using TestServer server = Serve("owner", "thief");
        await OpenAsync(server, "owner", Welcome);
        Peer thief = server.Open(ProtocolLevel.V311);
        await thief.SendAsync(thief.ConnectPacket("console", password: "as thief"));
        await thief.ExpectAsync("20020002");
        await thief.CloseAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_owner_is_known_after_a_restart(bool fromCheckpoint)
    {
        using TestServer server = Serve("owner", "thief");
        Peer owner = await OpenAsync(server, "owner", Welcome);
        await owner.CloseAsync();

        using TestServer again = server.Restart(fromCheckpoint ? server.Save() : null);
        await RefuseAsync(again, "thief", NotYours);
        Peer back = await OpenAsync(again, "owner", WelcomeBack);
        await back.CloseAsync();
    }

    [Fact]
    public async Task What_an_anonymous_client_began_is_begun_anew_by_a_named_one()
    {
        using TestServer server = Serve("owner");
        Peer anonymous = await OpenAsync(server, identity: null, Welcome);
        await anonymous.SendAsync(anonymous.Subscribe(1, "a"));
        await anonymous.ExpectAsync("900400010001");

        Peer owner = await OpenAsync(server, "owner", Welcome);
        await anonymous.ExpectAsync("E0018E");
        Assert.Equal(0, server.Broker.SubscriptionCount);
        await owner.CloseAsync();
    }

    [Fact]
    public async Task The_session_of_a_withdrawn_identity_stands_in_nobodys_way()
    {
        using TestServer server = Serve("owner", "heir");
        Peer owner = await OpenAsync(server, "owner", Welcome);
        await owner.SendAsync(owner.Subscribe(1, "a"));
        await owner.ExpectAsync("900400010001");
        await owner.CloseAsync();
        server.Identities["owner"].IsInForce = false;

        Peer heir = await OpenAsync(server, "heir", Welcome);
        Assert.Equal(0, server.Broker.SubscriptionCount);
        await heir.CloseAsync();
    }

    [Fact]
    public async Task An_identity_that_is_withdrawn_while_it_is_judged_is_not_let_in()
    {
        using TestServer server = Serve("owner");
        server.Identities["owner"].IsInForce = false; // the judgement of this server does not look
        await RefuseAsync(server, "owner", "0087");
        Assert.Equal(0, server.Broker.SessionCount);
    }

    [Fact]
    public async Task A_subscription_that_rights_do_not_cover_any_more_is_given_up_for_good()
    {
        using TestServer server = Serve("owner");
        Peer owner = await OpenAsync(server, "owner", Welcome);
        await owner.SendAsync(owner.Subscribe(1, "a"), owner.Subscribe(2, "$share/g/b"), owner.Subscribe(3, "c"));
        await owner.ExpectAsync("900400010001", "900400020001", "900400030001");

        foreach (string lost in new[] { "a", "b" }) // a shared one is judged by the filter within
        {
            server.Identities["owner"].NotSubscribe = lost;
            server.Broker.ReviewRights(server.FindRights);
            server.Time.Advance(TimeSpan.FromSeconds(1));
            await owner.ExpectAsync("E00187");
            await owner.CloseAsync();
            owner = await OpenAsync(server, "owner", WelcomeBack);
        }

        Assert.Equal(1, server.Broker.SubscriptionCount);
        using TestServer again = server.Restart();
        Assert.Equal(1, again.Broker.SubscriptionCount);
    }

    [Fact]
    public async Task A_subscription_is_given_up_only_once_that_is_in_the_log()
    {
        using TestServer server = Serve("owner");
        Peer owner = await OpenAsync(server, "owner", Welcome);
        await owner.SendAsync(owner.Subscribe(1, "a"));
        await owner.ExpectAsync("900400010001");
        await owner.CloseAsync();

        server.Identities["owner"].NotSubscribe = "a";
        server.Intake.Outcome = IntakeOutcome.NoRoom;
        server.Broker.ReviewRights(server.FindRights);
        server.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, server.Broker.SubscriptionCount);
        server.Intake.MakeRoom();
        server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, server.Broker.SubscriptionCount);
    }

    [Fact]
    public async Task A_will_needs_the_right_to_publish_when_it_is_given_and_when_it_is_sent()
    {
        using TestServer server = Serve("owner");
        server.Identities["owner"].NotPublish = "will";
        Peer refused = server.Open(ProtocolLevel.V50);
        await refused.SendAsync(refused.ConnectPacket("console", will: "will", password: "as owner"));
        await refused.ExpectAsync("2003008700");
        await refused.CloseAsync();

        server.Identities["owner"].NotPublish = null;
        Peer peer = server.Open(ProtocolLevel.V50);
        await peer.ConnectAsync(peer.ConnectPacket("console", will: "will", password: "as owner"));
        server.Identities["owner"].NotPublish = "will";
        await peer.CloseAsync();

        server.Identities["owner"].NotPublish = null;
        Peer delayed = server.Open(ProtocolLevel.V50);
        await delayed.ConnectAsync(delayed.ConnectPacket(
            "console",
            will: "will",
            password: "as owner",
            properties: Peer.Number(PropertyId.SessionExpiryInterval, 60),
            willProperties: Peer.Number(PropertyId.WillDelayInterval, 10)));
        await delayed.CloseAsync();
        server.Identities["owner"].IsInForce = false;
        server.Broker.ReviewRights(server.FindRights);
        server.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Empty(server.Intake.Seen());
        Assert.Equal(0, server.Broker.SessionCount);
    }

    [Fact]
    public async Task Who_was_let_in_is_told_of_when_it_leaves()
    {
        using TestServer server = Serve("owner");
        Peer owner = await OpenAsync(server, "owner", Welcome);
        await owner.CloseAsync();
        Peer wrong = server.Open(ProtocolLevel.V50);
        await wrong.SendAsync(wrong.ConnectPacket("console", password: "wrong"));
        await wrong.CloseAsync();
        Assert.Equal(["owner console Ended"], server.Departures);
    }

    [Fact]
    public async Task Who_is_refused_at_the_last_step_takes_no_place()
    {
        using var server = new TestServer(options => (options.SessionsMax, options.ConnectionsMax) = (1, 2));
        await server.ConnectAsync(ProtocolLevel.V50, "first");
        foreach (string client in new[] { "second", "third" })
        {
            Peer peer = server.Open(ProtocolLevel.V50);
            await peer.SendAsync(peer.ConnectPacket(client));
            await peer.ExpectAsync("2003009700"); // quota exceeded, not server busy
            await peer.CloseAsync();
        }
    }

    private static TestServer Serve(params string[] identities)
    {
        var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        foreach (string identity in identities)
        {
            server.Identities[identity] = new TestRights();
        }

        return server;
    }

    private static async Task<Peer> OpenAsync(TestServer server, string? identity, string answer)
    {
        Peer peer = server.Open(ProtocolLevel.V50);
        await peer.SendAsync(peer.ConnectPacket(
            "console",
            cleanStart: false,
            password: identity is null ? null : $"as {identity}",
            properties: Peer.Number(PropertyId.SessionExpiryInterval, 60)));
        Assert.Equal(answer, (await peer.ReadAsync())[4..8]);
        return peer;
    }

    private static async Task RefuseAsync(TestServer server, string? identity, string answer)
    {
        Peer peer = await OpenAsync(server, identity, answer);
        await peer.CloseAsync();
    }
}
