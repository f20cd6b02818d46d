namespace Telemetry.Fuzz;

/// <summary>
/// Makes scripts whose packets have to do with each other: few topics, clients and packet identifiers. Most packets
/// keep the rules, so that a script gets far before one does not.
/// </summary>
internal sealed class ScriptMaker
{
    private const int LinksMax = 3;
    private const int StepsMax = 24;
    private const int DamagedOneIn = 14;
    private const int FaultyOneIn = 10;

    private static readonly PacketType[] FromClient =
    [
        PacketType.Publish, PacketType.Publish, PacketType.Publish, PacketType.Publish, PacketType.Publish,
        PacketType.Subscribe, PacketType.Subscribe, PacketType.Subscribe, PacketType.Unsubscribe,
        PacketType.PubAck, PacketType.PubRec, PacketType.PubRel, PacketType.PubRel, PacketType.PubComp,
        PacketType.PingReq,
    ];

    private static readonly PacketType[] Rare =
    [
        PacketType.Connect, PacketType.Disconnect, PacketType.Disconnect, PacketType.Auth, PacketType.ConnAck,
        PacketType.SubAck, PacketType.PingResp,
    ];

    private readonly ulong _seed;
    private readonly FuzzRandom _random = new();
    private readonly PacketMaker _maker;
    private readonly Mutator _mutator;
    private readonly PacketBytes _bytes = new();

    /// <param name="seed">All scripts come from it.</param>
    /// <param name="hasShares">Whether there are shared subscriptions.</param>
    public ScriptMaker(ulong seed, bool hasShares)
    {
        _seed = seed;
        _maker = new PacketMaker(_random, isNarrow: true) { HasShares = hasShares };
        _mutator = new Mutator(_random);
    }

    public Script Make(long index)
    {
        _random.Reset(_seed, index);
        _maker.Owner = index;
        var links = new LinkPlan[_random.Between(1, LinksMax)];
        var steps = new List<ScriptStep>();
        for (int i = 0; i < links.Length; i++)
        {
            ProtocolLevel level = _random.OneIn(3) ? ProtocolLevel.V311 : ProtocolLevel.V50;
            links[i] = new LinkPlan(level, _random.OneIn(6) ? 64 : 1 << 16);
            steps.Add(_random.OneIn(20) ? Any(i, level) : Packet(i, PacketType.Connect, level));
            if (!_random.OneIn(4))
            {
                steps.Add(new ScriptStep(i, ScriptAction.Wait, [], IsKnown: true));
            }
        }

        for (int i = _random.Between(0, StepsMax); i > 0; i--)
        {
            int link = _random.Below(links.Length);
            steps.Add(Any(link, links[link].Level));
        }

        return new Script(index, links, steps);
    }

    private ScriptStep Any(int link, ProtocolLevel level) => _random.Below(64) switch
    {
        < 8 => new ScriptStep(link, ScriptAction.Wait, [], IsKnown: true),
        < 14 => new ScriptStep(link, ScriptAction.Acknowledge, [], IsKnown: true),
        14 => new ScriptStep(link, ScriptAction.StopReading, [], IsKnown: true),
        15 => new ScriptStep(link, ScriptAction.Close, [], IsKnown: true),
        16 => new ScriptStep(link, ScriptAction.Reset, [], IsKnown: true),
        < 20 => Packet(link, _random.Pick<PacketType>(Rare), level),
        _ => Packet(link, _random.Pick<PacketType>(FromClient), level),
    };

    private ScriptStep Packet(int link, PacketType type, ProtocolLevel level)
    {
        _bytes.Clear();
        _maker.Make(_bytes, type, level, mayBeFaulty: _random.OneIn(FaultyOneIn));
        bool isKnown = !_maker.IsFaulty;
        if (_random.OneIn(DamagedOneIn))
        {
            _mutator.Mutate(_bytes);
            isKnown = false;
        }

        ScriptAction action = _random.OneIn(4) ? ScriptAction.SendInPieces : ScriptAction.Send;
        return new ScriptStep(link, action, _bytes.Written.ToArray(), isKnown);
    }
}
