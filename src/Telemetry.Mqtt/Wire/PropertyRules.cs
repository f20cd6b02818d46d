namespace Telemetry.Mqtt;

/// <summary>The form and the places of each property (MQTT 5 §2.2.2.2, table 2-4).</summary>
internal static class PropertyRules
{
    /// <summary>The will's properties have no packet type of their own; they take the reserved one.</summary>
    public const PacketType Will = PacketType.None;

    private const int IdMax = (int)PropertyId.SharedSubscriptionAvailable;

    private const ushort InWill = 1 << (int)Will;
    private const ushort InConnect = 1 << (int)PacketType.Connect;
    private const ushort InConnAck = 1 << (int)PacketType.ConnAck;
    private const ushort InPublish = 1 << (int)PacketType.Publish;
    private const ushort InSubscribe = 1 << (int)PacketType.Subscribe;
    private const ushort InDisconnect = 1 << (int)PacketType.Disconnect;
    private const ushort InAuth = 1 << (int)PacketType.Auth;
    private const ushort InAcks = (1 << (int)PacketType.PubAck) | (1 << (int)PacketType.PubRec)
        | (1 << (int)PacketType.PubRel) | (1 << (int)PacketType.PubComp)
        | (1 << (int)PacketType.SubAck) | (1 << (int)PacketType.UnsubAck);
    private const ushort InAllWithProperties = InWill | InConnect | InConnAck | InPublish | InAcks | InSubscribe
        | (1 << (int)PacketType.Unsubscribe) | InDisconnect | InAuth;

    private static readonly Rule[] Rules = BuildRules();

    /// <summary>The form of a property's value; unknown for an identifier that does not exist.</summary>
    public static PropertyKind KindOf(int id) => (uint)id <= IdMax ? Rules[id].Kind : PropertyKind.Unknown;

    /// <summary>Whether a property that exists may stand in a packet of this type.</summary>
    public static bool IsAllowedIn(PropertyId id, PacketType type) => ((Rules[(int)id].Places >> (int)type) & 1) != 0;

    /// <summary>Whether a property may stand more than once in a packet of this type.</summary>
    public static bool MayRepeat(PropertyId id, PacketType type) =>
        id == PropertyId.UserProperty || (id == PropertyId.SubscriptionIdentifier && type == PacketType.Publish);

    /// <summary>Whether a property may have this number as its value.</summary>
    public static bool IsInRange(PropertyId id, uint value) => id switch
    {
        PropertyId.PayloadFormatIndicator or PropertyId.RequestProblemInformation
            or PropertyId.RequestResponseInformation or PropertyId.MaximumQos or PropertyId.RetainAvailable
            or PropertyId.WildcardSubscriptionAvailable or PropertyId.SubscriptionIdentifierAvailable
            or PropertyId.SharedSubscriptionAvailable => value <= 1,
        PropertyId.SubscriptionIdentifier or PropertyId.ReceiveMaximum or PropertyId.TopicAlias
            or PropertyId.MaximumPacketSize => value != 0,
        _ => true,
    };

    private static Rule[] BuildRules()
    {
        var rules = new Rule[IdMax + 1];
        void Set(PropertyId id, PropertyKind kind, int places) => rules[(int)id] = new Rule(kind, (ushort)places);

        Set(PropertyId.PayloadFormatIndicator, PropertyKind.Byte, InPublish | InWill);
        Set(PropertyId.MessageExpiryInterval, PropertyKind.FourByte, InPublish | InWill);
        Set(PropertyId.ContentType, PropertyKind.Text, InPublish | InWill);
        Set(PropertyId.ResponseTopic, PropertyKind.Text, InPublish | InWill);
        Set(PropertyId.CorrelationData, PropertyKind.Binary, InPublish | InWill);
        Set(PropertyId.SubscriptionIdentifier, PropertyKind.Variable, InPublish | InSubscribe);
        Set(PropertyId.SessionExpiryInterval, PropertyKind.FourByte, InConnect | InConnAck | InDisconnect);
        Set(PropertyId.AssignedClientIdentifier, PropertyKind.Text, InConnAck);
        Set(PropertyId.ServerKeepAlive, PropertyKind.TwoByte, InConnAck);
        Set(PropertyId.AuthenticationMethod, PropertyKind.Text, InConnect | InConnAck | InAuth);
        Set(PropertyId.AuthenticationData, PropertyKind.Binary, InConnect | InConnAck | InAuth);
        Set(PropertyId.RequestProblemInformation, PropertyKind.Byte, InConnect);
        Set(PropertyId.WillDelayInterval, PropertyKind.FourByte, InWill);
        Set(PropertyId.RequestResponseInformation, PropertyKind.Byte, InConnect);
        Set(PropertyId.ResponseInformation, PropertyKind.Text, InConnAck);
        Set(PropertyId.ServerReference, PropertyKind.Text, InConnAck | InDisconnect);
        Set(PropertyId.ReasonString, PropertyKind.Text, InConnAck | InAcks | InDisconnect | InAuth);
        Set(PropertyId.ReceiveMaximum, PropertyKind.TwoByte, InConnect | InConnAck);
        Set(PropertyId.TopicAliasMaximum, PropertyKind.TwoByte, InConnect | InConnAck);
        Set(PropertyId.TopicAlias, PropertyKind.TwoByte, InPublish);
        Set(PropertyId.MaximumQos, PropertyKind.Byte, InConnAck);
        Set(PropertyId.RetainAvailable, PropertyKind.Byte, InConnAck);
        Set(PropertyId.UserProperty, PropertyKind.TextPair, InAllWithProperties);
        Set(PropertyId.MaximumPacketSize, PropertyKind.FourByte, InConnect | InConnAck);
        Set(PropertyId.WildcardSubscriptionAvailable, PropertyKind.Byte, InConnAck);
        Set(PropertyId.SubscriptionIdentifierAvailable, PropertyKind.Byte, InConnAck);
        Set(PropertyId.SharedSubscriptionAvailable, PropertyKind.Byte, InConnAck);
        return rules;
    }

    private readonly record struct Rule(PropertyKind Kind, ushort Places);
}
