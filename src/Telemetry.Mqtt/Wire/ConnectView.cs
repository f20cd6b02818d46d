using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>CONNECT (MQTT 5 §3.1, MQTT 3.1.1 §3.1). Borrowed.</summary>
public readonly ref struct ConnectView
{
    private const int PrefixBytes = sizeof(ushort);
    private const int LevelBytes = 1;
    private const int FlagsBytes = 1;
    private const int KeepAliveBytes = sizeof(ushort);

    // user-name(80) password(40) will-retain(20) will-qos(18) will(04) clean-start(02) reserved(01)
    private const int ReservedFlag = 0x01;
    private const int CleanStartFlag = 0x02;
    private const int WillFlag = 0x04;
    private const int WillQosMask = 0x18;
    private const int WillQosShift = 3;
    private const int WillRetainFlag = 0x20;
    private const int PasswordFlag = 0x40;
    private const int UserNameFlag = 0x80;

    /// <summary>
    /// The protocol level. After a failed read it is the level to answer in: the client's own if it is spoken here and
    /// was read, else 3.1.1, whose CONNACK every client understands.
    /// </summary>
    public ProtocolLevel Level { get; init; }

    /// <summary>The client wants no old session (3.1.1: and none to stay).</summary>
    public bool CleanStart { get; init; }

    /// <summary>The longest silence between two packets of the client, in seconds; 0 for no limit.</summary>
    public ushort KeepAliveSeconds { get; init; }

    /// <summary>The client identifier; empty when the server is to choose one.</summary>
    public ReadOnlySpan<byte> ClientIdentifier { get; init; }

    /// <summary>The properties without their length; empty in MQTT 3.1.1.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>There is a will.</summary>
    public bool HasWill { get; init; }

    /// <summary>The will's QoS, 0 to 2.</summary>
    public byte WillQos { get; init; }

    /// <summary>The will is to be kept as a retained message.</summary>
    public bool WillRetain { get; init; }

    /// <summary>The will's topic name.</summary>
    public ReadOnlySpan<byte> WillTopic { get; init; }

    /// <summary>The will's payload.</summary>
    public ReadOnlySpan<byte> WillPayload { get; init; }

    /// <summary>The will's properties without their length; empty in MQTT 3.1.1.</summary>
    public ReadOnlySpan<byte> WillProperties { get; init; }

    /// <summary>There is a user name, which may be empty.</summary>
    public bool HasUserName { get; init; }

    /// <summary>The user name.</summary>
    public ReadOnlySpan<byte> UserName { get; init; }

    /// <summary>There is a password, which may be empty.</summary>
    public bool HasPassword { get; init; }

    /// <summary>The password, any bytes.</summary>
    public ReadOnlySpan<byte> Password { get; init; }

    private static ReadOnlySpan<byte> ProtocolName => "MQTT"u8;

    /// <summary>
    /// Reads <c>protocol-name protocol-level flags keep-alive [properties] client-identifier
    /// [[will-properties] will-topic will-payload] [user-name] [password]</c> (MQTT 5 §3.1.2, §3.1.3).
    /// </summary>
    public static bool TryRead(PacketFrame frame, out ConnectView view, out MalformedReason reason)
    {
        var reader = new ByteReader(frame.Body);
        reason = ReadLevel(ref reader, out ProtocolLevel level);
        view = new ConnectView { Level = level };
        if (reason != MalformedReason.None)
        {
            return false;
        }

        int flags = reader.ReadByte();
        ushort keepAliveSeconds = reader.ReadUInt16();
        reason = reader.Failed ? MalformedReason.PacketTooShort : CheckFlags(flags, level);
        ReadOnlySpan<byte> properties = default;
        if (reason == MalformedReason.None)
        {
            reason = PropertyBlock.Read(ref reader, level, PacketType.Connect, out properties);
        }

        if (reason != MalformedReason.None)
        {
            return false;
        }

        var variableHeader = new ConnectView
        {
            Level = level,
            CleanStart = (flags & CleanStartFlag) != 0,
            KeepAliveSeconds = keepAliveSeconds,
            Properties = properties,
            HasWill = (flags & WillFlag) != 0,
            WillQos = (byte)((flags & WillQosMask) >> WillQosShift),
            WillRetain = (flags & WillRetainFlag) != 0,
            HasUserName = (flags & UserNameFlag) != 0,
            HasPassword = (flags & PasswordFlag) != 0,
        };
        view = ReadPayload(ref reader, variableHeader, out reason);
        return reason == MalformedReason.None;
    }

    /// <summary>Bytes of the whole packet.</summary>
    public int Measure() => FixedHeader.MeasurePacket(MeasureBody());

    /// <summary>Writes the whole packet and returns its bytes, which are what <see cref="Measure"/> says.</summary>
    public int Write(Span<byte> destination)
    {
        var writer = new ByteWriter(destination);
        FixedHeader.Write(ref writer, PacketType.Connect, MeasureBody());
        writer.WritePrefixed(ProtocolName);
        writer.WriteByte((byte)Level);
        writer.WriteByte((byte)JoinFlags());
        writer.WriteUInt16(KeepAliveSeconds);
        PropertyBlock.Write(ref writer, Level, Properties);
        writer.WritePrefixed(ClientIdentifier);
        if (HasWill)
        {
            PropertyBlock.Write(ref writer, Level, WillProperties);
            writer.WritePrefixed(WillTopic);
            writer.WritePrefixed(WillPayload);
        }

        if (HasUserName)
        {
            writer.WritePrefixed(UserName);
        }

        if (HasPassword)
        {
            writer.WritePrefixed(Password);
        }

        return writer.WrittenBytes;
    }

    private static MalformedReason ReadLevel(scoped ref ByteReader reader, out ProtocolLevel level)
    {
        level = ProtocolLevel.V311;
        ReadOnlySpan<byte> name = reader.ReadPrefixed();
        byte levelByte = reader.ReadByte();
        if (reader.Failed)
        {
            return MalformedReason.PacketTooShort;
        }

        if (!name.SequenceEqual(ProtocolName))
        {
            return MalformedReason.ProtocolNameUnsupported;
        }

        if (levelByte is < (byte)ProtocolLevel.V311 or > (byte)ProtocolLevel.V50)
        {
            return MalformedReason.ProtocolLevelUnsupported;
        }

        level = (ProtocolLevel)levelByte;
        return MalformedReason.None;
    }

    private static MalformedReason CheckFlags(int flags, ProtocolLevel level)
    {
        if ((flags & ReservedFlag) != 0)
        {
            return MalformedReason.ConnectFlagsReserved;
        }

        if ((flags & WillFlag) == 0 && (flags & (WillQosMask | WillRetainFlag)) != 0)
        {
            return MalformedReason.WillFlagsWithoutWill;
        }

        if ((flags & WillQosMask) == WillQosMask)
        {
            return MalformedReason.WillQosReserved;
        }

        // MQTT 5 allows a password alone (§3.1.2.9).
        bool isPasswordAlone = (flags & PasswordFlag) != 0 && (flags & UserNameFlag) == 0;
        return isPasswordAlone && level < ProtocolLevel.V50
            ? MalformedReason.PasswordWithoutUserName
            : MalformedReason.None;
    }

    private static ConnectView ReadPayload(
        scoped ref ByteReader reader,
        ConnectView header,
        out MalformedReason reason)
    {
        ReadOnlySpan<byte> clientIdentifier = reader.ReadPrefixed();
        ReadOnlySpan<byte> willProperties = default;
        reason = MalformedReason.None;
        if (header.HasWill && !reader.Failed)
        {
            reason = PropertyBlock.Read(ref reader, header.Level, PropertyRules.Will, out willProperties);
        }

        if (reason != MalformedReason.None)
        {
            return header;
        }

        var view = new ConnectView
        {
            Level = header.Level,
            CleanStart = header.CleanStart,
            KeepAliveSeconds = header.KeepAliveSeconds,
            ClientIdentifier = clientIdentifier,
            Properties = header.Properties,
            HasWill = header.HasWill,
            WillQos = header.WillQos,
            WillRetain = header.WillRetain,
            WillProperties = willProperties,
            WillTopic = header.HasWill ? reader.ReadPrefixed() : default,
            WillPayload = header.HasWill ? reader.ReadPrefixed() : default,
            HasUserName = header.HasUserName,
            UserName = header.HasUserName ? reader.ReadPrefixed() : default,
            HasPassword = header.HasPassword,
            Password = header.HasPassword ? reader.ReadPrefixed() : default,
        };
        reason = reader.Failed ? MalformedReason.PacketTooShort
            : !reader.IsAtEnd ? MalformedReason.TrailingBytes
            : CheckTexts(in view);
        return view;
    }

    private static MalformedReason CheckTexts(in ConnectView view)
    {
        if (!Utf8Text.IsValid(view.ClientIdentifier) || Utf8Text.HasControls(view.ClientIdentifier)
            || !Utf8Text.IsValid(view.UserName))
        {
            return MalformedReason.TextNotUtf8;
        }

        return view.HasWill ? TopicName.Check(view.WillTopic) : MalformedReason.None;
    }

    private int JoinFlags() =>
        (CleanStart ? CleanStartFlag : 0)
        | (HasWill ? WillFlag | (WillQos << WillQosShift) | (WillRetain ? WillRetainFlag : 0) : 0)
        | (HasPassword ? PasswordFlag : 0)
        | (HasUserName ? UserNameFlag : 0);

    private int MeasureBody()
    {
        int willBytes = HasWill
            ? PropertyBlock.Measure(Level, WillProperties)
                + PrefixBytes + WillTopic.Length
                + PrefixBytes + WillPayload.Length
            : 0;
        return PrefixBytes + ProtocolName.Length + LevelBytes + FlagsBytes + KeepAliveBytes
            + PropertyBlock.Measure(Level, Properties)
            + PrefixBytes + ClientIdentifier.Length
            + willBytes
            + (HasUserName ? PrefixBytes + UserName.Length : 0)
            + (HasPassword ? PrefixBytes + Password.Length : 0);
    }
}
