namespace Telemetry.Mqtt;

/// <summary>Which packets each side takes in each state, and what a server asks of a PUBLISH.</summary>
public static class SessionRules
{
    private const int FromEither = (1 << (int)PacketType.Publish) | (1 << (int)PacketType.PubAck)
        | (1 << (int)PacketType.PubRec) | (1 << (int)PacketType.PubRel) | (1 << (int)PacketType.PubComp)
        | (1 << (int)PacketType.Disconnect) | (1 << (int)PacketType.Auth);

    private const int FromClient = FromEither | (1 << (int)PacketType.Subscribe)
        | (1 << (int)PacketType.Unsubscribe) | (1 << (int)PacketType.PingReq);

    private const int FromServer = FromEither | (1 << (int)PacketType.SubAck)
        | (1 << (int)PacketType.UnsubAck) | (1 << (int)PacketType.PingResp);

    /// <summary>Whether a server may receive this packet from a client now, and why not.</summary>
    public static MalformedReason CheckFromClient(ConnectionState state, PacketType type, ProtocolLevel level)
    {
        if (state == ConnectionState.Opening)
        {
            return type == PacketType.Connect ? MalformedReason.None : MalformedReason.ConnectMissing;
        }

        return type == PacketType.Connect
            ? MalformedReason.ConnectTwice
            : CheckOpened(state, type, level, FromClient);
    }

    /// <summary>Whether a client may receive this packet from a server now, and why not.</summary>
    public static MalformedReason CheckFromServer(ConnectionState state, PacketType type, ProtocolLevel level)
    {
        bool isV5 = level >= ProtocolLevel.V50;
        if (state is ConnectionState.Opening or ConnectionState.Authenticating)
        {
            // An MQTT 5 server may ask with AUTH before CONNACK [MQTT-4.12.0-2], or give up with DISCONNECT.
            bool isExpected = type == PacketType.ConnAck
                || (isV5 && type is PacketType.Auth or PacketType.Disconnect);
            return isExpected ? MalformedReason.None : MalformedReason.PacketNotExpected;
        }

        // Before MQTT 5 only the client sends DISCONNECT (MQTT 3.1.1 §3.14).
        return type == PacketType.Disconnect && !isV5
            ? MalformedReason.PacketNotExpected
            : CheckOpened(state, type, level, FromServer);
    }

    /// <summary>
    /// What a server asks of a client's PUBLISH beyond its form: no subscription identifier [MQTT-3.3.4-6].
    /// </summary>
    public static MalformedReason CheckFromClient(in PublishView publish)
    {
        bool hasIdentifier = !publish.Properties.IsEmpty
            && PropertyReader.TryFind(publish.Properties, PropertyId.SubscriptionIdentifier, out _);
        return hasIdentifier ? MalformedReason.SubscriptionIdentifierFromClient : MalformedReason.None;
    }

    /// <summary>
    /// What a server answers to a CONNECT that is well formed: in MQTT 3.1.1 an empty client identifier is only for
    /// clean sessions [MQTT-3.1.3-8].
    /// </summary>
    public static ReasonCode CheckConnect(in ConnectView connect)
    {
        bool isNamelessSession = connect.ClientIdentifier.IsEmpty && !connect.CleanStart;
        return isNamelessSession && connect.Level < ProtocolLevel.V50
            ? ReasonCode.ClientIdentifierNotValid
            : ReasonCode.Success;
    }

    private static MalformedReason CheckOpened(ConnectionState state, PacketType type, ProtocolLevel level, int allowed)
    {
        if (type == PacketType.Auth && level < ProtocolLevel.V50)
        {
            return MalformedReason.PacketTypeNotInLevel;
        }

        bool isExpected = state switch
        {
            ConnectionState.Authenticating => type is PacketType.Auth or PacketType.Disconnect,
            ConnectionState.Connected => ((allowed >> (int)type) & 1) != 0,
            _ => false,
        };
        return isExpected ? MalformedReason.None : MalformedReason.PacketNotExpected;
    }
}
