namespace Telemetry.Mqtt.Tests.Session;

public sealed class SessionTests
{
    [Fact]
    public void Identifiers_are_all_given_out_once_and_never_zero()
    {
        var identifiers = new PacketIdentifiers();
        var seen = new HashSet<ushort>();
        for (int i = 0; i < PacketIdentifiers.CountMax; i++)
        {
            Assert.True(identifiers.TryTake(out ushort identifier));
            Assert.True(identifier != 0 && seen.Add(identifier));
        }

        Assert.False(identifiers.TryTake(out ushort none));
        Assert.Equal((0, PacketIdentifiers.CountMax), (none, identifiers.Count));
        Assert.True(identifiers.Release(4_711));
        Assert.False(identifiers.Release(4_711));
        Assert.True(identifiers.TryTake(out ushort again));
        Assert.Equal(4_711, again);
    }

    [Fact]
    public void An_identifier_given_back_is_not_the_next()
    {
        var identifiers = new PacketIdentifiers();
        Assert.True(identifiers.TryTake(out ushort first));
        Assert.True(identifiers.Release(first));
        Assert.True(identifiers.TryTake(out ushort second));

        Assert.NotEqual(first, second);
        Assert.False(identifiers.IsInFlight(first));
        Assert.True(identifiers.IsInFlight(second));
        Assert.False(identifiers.IsInFlight(0));
        Assert.False(identifiers.Release(0));
    }

    [Fact]
    public void An_identifier_of_a_stored_session_is_not_given_out()
    {
        var identifiers = new PacketIdentifiers();
        Assert.True(identifiers.TryTake(1));
        Assert.True(identifiers.TryTake(60_000));
        Assert.False(identifiers.TryTake(60_000));

        Assert.True(identifiers.TryTake(out ushort next));
        Assert.Equal(2, next);
        Assert.Equal(3, identifiers.Count);
    }

    [Fact]
    public void The_window_takes_the_receive_maximum_and_no_more()
    {
        var window = new InflightWindow(2);

        Assert.True(window.TryEnter());
        Assert.True(window.TryEnter());
        Assert.False(window.TryEnter());
        Assert.Equal((2, true), (window.Count, window.IsFull));
        window.Leave();
        window.Leave();
        window.Leave(); // an acknowledgement too many does not widen it (§4.9)
        Assert.Equal(0, window.Count);
    }

    [Theory]
    [InlineData(10, 15_000, false)]
    [InlineData(10, 15_001, true)]
    [InlineData(1, 1_500, false)]
    [InlineData(1, 1_501, true)]
    [InlineData(65_535, 98_302_501, true)]
    [InlineData(0, 1_000_000_000, false)]
    public void Silence_is_too_long_after_one_and_a_half_keep_alives(int seconds, int silenceMs, bool expected) =>
        Assert.Equal(expected, KeepAlive.IsExceeded((ushort)seconds, TimeSpan.FromMilliseconds(silenceMs)));

    [Fact]
    public void An_alias_stands_for_the_name_that_set_it()
    {
        var aliases = new TopicAliases(aliasMax: 10);

        Check(aliases, "a/b", 10, MalformedReason.None, "a/b");
        Check(aliases, "", 10, MalformedReason.None, "a/b");
        Check(aliases, "c", 10, MalformedReason.None, "c");
        Check(aliases, "", 10, MalformedReason.None, "c");
        Check(aliases, "", 9, MalformedReason.TopicAliasUnknown, "");
        Check(aliases, "d", 11, MalformedReason.TopicAliasTooLarge, "d");
        Check(aliases, "d", 0, MalformedReason.None, "d");
        Check(new TopicAliases(aliasMax: 0), "d", 1, MalformedReason.TopicAliasTooLarge, "d");
    }

