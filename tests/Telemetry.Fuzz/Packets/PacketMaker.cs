namespace Telemetry.Fuzz;

/// <summary>
/// Makes control packets of every type in both levels. What it calls valid has to be taken and written again to the
/// same bytes; what breaks a rule has to be refused.
/// </summary>
internal sealed class PacketMaker
{
    private const int FaultOneIn = 10;

    private static readonly byte[] ConnAckCodes =
    [
        0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A,
        0x9B, 0x9C, 0x9D, 0x9F,
    ];

    private static readonly byte[] PubAckCodes = [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99];
    private static readonly byte[] PubRelCodes = [0x00, 0x92];
    private static readonly byte[] SubAckCodes =
        [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2];

    private static readonly byte[] SubAckCodesV311 = [0x00, 0x01, 0x02, 0x80];
    private static readonly byte[] UnsubAckCodes = [0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91];
    private static readonly byte[] AuthCodes = [0x00, 0x18, 0x19];
    private static readonly byte[] DisconnectCodes =
    [
        0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97,
        0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2,
    ];

    private readonly FuzzRandom _random;
    private readonly Vocabulary _vocabulary;
    private readonly Faults _faults;
    private readonly PropertyMaker _properties;
    private readonly PacketBytes _body = new();
    private readonly bool _isNarrow;
    private int _flags;

    public PacketMaker(FuzzRandom random, bool isNarrow)
    {
        _random = random;
        _isNarrow = isNarrow;
        _vocabulary = new Vocabulary(random, isNarrow);
        _faults = new Faults(random);
        _properties = new PropertyMaker(random, _vocabulary, _faults, isNarrow);
    }

    /// <summary>Whose packets they are: part of most client identifiers.</summary>
    public long Owner
    {
        set => _vocabulary.Owner = value;
    }

    /// <summary>Whether there may be shared subscriptions.</summary>
    public bool HasShares
    {
        set => _vocabulary.HasShares = value;
    }

    /// <summary>The last packet breaks a rule.</summary>
    public bool IsFaulty => _faults.Any;

    /// <summary>The first byte of the last packet breaks a rule: no framer may let it through.</summary>
    public bool IsFirstByteFaulty { get; private set; }

    /// <summary>The last packet stands in its shortest form: what is read of it is written to the same bytes.</summary>
    public bool IsCanonical { get; private set; }

    /// <summary>Appends a packet.</summary>
    public void Make(PacketBytes target, PacketType type, ProtocolLevel level, bool mayBeFaulty)
    {
        _faults.Begin(mayBeFaulty);
        _body.Clear();
        _flags = type is PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe ? 2 : 0;
        IsCanonical = true;
        MakeBody(type, level);
        if (HasEnd(type) && _faults.Here(FaultOneIn * 6))
        {
            _body.Add(_random.NextByte());
        }

        MakeFlags(type);
        target.Note(MarkKind.Packet);
        target.Add((byte)(((int)type << 4) | _flags));
        target.AddVariable(_body.Count);
        target.Add(_body);
    }

    /// <summary>Whether a byte behind the last field is one too many, whatever it is.</summary>
    private static bool HasEnd(PacketType type) => type is PacketType.Connect or PacketType.ConnAck
        or PacketType.Subscribe or PacketType.Unsubscribe or PacketType.PingReq or PacketType.PingResp;

    private void MakeFlags(PacketType type)
    {
        IsFirstByteFaulty = _faults.Here(FaultOneIn * 3);
        if (!IsFirstByteFaulty)
        {
            return;
        }

        if (type == PacketType.Publish)
        {
            _flags = _random.Pick<int>([0x6, 0x7, 0x8, 0x9, 0xE, 0xF]); // QoS 3, or DUP with QoS 0
        }
        else
        {
            _flags ^= _random.Between(1, 15);
        }
    }

    private void MakeBody(PacketType type, ProtocolLevel level)
    {
        switch (type)
        {
            case PacketType.Connect:
                MakeConnect(level);
                break;
            case PacketType.ConnAck:
                MakeConnAck(level);
                break;
            case PacketType.Publish:
                MakePublish(level);
                break;
            case PacketType.Subscribe:
                MakeSubscribe(level);
                break;
            case PacketType.Unsubscribe:
                MakeUnsubscribe(level);
                break;
            case PacketType.SubAck:
            case PacketType.UnsubAck:
                MakeCodeList(type, level);
                break;
            case PacketType.PingReq:
            case PacketType.PingResp:
                break;
            case PacketType.Disconnect:
            case PacketType.Auth:
                MakeReason(type, level);
                break;
            default:
                MakeAck(type, level);
                break;
        }
    }

