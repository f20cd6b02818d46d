namespace Telemetry.Mqtt.Tests.Session;

public sealed class SessionTests
{
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
