using System.Runtime.InteropServices;

namespace Telemetry.Fuzz;

/// <summary>Makes what one side of a connection may send: some packets, and then damage, or a cut.</summary>
internal sealed class FrameStream
{
    private readonly FuzzRandom _random;
    private readonly PacketMaker _maker;
    private readonly Mutator _mutator;
    private readonly List<MadePacket> _packets = [];

    public FrameStream(FuzzRandom random)
    {
        _random = random;
        _maker = new PacketMaker(random, isNarrow: false);
        _mutator = new Mutator(random);
    }

    public PacketBytes Bytes { get; } = new();

    public ProtocolLevel Level { get; private set; }

    /// <summary>The ceiling for one packet that the framer is to be given.</summary>
    public int PacketBytesMax { get; private set; }

    /// <summary>Nothing is known of what the bytes mean.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>The packets as they were made, the last one perhaps cut off; of no use after damage.</summary>
    public ReadOnlySpan<MadePacket> Packets => CollectionsMarshal.AsSpan(_packets);

    public void Make()
    {
        Bytes.Clear();
        _packets.Clear();
        Level = _random.OneIn(4) ? ProtocolLevel.V311 : ProtocolLevel.V50;
        PacketBytesMax = _random.OneIn(16) ? _random.Between(FixedHeader.BytesMin, 64) : 1 << 20;
        bool mayBeFaulty = _random.OneIn(2);
        for (int i = _random.Between(1, 3); i > 0; i--)
        {
            int start = Bytes.Count;
            int typeMax = Level == ProtocolLevel.V50 ? (int)PacketType.Auth : (int)PacketType.Disconnect;
            PacketType type = _random.OneIn(4) ? PacketType.Publish : (PacketType)_random.Between(1, typeMax);
            _maker.Make(Bytes, type, Level, mayBeFaulty);
            _packets.Add(new MadePacket(
                Bytes.Count - start, _maker.IsFaulty, _maker.IsFirstByteFaulty, _maker.IsCanonical));
        }

        IsDamaged = _random.OneIn(2);
        if (IsDamaged)
        {
            for (int i = _random.Between(1, 3); i > 0; i--)
            {
                _mutator.Mutate(Bytes);
            }
        }
        else if (_random.OneIn(4))
        {
            Bytes.Truncate(_random.Below(Bytes.Count + 1));
        }
    }
}
