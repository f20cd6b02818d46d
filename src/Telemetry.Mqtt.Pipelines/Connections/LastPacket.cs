using System.Text;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// What a client is told last: CONNACK before its session, DISCONNECT in it (MQTT 5 only), or nothing.
/// </summary>
internal static class LastPacket
{
    /// <summary>
    /// Renders the packet, with the reason in words where it has room for them; empty when there is nothing to say, or
    /// the client accepts no packet of that size [MQTT-3.1.2-24].
    /// </summary>
    public static byte[] Render(Connection connection, MqttServerOptions options)
    {
        if (!connection.Refusal.IsSet)
        {
            return [];
        }

        int bytesMax = connection.Outbox.PacketBytesMax;
        byte[] words = options.SendsReasonStrings ? ReasonString(connection.Refusal) : [];
        byte[] packet = Render(connection, words);
        packet = packet.Length > bytesMax ? Render(connection, []) : packet;
        return packet.Length > bytesMax ? [] : packet;
    }

    private static byte[] Render(Connection connection, byte[] properties)
    {
        ProtocolLevel level = connection.Level;
        if (!connection.IsConnected)
        {
            return RenderConnAck(connection.Refusal, level, properties);
        }

        if (level < ProtocolLevel.V50)
        {
            return [];
        }

        var disconnect = new DisconnectView { ReasonCode = connection.Refusal.Code, Properties = properties };
        byte[] packet = new byte[disconnect.Measure(level)];
        disconnect.Write(packet, level);
        return packet;
    }

    private static byte[] RenderConnAck(Refusal refusal, ProtocolLevel level, byte[] properties)
    {
        // Who does not speak MQTT, or never sent CONNECT, gets no answer in it [MQTT-3.1.4-1] [MQTT-3.1.0-1].
        bool isSilent = refusal.Malformed is MalformedReason.ConnectMissing or MalformedReason.ProtocolNameUnsupported
            || refusal.Code is ReasonCode.MaximumConnectTime or ReasonCode.ServerShuttingDown
            || (refusal.Malformed != MalformedReason.None
                && refusal.Malformed != MalformedReason.ProtocolLevelUnsupported
                && level < ProtocolLevel.V50);
        if (isSilent || !ConnAckView.CanSay(refusal.Code, level))
        {
            return [];
        }

        var ack = new ConnAckView
        {
            ReasonCode = refusal.Code,
            Properties = level < ProtocolLevel.V50 ? default : properties,
        };
        byte[] packet = new byte[ack.Measure(level)];
        ack.Write(packet, level);
        return packet;
    }

    private static byte[] ReasonString(Refusal refusal)
    {
        byte[] words = Encoding.UTF8.GetBytes(refusal.Text);
        var writer = new PropertyWriter(new byte[1 + sizeof(ushort) + words.Length]);
        writer.WriteBytes(PropertyId.ReasonString, words);
        return writer.Written.ToArray();
    }
}
