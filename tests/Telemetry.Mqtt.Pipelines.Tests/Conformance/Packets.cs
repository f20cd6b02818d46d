using System.Text;

namespace Telemetry.Mqtt.Pipelines.Conformance;

/// <summary>Packets that the statements need and <see cref="Peer"/> does not write, as bytes.</summary>
internal static class Packets
{
    public const string Ping = "C000";

    /// <summary>CONNECT with a will to "will", payload "gone".</summary>
    public static byte[] ConnectWithWill(
        ProtocolLevel level, string client, byte qos = 0, bool retain = false, byte[]? properties = null)
    {
        var connect = new ConnectView
        {
            Level = level,
            CleanStart = true,
            ClientIdentifier = Encoding.UTF8.GetBytes(client),
            HasWill = true,
            WillTopic = "will"u8,
            WillPayload = "gone"u8,
            WillQos = qos,
            WillRetain = retain,
            WillProperties = properties,
        };
        byte[] packet = new byte[connect.Measure()];
        connect.Write(packet);
        return packet;
    }

    /// <summary>SUBSCRIBE with any number of filters.</summary>
    public static byte[] Subscribe(ProtocolLevel level, int id, params (string Filter, int Qos)[] wanted)
    {
        var entries = new List<byte>();
        foreach ((string filter, int qos) in wanted)
        {
            entries.AddRange(Prefixed(filter));
            entries.Add((byte)qos);
        }

        var subscribe = new SubscribeView { PacketIdentifier = (ushort)id, Entries = entries.ToArray() };
        byte[] packet = new byte[subscribe.Measure(level)];
        subscribe.Write(packet, level);
        return packet;
    }

    /// <summary>UNSUBSCRIBE with any number of filters.</summary>
    public static byte[] Unsubscribe(ProtocolLevel level, int id, params string[] filters)
    {
        var unsubscribe = new UnsubscribeView
        {
            PacketIdentifier = (ushort)id,
            Filters = filters.SelectMany(Prefixed).ToArray(),
        };
        byte[] packet = new byte[unsubscribe.Measure(level)];
        unsubscribe.Write(packet, level);
        return packet;
    }

    /// <summary>Properties from text and user properties ("name=value"), in this order.</summary>
    public static byte[] Texts(params (PropertyId Id, string Value)[] texts)
    {
        var writer = new PropertyWriter(new byte[1_000]);
        foreach ((PropertyId id, string value) in texts)
        {
            if (id == PropertyId.UserProperty)
            {
                string[] pair = value.Split('=');
                writer.WriteUser(Encoding.UTF8.GetBytes(pair[0]), Encoding.UTF8.GetBytes(pair[1]));
                continue;
            }

            writer.WriteBytes(id, Encoding.UTF8.GetBytes(value));
        }

        return writer.Written.ToArray();
    }

    /// <summary>The properties of a PUBLISH that came back, as hex.</summary>
    public static string PropertiesOf(string publish)
    {
        byte[] bytes = Convert.FromHexString(publish);
        PacketFramer.TryRead(bytes, 1 << 24, out PacketFrame frame, out _, out _);
        Assert.True(PublishView.TryRead(frame, ProtocolLevel.V50, out PublishView view, out MalformedReason reason));
        Assert.Equal(MalformedReason.None, reason);
        return Convert.ToHexString(view.Properties);
    }

    /// <summary>What a CONNACK says.</summary>
    public static (bool SessionPresent, ReasonCode Code) ConnAck(string packet, ProtocolLevel level)
    {
        PacketFramer.TryRead(Convert.FromHexString(packet), 1 << 24, out PacketFrame frame, out _, out _);
        Assert.True(ConnAckView.TryRead(frame, level, out ConnAckView view, out _));
        return (view.SessionPresent, view.ReasonCode);
    }

    /// <summary>Whether a CONNACK of MQTT 5 has a property.</summary>
    public static bool ConnAckHas(string packet, PropertyId id)
    {
        PacketFramer.TryRead(Convert.FromHexString(packet), 1 << 24, out PacketFrame frame, out _, out _);
        Assert.True(ConnAckView.TryRead(frame, ProtocolLevel.V50, out ConnAckView view, out _));
        return PropertyReader.TryFind(view.Properties, id, out _);
    }

    private static byte[] Prefixed(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }
}
