using System.Globalization;
using System.Text;

namespace Telemetry.Fuzz;

/// <summary>
/// The client that keeps all rules: what it publishes with QoS 1 has to be acknowledged and to come back to it,
/// whatever others do to the same server.
/// </summary>
internal sealed class CanaryClient(FuzzServer server)
{
    public const string ClientIdentifier = "canary of the fuzzer";

    private const string Topic = "canary/of/the/fuzzer";
    private const int OutPipeBytes = 1 << 16;

    private readonly ScriptLink _link = server.Open(ProtocolLevel.V50, OutPipeBytes);
    private int _identifier;

    /// <summary>What is wrong with what came; null when nothing is.</summary>
    public string? Complaint => _link.Complaint;

    /// <summary>Whether the server let it go.</summary>
    public bool IsOver => _link.Served.IsCompleted;

    /// <summary>How it ended, in words.</summary>
    public string End => $"{_link.LastPacket} {_link.Served.Exception}";

    /// <summary>Its packets until now: CONNACK and SUBACK, and two per round: PUBACK and the message itself.</summary>
    public int ReceivedCount => _link.ReceivedCount;

    /// <summary>Connects and subscribes; two packets are the answer.</summary>
    public async Task StartAsync()
    {
        var connect = new ConnectView
        {
            Level = ProtocolLevel.V50,
            CleanStart = true,
            ClientIdentifier = Encoding.UTF8.GetBytes(ClientIdentifier),
        };
        byte[] packet = new byte[connect.Measure()];
        connect.Write(packet);
        await _link.SendAsync(packet, pieces: 1, isKnown: true);

        var entry = new SubscriptionEntry { Filter = Encoding.UTF8.GetBytes(Topic), Qos = 1 };
        byte[] entries = new byte[entry.Measure()];
        entry.Write(entries);
        var subscribe = new SubscribeView { PacketIdentifier = 1, Entries = entries };
        packet = new byte[subscribe.Measure(ProtocolLevel.V50)];
        subscribe.Write(packet, ProtocolLevel.V50);
        await _link.SendAsync(packet, pieces: 1, isKnown: true);
    }

    /// <summary>Publishes one message.</summary>
    public async Task PublishAsync()
    {
        _identifier = (_identifier % ushort.MaxValue) + 1;
        var publish = new PublishView
        {
            Topic = Encoding.UTF8.GetBytes(Topic),
            Payload = Encoding.UTF8.GetBytes(_identifier.ToString(CultureInfo.InvariantCulture)),
            PacketIdentifier = (ushort)_identifier,
            Qos = 1,
        };
        byte[] packet = new byte[publish.Measure(ProtocolLevel.V50)];
        publish.Write(packet, ProtocolLevel.V50);
        await _link.SendAsync(packet, pieces: 1, isKnown: true);
    }

    /// <summary>Acknowledges what has come.</summary>
    public Task AcknowledgeAsync() => _link.AcknowledgeAsync();
}
