using System.Globalization;
using System.Text;

namespace Telemetry.Mqtt.Pipelines.Client;

/// <summary>A client that tells whether it is there, as a primary host of Sparkplug B does.</summary>
public sealed class PresenceTests
{
    private const string CleanStartWillQos1Retained = "2E";

    [Fact]
    public async Task CONNECT_has_a_clean_start_no_session_and_a_retained_will_of_its_own_time()
    {
        await using ScriptedBroker broker = Start();
        string connect = await (await broker.AcceptAsync()).ReadAsync();
        Assert.Equal("00044D515454" + "05" + CleanStartWillQos1Retained, connect[4..20]);
        Assert.Contains("1100000000", connect, StringComparison.Ordinal); // session expiry interval 0
        Assert.Contains(Prefixed("state/c") + Prefixed($"off {Now(broker)}"), connect, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CONNECT_of_3_1_1_has_a_clean_session_and_the_same_will()
    {
        await using ScriptedBroker broker = Start(BrokerProtocol.V311);
        string connect = await (await broker.AcceptAsync()).ReadAsync();
        Assert.Equal("00044D515454" + "04" + CleanStartWillQos1Retained, connect[4..20]);
        Assert.EndsWith(Prefixed("state/c") + Prefixed($"off {Now(broker)}"), connect, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_first_PUBLISH_is_its_birth_behind_the_subscription_with_the_time_of_the_will()
    {
        await using ScriptedBroker broker = Start(canarySeconds: 1);
        long connectedAt = Now(broker);
        Peer peer = await broker.AcceptAsync();
        await peer.ReadAsync();
        broker.Time.Advance(TimeSpan.FromSeconds(3));
        await peer.SendAsync(Convert.FromHexString(ScriptedBroker.NewSession));
        Assert.StartsWith("82", await peer.ReadAsync(), StringComparison.Ordinal);
        await peer.SendAsync([0x90, 0x05, 0x00, 0x01, 0x00, 0x01, 0x01]);
        Assert.Equal(Retained($"on {connectedAt}"), await peer.ReadAsync());
    }

    [Fact]
    public async Task A_refused_subscription_lets_it_say_nothing()
    {
        await using ScriptedBroker broker = Start();
        Peer peer = await broker.AcceptAsync();
        await peer.ReadAsync();
        await peer.SendAsync(Convert.FromHexString(ScriptedBroker.NewSession));
        await peer.ReadAsync();
        await peer.SendAsync([0x90, 0x04, 0x00, 0x01, 0x00, 0x87]);
        broker.Intake.CommitsAtOnce = true;
        await peer.SendAsync(peer.Publish("a/b", "1", id: 8));
        Assert.Equal("40020008", await peer.ReadAsync());
    }

    [Fact]
    public async Task Whoever_says_that_it_is_away_is_contradicted_at_once()
    {
        await using ScriptedBroker broker = Start();
        long connectedAt = Now(broker);
        Peer peer = await AdmitAsync(broker);
        await peer.SendAsync(peer.Publish("state/c", "on 1"), peer.Publish("state/c", "off 1"));
        Assert.Equal(Retained($"on {connectedAt}"), await peer.ReadAsync());
        Assert.Empty(broker.Intake.Seen());
    }

    [Fact]
    public async Task Each_connection_has_a_time_of_its_own()
    {
        await using ScriptedBroker broker = Start();
        Peer first = await AdmitAsync(broker);
        broker.Time.Advance(TimeSpan.FromSeconds(7));
        await first.Output.CompleteAsync();
        string connect = await (await broker.AcceptAsync()).ReadAsync();
        Assert.Contains(Prefixed($"off {Now(broker)}"), connect, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaving_it_says_so_before_it_disconnects()
    {
        await using ScriptedBroker broker = Start();
        Peer peer = await AdmitAsync(broker);
        await broker.StopClientAsync();
        string death = await peer.ReadAsync();
        Assert.StartsWith("33", death, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexString("off "u8), death, StringComparison.Ordinal);
        Assert.Equal("E000", await peer.ReadAsync());
    }

    [Fact]
    public async Task Messages_are_sent_with_QoS_0_while_there_is_a_connection()
    {
        await using ScriptedBroker broker = Start();
        Assert.False(broker.Client.TryPublish("x"u8, "1"u8));
        Peer peer = await AdmitAsync(broker);
        Assert.True(broker.Client.TryPublish("x"u8, "1"u8));
        Assert.Equal("3005" + Prefixed("x") + "0031", await peer.ReadAsync());
    }

    private static ScriptedBroker Start(BrokerProtocol protocol = BrokerProtocol.Auto, int canarySeconds = 0) =>
        new(options => options with
        {
            Presence = new Presence(),
            Protocol = protocol,
            CanarySeconds = canarySeconds,
        });

    /// <summary>Up to the birth.</summary>
    private static async Task<Peer> AdmitAsync(ScriptedBroker broker)
    {
        Peer peer = await broker.AdmitAsync();
        Assert.StartsWith("33", await peer.ReadAsync(), StringComparison.Ordinal);
        return peer;
    }

    private static long Now(ScriptedBroker broker) => broker.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private static string Retained(string payload)
    {
        string body = Prefixed("state/c") + "0002" + "00" + Convert.ToHexString(Encoding.ASCII.GetBytes(payload));
        return string.Create(CultureInfo.InvariantCulture, $"33{body.Length / 2:X2}{body}");
    }

    private static string Prefixed(string text) => string.Create(
        CultureInfo.InvariantCulture, $"{text.Length:X4}{Convert.ToHexString(Encoding.ASCII.GetBytes(text))}");

    private sealed class Presence : IClientPresence
    {
        public string Topic => "state/c";

        public byte[] Online(DateTimeOffset connectedAt) => Render("on", connectedAt);

        public byte[] Offline(DateTimeOffset at) => Render("off", at);

        public bool IsOffline(ReadOnlySpan<byte> payload) => payload.StartsWith("off"u8);

        private static byte[] Render(string word, DateTimeOffset at) => Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{word} {at.ToUnixTimeMilliseconds()}"));
    }
}
