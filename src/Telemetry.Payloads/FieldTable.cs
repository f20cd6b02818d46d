using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>The fields of the point being read; grows to the widest point seen and keeps the memory.</summary>
internal sealed class FieldTable
{
    private FieldSlot[] _slots = new FieldSlot[32];

    public int Count { get; private set; }

    public bool IsFull => Count >= Limits.FieldsPerPointMax;

    public Span<FieldSlot> Slots => _slots.AsSpan(0, Count);

    public void Clear() => Count = 0;

    /// <summary>Keeps the first slots only.</summary>
    public void Shrink(int count) => Count = count;

    public void RemoveAt(int index)
    {
        Slots[(index + 1)..].CopyTo(Slots[index..]);
        Count--;
    }

    /// <summary>Adds a cleared slot of good quality; the reference is valid until the next call.</summary>
    public ref FieldSlot Add()
    {
        if (Count == _slots.Length)
        {
            Array.Resize(ref _slots, _slots.Length * 2);
        }

        ref FieldSlot slot = ref _slots[Count++];
        slot = new FieldSlot { Quality = Quality.Good };
        return ref slot;
    }
}
