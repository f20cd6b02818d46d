namespace Telemetry.Mqtt;

/// <summary>The words and the reason code of each <see cref="MalformedReason"/>, in one table.</summary>
public static class MalformedReasonText
{
    private static readonly Row[] Table = BuildTable();

    /// <summary>The reason in words, for a log or a reason string; fits behind "cannot read packet: ".</summary>
    public static string Of(MalformedReason reason) => Table[(int)reason].Text;

    /// <summary>What DISCONNECT or CONNACK says to an MQTT 5 peer.</summary>
    public static ReasonCode CodeOf(MalformedReason reason) => Table[(int)reason].Code;

    private static Row[] BuildTable()
    {
        var table = new Row[Enum.GetValues<MalformedReason>().Length];
        table[0] = new Row(ReasonCode.Success, "nothing is wrong");
        AddFraming(table);
        AddConnect(table);
        AddProperties(table);
        AddRest(table);
        return table;
    }

    private static void AddFraming(Row[] table)
    {
        Malformed(table, MalformedReason.PacketTypeReserved, "packet type 0 is reserved");
        Malformed(table, MalformedReason.FlagsReserved, "reserved flags of the fixed header are set or missing");
        Malformed(table, MalformedReason.QosReserved, "QoS 3 does not exist");
        Malformed(table, MalformedReason.DupWithQos0, "DUP is set with QoS 0");
        Malformed(table, MalformedReason.RemainingLengthMalformed, "remaining length is not in its shortest form");
        Set(table, MalformedReason.PacketTooLarge, ReasonCode.PacketTooLarge, "packet is above the ceiling");
        Malformed(table, MalformedReason.PacketTooShort, "a field runs past the end of the packet");
        Malformed(table, MalformedReason.TrailingBytes, "bytes are left after the last field");
        Malformed(table, MalformedReason.PacketTypeNotInLevel, "packet type does not exist in this protocol level");
        Malformed(table, MalformedReason.TextNotUtf8, "text is not valid UTF-8 or holds U+0000");
    }

    private static void AddConnect(Row[] table)
    {
        const ReasonCode Unsupported = ReasonCode.UnsupportedProtocolVersion;
        Set(table, MalformedReason.ProtocolNameUnsupported, Unsupported, "protocol name is not \"MQTT\"");
        Set(table, MalformedReason.ProtocolLevelUnsupported, Unsupported, "protocol level is neither 4 nor 5");
        Malformed(table, MalformedReason.ConnectFlagsReserved, "reserved connect flag is set");
        Malformed(table, MalformedReason.WillFlagsWithoutWill, "will QoS or will retain without a will");
        Malformed(table, MalformedReason.WillQosReserved, "will QoS 3 does not exist");
        Malformed(table, MalformedReason.PasswordWithoutUserName, "password without a user name");
        Malformed(table, MalformedReason.ConnAckFlagsReserved, "reserved acknowledge flags are set");
        Protocol(table, MalformedReason.ConnectMissing, "first packet is not CONNECT");
        Protocol(table, MalformedReason.ConnectTwice, "CONNECT came twice");
    }

    private static void AddProperties(Row[] table)
    {
        Malformed(table, MalformedReason.PropertyLengthMalformed, "a property runs past its end");
        Malformed(table, MalformedReason.PropertyUnknown, "property does not exist");
        Protocol(table, MalformedReason.PropertyNotAllowed, "property is not allowed in this packet");
        Protocol(table, MalformedReason.PropertyDuplicate, "property stands twice");
        Protocol(table, MalformedReason.PropertyValueOutOfRange, "property has a value that it cannot have");
        Protocol(table, MalformedReason.AuthenticationMethodMissing, "authentication data without a method");
    }

    private static void AddRest(Row[] table)
    {
        const ReasonCode Alias = ReasonCode.TopicAliasInvalid;

        // Not 0x90 and 0x8F: those are for names and filters that are well formed and not accepted (§2.4, table 2-6).
        Malformed(table, MalformedReason.TopicNameMalformed, "topic name is malformed");
        Malformed(table, MalformedReason.TopicFilterMalformed, "topic filter is malformed");
        Protocol(table, MalformedReason.PacketIdentifierZero, "packet identifier is 0");
        Malformed(table, MalformedReason.ReasonCodeUnknown, "packet cannot have this reason code");
        Protocol(table, MalformedReason.TopicMissing, "neither topic name nor topic alias");
        Set(table, MalformedReason.TopicAliasZero, Alias, "topic alias is 0");
        Set(table, MalformedReason.TopicAliasTooLarge, Alias, "topic alias is above the maximum");
        Set(table, MalformedReason.TopicAliasUnknown, Alias, "topic alias was never set");
        Protocol(table, MalformedReason.TopicFilterMissing, "no topic filter");
        Malformed(table, MalformedReason.SubscriptionOptionsReserved, "reserved subscription options are set");
        Protocol(table, MalformedReason.SubscriptionOptionsOutOfRange, "QoS 3 or retain handling 3 does not exist");
        Protocol(table, MalformedReason.NoLocalOnSharedSubscription, "No Local on a shared subscription");
        Protocol(table, MalformedReason.PacketNotExpected, "packet is not expected in this state");
        Protocol(table, MalformedReason.SubscriptionIdentifierFromClient, "subscription identifier from a client");
        Set(
            table,
            MalformedReason.ReceiveMaximumExceeded,
            ReasonCode.ReceiveMaximumExceeded,
            "more messages in flight than the receive maximum");
    }

    private static void Malformed(Row[] table, MalformedReason reason, string text) =>
        Set(table, reason, ReasonCode.MalformedPacket, text);

    private static void Protocol(Row[] table, MalformedReason reason, string text) =>
        Set(table, reason, ReasonCode.ProtocolError, text);

    private static void Set(Row[] table, MalformedReason reason, ReasonCode code, string text) =>
        table[(int)reason] = new Row(code, text);

    private readonly record struct Row(ReasonCode Code, string Text);
}