    private void MakeConnect(ProtocolLevel level)
    {
        bool hasWill = _random.OneIn(3);
        bool hasUser = _random.OneIn(3);
        bool hasPassword = (hasUser || level == ProtocolLevel.V50) && _random.OneIn(2);
        int flags = (_random.OneIn(2) ? 0x02 : 0) | (hasUser ? 0x80 : 0) | (hasPassword ? 0x40 : 0);
        flags |= hasWill ? 0x04 | (_random.Below(3) << 3) | (_random.Below(2) << 5) : 0;
        if (_faults.Here(FaultOneIn))
        {
            flags |= hasWill ? 0x18 : _random.Pick<int>([0x01, 0x08, 0x10, 0x20]);
        }

        _body.AddPrefixed(_faults.Here(FaultOneIn * 2) ? "MQTTX"u8 : "MQTT"u8);
        _body.Add((byte)(_faults.Here(FaultOneIn * 2) ? _random.Pick<int>([0, 3, 6, 255]) : (int)level));
        _body.Note(MarkKind.Code);
        _body.Add((byte)flags);
        _body.AddUInt16(_isNarrow ? _random.Below(40) : (int)_random.Number(16));
        AddProperties(PacketType.Connect, level);
        _body.AddPrefixed(_faults.Here(FaultOneIn * 2) ? _vocabulary.BrokenText() : _vocabulary.Client());
        if (hasWill)
        {
            AddProperties(PropertyTable.Will, level);
            _body.AddPrefixed(_faults.Here(FaultOneIn) ? _vocabulary.BrokenTopic() : _vocabulary.Topic());
            _body.AddPrefixed(_vocabulary.Binary());
        }

        if (hasUser)
        {
            _body.AddPrefixed(_faults.Here(FaultOneIn) ? _vocabulary.BrokenText() : _vocabulary.Text());
        }

        if (hasPassword)
        {
            _body.AddPrefixed(_vocabulary.Binary());
        }
    }

    private void MakeConnAck(ProtocolLevel level)
    {
        byte code = level == ProtocolLevel.V50 ? _random.Pick<byte>(ConnAckCodes) : (byte)_random.Below(6);
        if (_faults.Here(FaultOneIn))
        {
            code = level == ProtocolLevel.V50 ? (byte)0x04 : (byte)0x06;
        }

        int flags = code == 0 ? _random.Below(2) : 0;
        _body.Note(MarkKind.Code);
        _body.Add((byte)(_faults.Here(FaultOneIn) ? _random.Between(2, 255) : flags));
        _body.Add(code);
        AddProperties(PacketType.ConnAck, level);
    }

    private void MakePublish(ProtocolLevel level)
    {
        int qos = _random.Below(3);
        _flags = (qos << 1) | _random.Below(2) | (qos > 0 && _random.OneIn(6) ? 8 : 0);
        bool isAliased = level == ProtocolLevel.V50 && _random.OneIn(8);
        if (isAliased || (level == ProtocolLevel.V311 && _faults.Here(FaultOneIn)))
        {
            _body.AddPrefixed([]);
        }
        else
        {
            _body.AddPrefixed(_faults.Here(FaultOneIn) ? _vocabulary.BrokenTopic() : _vocabulary.Topic());
        }

        if (qos > 0)
        {
            _body.AddUInt16(_faults.Here(FaultOneIn) ? 0 : _vocabulary.Identifier());
        }

        if (level == ProtocolLevel.V50)
        {
            _properties.Make(PacketType.Publish);
            if (isAliased && !_properties.HasAlias && !_faults.Here(2))
            {
                _properties.AddAlias();
            }

            _properties.Write(_body);
        }

        _body.Add(_vocabulary.Binary());
    }

    private void MakeAck(PacketType type, ProtocolLevel level)
    {
        _body.AddUInt16(_faults.Here(FaultOneIn) ? 0 : _vocabulary.Identifier());
        byte[] codes = type is PacketType.PubAck or PacketType.PubRec ? PubAckCodes : PubRelCodes;
        if (level == ProtocolLevel.V50)
        {
            AddReason(type, codes);
        }
    }

