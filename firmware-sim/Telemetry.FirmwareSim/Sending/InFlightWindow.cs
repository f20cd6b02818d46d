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
    public ushort Take(int packetBytes, out Memory<byte> packet)
    {
        ushort identifier = _free.Pop();
        ref Slot slot = ref _slots[identifier - 1];
        if (slot.Packet is null || slot.Packet.Length < packetBytes)
        {
            slot.Packet = new byte[Math.Max(packetBytes, 512)];
        }

        slot.PacketBytes = packetBytes;
        slot.Order = ++_order;
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

    /// <summary>The packets that wait, oldest first.</summary>
    public IReadOnlyList<Memory<byte>> Waiting() =>
    [
        .. _slots
            .Where(slot => slot.PacketBytes > 0)
            .OrderBy(slot => slot.Order)
            .Select(slot => slot.Packet.AsMemory(0, slot.PacketBytes)),
    ];

    private struct Slot
    {
        public byte[]? Packet;
        public int PacketBytes;
        public long Order;
    }
}
