namespace Telemetry.Fuzz;

/// <summary>Makes property blocks: what may stand in a packet, or a soup of what may not.</summary>
internal sealed class PropertyMaker(FuzzRandom random, Vocabulary vocabulary, Faults faults, bool isNarrow)
{
    private const int SoupOneIn = 12;
    private const int VariableMax = 268_435_455;

    private readonly HashSet<int> _seen = [];
    private readonly PacketBytes _block = new();

    /// <summary>Whether the block has a topic alias.</summary>
    public bool HasAlias => _seen.Contains(PropertyTable.TopicAlias);

    /// <summary>Whether the block is empty.</summary>
    public bool IsEmpty => _block.Count == 0;

    /// <summary>Makes a block for a packet; <see cref="Write"/> puts it into one.</summary>
    public void Make(PacketType place)
    {
        _block.Clear();
        _seen.Clear();
        int count = random.Below(8) switch
        {
            < 3 => 0,
            7 => random.Between(2, 9),
            _ => random.Between(1, 3),
        };
        for (int i = 0; i < count; i++)
        {
            AddOne(place);
        }

        if (place != PacketType.ConnAck)
        {
            CompleteAuthentication();
        }
    }

    /// <summary>Adds a topic alias, which there must not be yet.</summary>
    public void AddAlias() => Add(PropertyTable.TopicAlias, PacketType.Publish);

    /// <summary>Nothing at all.</summary>
    public void MakeEmpty()
    {
        _block.Clear();
        _seen.Clear();
    }

    /// <summary>Writes the block with its length in front.</summary>
    public void Write(PacketBytes target)
    {
        target.Note(MarkKind.PropertyLength);
        target.AddVariable(_block.Count);
        target.Add(_block);
    }

    private void AddOne(PacketType place)
    {
        if (faults.Here(SoupOneIn * 2))
        {
            AddUnknown();
            return;
        }

        int id = random.Pick<int>(PropertyTable.In(place));
        bool isForeign = faults.Here(SoupOneIn);
        while (isForeign && PropertyTable.In(place).Contains(id))
        {
            id = random.Pick<int>(PropertyTable.All);
        }

        if (_seen.Contains(id) && !PropertyTable.MayRepeat(id, place) && !faults.Here(4))
        {
            return;
        }

        Add(id, place);
    }

    private void AddUnknown()
    {
        int id;
        do
        {
            id = random.OneIn(4) ? random.Between(128, 20_000) : random.Below(128);
        }
        while (PropertyTable.Exists(id));

        _block.Note(MarkKind.PropertyId);
        _block.AddVariable(id);
        _block.Add(random.NextByte());
    }

    private void Add(int id, PacketType place)
    {
        bool isMethod = id is PropertyTable.AuthenticationMethod or PropertyTable.AuthenticationData;
        if (isNarrow && ((isMethod && !random.OneIn(20))
            || (id == PropertyTable.SubscriptionIdentifier && place == PacketType.Publish && !random.OneIn(20))))
        {
            return; // a server refuses these: the script would end here each time
        }

        _seen.Add(id);
        _block.Note(MarkKind.PropertyId);
        _block.AddVariable(id);
        AddValue(PropertyTable.ShapeOf(id), id);
    }

    private void AddValue(PropertyShape shape, int id)
    {
        switch (shape)
        {
            case PropertyShape.Flag:
                _block.Add((byte)(faults.Here(SoupOneIn) ? random.Between(2, 255) : random.Below(2)));
                break;
            case PropertyShape.Two:
                _block.AddUInt16((int)random.Number(16));
                break;
            case PropertyShape.TwoNotZero:
                _block.AddUInt16(faults.Here(SoupOneIn) ? 0 : TwoNotZero(id));
                break;
            case PropertyShape.Four:
                _block.AddUInt32(isNarrow ? random.Number(6) : random.Number(32));
                break;
            case PropertyShape.FourNotZero:
                _block.AddUInt32(faults.Here(SoupOneIn) ? 0 : Math.Max(1, random.Number(32)));
                break;
            case PropertyShape.Variable:
                AddNumber();
                break;
            case PropertyShape.Binary:
                _block.AddPrefixed(vocabulary.Binary());
                break;
            case PropertyShape.Topic:
                _block.AddPrefixed(faults.Here(SoupOneIn) ? vocabulary.BrokenTopic() : vocabulary.Topic());
                break;
            case PropertyShape.Pair:
                AddText();
                AddText();
                break;
            default:
                AddText();
                break;
        }
    }

    private int TwoNotZero(int id) => isNarrow && id == PropertyTable.TopicAlias
        ? random.Between(1, 18) // the server offers 16
        : (int)Math.Max(1, random.Number(16));

    private void AddNumber()
    {
        int broken = faults.Here(SoupOneIn) ? random.Between(1, 3) : 0;
        switch (broken)
        {
            case 0:
                _block.AddVariable(random.OneIn(8) ? VariableMax : random.Between(1, 1 << random.Between(1, 27)));
                break;
            case 1:
                _block.Add((byte)0);
                break;
            case 2:
                _block.Add([0x81, 0x00]); // longer than its value needs [MQTT-1.5.5-1]
                break;
            default:
                _block.Add([0xFF, 0xFF, 0xFF, 0xFF, 0x01]);
                break;
        }
    }

    private void AddText() => _block.AddPrefixed(faults.Here(SoupOneIn) ? vocabulary.BrokenText() : vocabulary.Text());

    /// <summary>Data needs a method (§3.1.2.11.10, §3.15.2.2.3).</summary>
    private void CompleteAuthentication()
    {
        bool isMissing = _seen.Contains(PropertyTable.AuthenticationData)
            && !_seen.Contains(PropertyTable.AuthenticationMethod);
        if (isMissing && !faults.Here(3))
        {
            _seen.Add(PropertyTable.AuthenticationMethod);
            _block.Note(MarkKind.PropertyId);
            _block.AddVariable(PropertyTable.AuthenticationMethod);
            AddValue(PropertyShape.Text, PropertyTable.AuthenticationMethod);
        }

    }
}
