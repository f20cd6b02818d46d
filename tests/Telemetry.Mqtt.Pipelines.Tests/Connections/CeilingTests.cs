using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Mqtt.Pipelines.Conformance;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// Ceilings of <see cref="MqttServerOptions"/> from both sides: what stands at one is taken, what is one beyond it is
/// not, and in which way. Those of connections, sessions, the send window and held bytes stand beside what they guard.
/// </summary>
public sealed class CeilingTests
{
    private const int MessageBytes = 34; // 32 that go before each in the queue, topic and payload of a byte each

    [Theory]
    [InlineData(0, "D000")]
    [InlineData(1, "E00195")]
    public async Task A_packet_may_have_so_many_bytes(int beyond, string answer)
    {
        using var server = new TestServer(o => o.PacketBytesMax = 1_000);
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        int frameBytes = peer.Publish("a", new string('x', 500)).Length - 500;
        byte[] publish = peer.Publish("a", new string('x', 1_000 - frameBytes + beyond));
        Assert.Equal(1_000 + beyond, publish.Length);
        await ExpectAsync(peer, publish, answer);
    }

    [Theory]
    [InlineData(0, "D000")]
    [InlineData(1, "E00193")]
    public async Task So_many_messages_may_wait_for_their_acknowledgement(int beyond, string answer)
    {
        using var server = new TestServer(o => o.ReceiveMaximum = 3);
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        byte[][] publishes = [.. Enumerable.Range(1, 3 + beyond).Select(id => peer.Publish("a", "x", id))];
        await ExpectAsync(peer, [.. publishes.SelectMany(packet => packet)], answer);
    }

