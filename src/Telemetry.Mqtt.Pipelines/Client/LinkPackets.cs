using System.Text;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>The packets a broker client sends that are the same on every connection.</summary>
internal static class LinkPackets
{
    private const int PropertyBytesMax = 32; // three numbers of at most five bytes and their identifiers

    /// <summary>
    /// CONNECT: the stable client identifier, a session that stays, and the largest window there is. A client that
    /// tells its presence has a will instead, and a session that ends with the connection.
    /// </summary>
    public static byte[] Connect(BrokerClientOptions options, ProtocolLevel level, DateTimeOffset now)
    {
        IClientPresence? presence = options.Presence;
        var properties = new PropertyWriter(new byte[PropertyBytesMax]);
        if (level >= ProtocolLevel.V50)
        {
            properties.WriteNumber(
                PropertyId.SessionExpiryInterval, presence is null ? options.SessionExpirySeconds : 0);

            // Brokers send a slow subscriber no more than this, and some drop what is beyond: ask for all there is.
            properties.WriteNumber(PropertyId.ReceiveMaximum, ushort.MaxValue);
            properties.WriteNumber(PropertyId.MaximumPacketSize, (uint)options.PacketBytesMax);
        }

        var connect = new ConnectView
        {
            Level = level,
            CleanStart = presence is not null,
            HasWill = presence is not null,
            WillQos = (byte)(presence is null ? 0 : 1),
            WillRetain = presence is not null,
            WillTopic = Encoding.UTF8.GetBytes(presence?.Topic ?? ""),
            WillPayload = presence?.Offline(now) ?? [],
            KeepAliveSeconds = options.KeepAliveSeconds,
            ClientIdentifier = Encoding.UTF8.GetBytes(options.ClientIdentifier),
            Properties = properties.Written,
            HasUserName = options.UserName is not null,
            UserName = Encoding.UTF8.GetBytes(options.UserName ?? ""),
            HasPassword = options.Password is not null,
            Password = Encoding.UTF8.GetBytes(options.Password ?? ""),
        };
        byte[] packet = new byte[connect.Measure()];
        connect.Write(packet);
        return packet;
    }

    /// <summary>SUBSCRIBE to filters, in their order.</summary>
    public static byte[] Subscribe(
        IReadOnlyList<string> filters, byte qos, ushort packetIdentifier, ProtocolLevel level)
    {
        var entries = new List<byte>();
        foreach (string filter in filters)
        {
            var entry = new SubscriptionEntry
            {
                Filter = Encoding.UTF8.GetBytes(filter),
                Qos = qos,
                RetainHandling = level >= ProtocolLevel.V50 ? RetainHandling.SendIfNew : RetainHandling.Send,
            };
            byte[] bytes = new byte[entry.Measure()];
            entry.Write(bytes);
            entries.AddRange(bytes);
        }

        var subscribe = new SubscribeView { PacketIdentifier = packetIdentifier, Entries = entries.ToArray() };
        byte[] packet = new byte[subscribe.Measure(level)];
        subscribe.Write(packet, level);
        return packet;
    }

    /// <summary>PUBLISH with QoS 0.</summary>
    public static byte[] Publish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, ProtocolLevel level)
    {
        var publish = new PublishView { Topic = topic, Payload = payload };
        byte[] packet = new byte[publish.Measure(level)];
        publish.Write(packet, level);
        return packet;
    }

    /// <summary>DISCONNECT: the session stays for as long as CONNECT said.</summary>
    public static byte[] Disconnect(ProtocolLevel level)
    {
        var disconnect = new DisconnectView { ReasonCode = ReasonCode.Success };
        byte[] packet = new byte[disconnect.Measure(level)];
        disconnect.Write(packet, level);
        return packet;
    }

    /// <summary>PINGREQ.</summary>
    public static byte[] Ping()
    {
        byte[] packet = new byte[PingView.PacketBytes];
        PingView.Write(packet, PacketType.PingReq);
        return packet;
    }
}
