namespace Telemetry.FirmwareSim;

/// <summary>
/// PUBLISH packets that were sent and not yet acknowledged, by packet identifier. They outlive their connection and are
/// sent again on the next one, in the order in which they were sent first (MQTT 5 §4.4). Not thread-safe.
/// </summary>
internal sealed class InFlightWindow
{
    private readonly Slot[] _slots;
    private readonly Stack<ushort> _free = [];
    private long _order;

    public InFlightWindow(int countMax)
    {
        _slots = new Slot[countMax];
        for (int i = countMax; i >= 1; i--)
        {
            _free.Push((ushort)i);
        }
    }

    public int Count => _slots.Length - _free.Count;

    public bool IsFull => _free.Count == 0;

    /// <summary>Takes an identifier and room for the packet that will have it.</summary>
    /// <param name="packetBytes">How large the packet is.</param>
    /// <param name="number">The message's number in its gateway.</param>
    /// <param name="losesAcknowledgement">Its first acknowledgement is lost on the way.</param>
    /// <param name="packet">Room for the packet.</param>
    public ushort Take(int packetBytes, long number, bool losesAcknowledgement, out Memory<byte> packet)
    {
        ushort identifier = _free.Pop();
        ref Slot slot = ref _slots[identifier - 1];
        if (slot.Packet is null || slot.Packet.Length < packetBytes)
        {
            slot.Packet = new byte[Math.Max(packetBytes, 512)];
        }

        slot.PacketBytes = packetBytes;
        slot.Order = ++_order;
        slot.Number = number;
        slot.LosesAcknowledgement = losesAcknowledgement;
        packet = slot.Packet.AsMemory(0, packetBytes);
        return identifier;
    }

    /// <summary>Frees an identifier; false when nothing was sent under it.</summary>
    public bool Release(ushort identifier)
    {
        if (identifier == 0 || identifier > _slots.Length || _slots[identifier - 1].PacketBytes == 0)
        {
            return false;
        }

        _slots[identifier - 1].PacketBytes = 0;
        _free.Push(identifier);
        return true;
    }

    /// <summary>An acknowledgement came; true, once, when it is one that is lost on its way.</summary>
    public bool TryLoseAcknowledgement(ushort identifier)
    {
        bool isLost = identifier > 0 && identifier <= _slots.Length
            && _slots[identifier - 1] is { PacketBytes: > 0, LosesAcknowledgement: true };
        if (isLost)
        {
            _slots[identifier - 1].LosesAcknowledgement = false;
        }

        return isLost;
    }

    /// <summary>A packet that waits, by its identifier.</summary>
    public WaitingPacket this[ushort identifier] => PacketOf(_slots[identifier - 1]);

    /// <summary>The packets that wait, oldest first.</summary>
    public IReadOnlyList<WaitingPacket> Waiting() =>
    [
        .. _slots
            .Where(slot => slot.PacketBytes > 0)
            .OrderBy(slot => slot.Order)
            .Select(PacketOf),
    ];

    private static WaitingPacket PacketOf(Slot slot) => new(slot.Packet.AsMemory(0, slot.PacketBytes), slot.Number);

    private struct Slot
    {
        public byte[]? Packet;
        public int PacketBytes;
        public long Order;
        public long Number;
        public bool LosesAcknowledgement;
    }
}