    [Theory]
    [InlineData(0, "9006000100010101")]
    [InlineData(1, "E00197")]
    public async Task One_SUBSCRIBE_may_ask_for_so_many_subscriptions(int beyond, string answer)
    {
        using var server = new TestServer(o => o.SubscriptionsPerClientMax = 3);
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "console");
        (string Filter, int Qos)[] wanted = [.. Enumerable.Range(0, 3 + beyond).Select(i => ($"f{i}", 1))];
        await peer.SendAsync(Packets.Subscribe(ProtocolLevel.V50, 1, wanted));
        await peer.ExpectAsync(answer);
    }

    [Theory]
    [InlineData(0, "D000", "900400010001")]
    [InlineData(1, "E00190", "90040001008F")]
    public async Task A_topic_may_have_so_many_levels(int beyond, string toName, string toFilter)
    {
        using var server = new TestServer();
        string topic = string.Join('/', Enumerable.Repeat("x", server.Options.TopicLevelsMax + beyond));
        Peer gateway = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        await ExpectAsync(gateway, gateway.Publish(topic, "x"), toName);

        Peer console = await server.ConnectAsync(ProtocolLevel.V50, "console");
        await console.SendAsync(console.Subscribe(1, topic));
        await console.ExpectAsync(toFilter);
    }

    [Theory]
    [InlineData(0, "D000")]
    [InlineData(1, "E00194")]
    public async Task Topic_aliases_go_up_to_the_one_that_was_offered(int beyond, string answer)
    {
        using var server = new TestServer();
        Peer peer = await server.ConnectAsync(ProtocolLevel.V50, "gateway");
        byte[] alias = Peer.Number(PropertyId.TopicAlias, (uint)(server.Options.TopicAliasMax + beyond));
        await ExpectAsync(peer, peer.Publish("a", "x", properties: alias), answer);
    }

    [Fact]
    public async Task Towards_a_client_so_many_topics_get_an_alias_and_the_next_is_sent_in_full()
    {
        using var server = new TestServer(o => o.TopicAliasToClientMax = 2);
        Peer peer = server.Open(ProtocolLevel.V50);
        await peer.ConnectAsync(
            peer.ConnectPacket("console", properties: Peer.Number(PropertyId.TopicAliasMaximum, 100)));
        await peer.SendAsync(peer.Subscribe(1, "#", qos: 0));
        await peer.ExpectAsync("900400010000");
        foreach ((string topic, bool isNamed) in new[]
        {
            ("topic/1", true), ("topic/2", true), ("topic/3", true),
            ("topic/1", false), ("topic/2", false), ("topic/3", true),
        })
        {
            byte[] name = Encoding.UTF8.GetBytes(topic);
            server.Broker.Publish(name, "x"u8, 0, retain: false);
            Assert.Equal(
                isNamed, (await peer.ReadAsync()).Contains(Convert.ToHexString(name), StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(ProtocolLevel.V311, 0, "20020000")]
    [InlineData(ProtocolLevel.V311, 1, "20020002")]
    [InlineData(ProtocolLevel.V50, 1, "2003008500")]
    public async Task A_client_identifier_may_have_so_many_bytes(ProtocolLevel level, int beyond, string answer)
    {
        using var server = new TestServer();
        Peer peer = server.Open(level);
        await peer.SendAsync(peer.ConnectPacket(new string('x', server.Options.ClientIdentifierBytesMax + beyond)));
        await peer.ExpectAsync(answer);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void CONNECT_may_take_so_many_seconds(int beyond, bool isStopped)
    {
        using var server = new TestServer();
        var transport = new DefaultConnectionContext { Transport = new Silence() };
        var parts = new ConnectionParts(
            server.Broker, server.Intake, server, server.Options, server.Metrics, server.Time, NullLogger.Instance);
        using var connection = new Connection(transport, parts);
        server.Time.Advance(TimeSpan.FromSeconds(server.Options.ConnectTimeoutSeconds + beyond));
        connection.CheckTime();
        Assert.Equal(isStopped, connection.IsStopped);
    }

    [Theory]
    [InlineData(3, 1_000)] // as many as there may be
    [InlineData(1_000, 3 * 14)] // as many bytes: topic and payload have 14
    public async Task So_many_messages_are_retained_and_the_next_is_passed_on_only(int messagesMax, int bytesMax)
    {
        using var server = new TestServer(
            o => (o.RetainedMessagesMax, o.RetainedBytesMax) = (messagesMax, bytesMax));
        for (int i = 0; i < 3; i++)
        {
            Retain(server, i);
        }

        Retain(server, 1); // in the place of its topic's last: no more than before
        Assert.Equal((3, 42, 0), (server.Broker.RetainedCount, server.Broker.RetainedBytes, Refused()));

        Peer watcher = await server.ConnectAsync(ProtocolLevel.V311, "watcher");
        await watcher.SendAsync(watcher.Subscribe(1, "state/3", qos: 0));
        await watcher.ExpectAsync("9003000100");
        Retain(server, 3);
        Assert.Equal((3, 42, 1), (server.Broker.RetainedCount, server.Broker.RetainedBytes, Refused()));
        await watcher.ExpectAsync("3010000773746174652F33" + "7061796C6F6164");

        long Refused() => server.Metrics.RetainedRefused;
    }

    [Theory]
    [InlineData(3, 1_000_000, 1_000_000)] // messages of one subscriber
    [InlineData(1_000, 3 * MessageBytes, 1_000_000)] // bytes of one subscriber
    [InlineData(1_000, 1_000_000, 3 * MessageBytes)] // bytes of all of them
    public async Task So_much_waits_for_a_client_that_is_away_and_the_next_is_dropped(
        int messagesMax, int bytesMax, int totalMax)
    {
        using var server = new TestServer(o => (
            o.QueuedMessagesPerSubscriberMax, o.QueuedBytesPerSubscriberMax, o.QueuedBytesMax) = (
            messagesMax, bytesMax, totalMax));
        server.Intake.CommitsAtOnce = true;
        Peer peer = await OpenDurableAsync(server);
        await peer.SendAsync(peer.Subscribe(1, "a"));
        await peer.ExpectAsync("9003000101");
        await peer.CloseAsync();

        for (int i = 0; i < 3; i++)
        {
            server.Broker.Publish("a"u8, "x"u8, 1, retain: false);
        }

        Assert.Equal(0, server.Metrics.MessagesDropped);
        server.Broker.Publish("a"u8, "x"u8, 1, retain: false);
        Assert.Equal(1, server.Metrics.MessagesDropped);

        peer = await OpenDurableAsync(server);
        await peer.ExpectAsync("32060001610001" + "78", "32060001610002" + "78", "32060001610003" + "78");
        await peer.ExpectNothingAsync();
    }

    private static void Retain(TestServer server, int topic) =>
        server.Broker.Publish(Encoding.UTF8.GetBytes($"state/{topic}"), "payload"u8, 0, retain: true);

    private static Task<Peer> OpenDurableAsync(TestServer server)
    {
        Peer peer = server.Open(ProtocolLevel.V311);
        return peer.ConnectAsync(peer.ConnectPacket("console", cleanStart: false));
    }

    /// <summary>Sends packets and a PINGREQ, and expects this answer first.</summary>
    private static async Task ExpectAsync(Peer peer, byte[] packets, string answer)
    {
        await peer.SendAsync(packets, [0xC0, 0x00]);
        await peer.ExpectAsync(answer);
    }

    /// <summary>A transport on which nothing comes.</summary>
    private sealed class Silence : IDuplexPipe
    {
        private readonly Pipe _pipe = new();

        public PipeReader Input => _pipe.Reader;

        public PipeWriter Output => _pipe.Writer;
    }
}