    private void MakeReason(PacketType type, ProtocolLevel level)
    {
        if (level == ProtocolLevel.V50)
        {
            AddReason(type, type == PacketType.Auth ? AuthCodes : DisconnectCodes);
        }
    }

    /// <summary>Reason code and properties, each of which may be left out when it says nothing.</summary>
    private void AddReason(PacketType type, byte[] codes)
    {
        byte code = _isNarrow && !_random.OneIn(4) ? (byte)0 : _random.Pick<byte>(codes);
        code = _faults.Here(FaultOneIn) ? (byte)0x7F : code;
        if (_random.OneIn(2))
        {
            _properties.MakeEmpty();
        }
        else
        {
            _properties.Make(type);
        }

        bool isLong = _random.OneIn(8);
        if (code == 0 && _properties.IsEmpty && !isLong)
        {
            return;
        }

        _body.Note(MarkKind.Code);
        _body.Add(code);
        if (!_properties.IsEmpty || (isLong && _random.OneIn(2)))
        {
            _properties.Write(_body);
        }

        IsCanonical = !isLong || !_properties.IsEmpty;
    }

    private void MakeSubscribe(ProtocolLevel level)
    {
        _body.AddUInt16(_faults.Here(FaultOneIn) ? 0 : _vocabulary.Identifier());
        AddProperties(PacketType.Subscribe, level);
        for (int i = EntryCount(); i > 0; i--)
        {
            bool isBroken = _faults.Here(FaultOneIn);
            bool isShared = false;
            _body.AddPrefixed(isBroken ? _vocabulary.BrokenFilter() : _vocabulary.Filter(out isShared));
            _body.Note(MarkKind.Code);
            _body.Add((byte)Options(level, isShared));
        }
    }

    private int Options(ProtocolLevel level, bool isShared)
    {
        int options = _random.Below(3);
        if (level == ProtocolLevel.V50)
        {
            bool isNoLocal = isShared ? _faults.Here(FaultOneIn) : _random.OneIn(4);
            options |= (isNoLocal ? 4 : 0) | (_random.Below(2) << 3) | (_random.Below(3) << 4);
        }

        if (!_faults.Here(FaultOneIn))
        {
            return options;
        }

        return level == ProtocolLevel.V50
            ? options | _random.Pick<int>([0x03, 0x30, 0x40, 0x80])
            : options | _random.Pick<int>([0x03, 0x04, 0x08, 0x10, 0x80]);
    }

    private void MakeUnsubscribe(ProtocolLevel level)
    {
        _body.AddUInt16(_faults.Here(FaultOneIn) ? 0 : _vocabulary.Identifier());
        AddProperties(PacketType.Unsubscribe, level);
        for (int i = EntryCount(); i > 0; i--)
        {
            _body.AddPrefixed(_faults.Here(FaultOneIn) ? _vocabulary.BrokenFilter() : _vocabulary.Filter(out _));
        }
    }

    private void MakeCodeList(PacketType type, ProtocolLevel level)
    {
        _body.AddUInt16(_faults.Here(FaultOneIn) ? 0 : _vocabulary.Identifier());
        AddProperties(type, level);
        bool isSubAck = type == PacketType.SubAck;
        bool isV5 = level == ProtocolLevel.V50;
        if (!isSubAck && !isV5)
        {
            return;
        }

        byte[] codes = !isSubAck ? UnsubAckCodes : isV5 ? SubAckCodes : SubAckCodesV311;
        for (int i = EntryCount(); i > 0; i--)
        {
            _body.Note(MarkKind.Code);
            _body.Add(_faults.Here(FaultOneIn) ? (byte)0x7F : _random.Pick<byte>(codes));
        }
    }

    /// <summary>At least one, unless that rule is broken [MQTT-3.8.3-2].</summary>
    private int EntryCount() => _faults.Here(FaultOneIn * 2) ? 0 : _random.OneIn(200) ? 50 : _random.Between(1, 3);

    private void AddProperties(PacketType place, ProtocolLevel level)
    {
        if (level < ProtocolLevel.V50)
        {
            return;
        }

        _properties.Make(place);
        _properties.Write(_body);
    }
}