    [Fact]
    public void A_server_takes_CONNECT_first_and_once()
    {
        foreach (PacketType type in Enum.GetValues<PacketType>())
        {
            Assert.Equal(
                type == PacketType.Connect ? MalformedReason.None : MalformedReason.ConnectMissing,
                SessionRules.CheckFromClient(ConnectionState.Opening, type, ProtocolLevel.V50));
        }

        Assert.Equal(
            MalformedReason.ConnectTwice,
            SessionRules.CheckFromClient(ConnectionState.Connected, PacketType.Connect, ProtocolLevel.V50));
    }

    [Theory]
    [InlineData(true, ConnectionState.Connected, ProtocolLevel.V311, "3 4 5 6 7 8 10 12 14")]
    [InlineData(true, ConnectionState.Connected, ProtocolLevel.V50, "3 4 5 6 7 8 10 12 14 15")]
    [InlineData(true, ConnectionState.Authenticating, ProtocolLevel.V50, "14 15")]
    [InlineData(true, ConnectionState.Closed, ProtocolLevel.V50, "")]
    [InlineData(false, ConnectionState.Opening, ProtocolLevel.V311, "2")]
    [InlineData(false, ConnectionState.Opening, ProtocolLevel.V50, "2 14 15")]
    [InlineData(false, ConnectionState.Authenticating, ProtocolLevel.V50, "2 14 15")]
    [InlineData(false, ConnectionState.Connected, ProtocolLevel.V311, "3 4 5 6 7 9 11 13")]
    [InlineData(false, ConnectionState.Connected, ProtocolLevel.V50, "3 4 5 6 7 9 11 13 14 15")]
    [InlineData(false, ConnectionState.Closed, ProtocolLevel.V50, "")]
    public void Each_state_takes_its_packets(bool atServer, ConnectionState state, ProtocolLevel level, string expected)
    {
        IEnumerable<int> taken = Enum.GetValues<PacketType>()
            .Where(type => MalformedReason.None == (atServer
                ? SessionRules.CheckFromClient(state, type, level)
                : SessionRules.CheckFromServer(state, type, level)))
            .Select(type => (int)type);

        Assert.Equal(expected, string.Join(' ', taken));
    }

    [Theory]
    [InlineData(ProtocolLevel.V311, "", false, ReasonCode.ClientIdentifierNotValid)] // [MQTT-3.1.3-8] of 3.1.1
    [InlineData(ProtocolLevel.V311, "", true, ReasonCode.Success)]
    [InlineData(ProtocolLevel.V311, "a", false, ReasonCode.Success)]
    [InlineData(ProtocolLevel.V50, "", false, ReasonCode.Success)]
    public void A_session_without_a_name_is_only_for_once(
        ProtocolLevel level, string client, bool cleanStart, ReasonCode expected)
    {
        var connect = new ConnectView
        {
            Level = level,
            ClientIdentifier = System.Text.Encoding.UTF8.GetBytes(client),
            CleanStart = cleanStart,
        };

        Assert.Equal(expected, SessionRules.CheckConnect(in connect));
    }

    [Fact]
    public void A_client_may_not_send_a_subscription_identifier()
    {
        var publish = new PublishView { Topic = "a"u8, Properties = [(byte)PropertyId.SubscriptionIdentifier, 1] };

        Assert.Equal(MalformedReason.SubscriptionIdentifierFromClient, SessionRules.CheckFromClient(in publish));
    }

    private static void Check(
        TopicAliases aliases, string topic, byte alias, MalformedReason expected, string expectedTopic)
    {
        var publish = new PublishView
        {
            Topic = System.Text.Encoding.UTF8.GetBytes(topic),
            Properties = alias == 0 ? [] : new byte[] { (byte)PropertyId.TopicAlias, 0, alias },
        };

        MalformedReason reason = aliases.Resolve(in publish, out ReadOnlySpan<byte> resolved);

        Assert.Equal((expected, expectedTopic), (reason, System.Text.Encoding.UTF8.GetString(resolved)));
    }
}
