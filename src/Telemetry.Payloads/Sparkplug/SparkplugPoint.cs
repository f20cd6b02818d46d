using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>The point being gathered of metrics of one time that follow each other.</summary>
internal sealed class SparkplugPoint
{
    private readonly FieldTable _fields = new();
    private byte[] _text = new byte[1_024];
    private int _textBytes;

    public bool IsEmpty => _fields.Count == 0;

    public bool HasTime { get; private set; }

    /// <summary>Nanoseconds since 1970.</summary>
    public long Time { get; private set; }

    /// <summary>Measured before it could be sent.</summary>
    public bool IsHistorical { get; private set; }

    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _textBytes);

    public ReadOnlySpan<FieldSlot> Fields => _fields.Slots;

    /// <summary>True when a metric of that time belongs to the point.</summary>
    public bool IsOf(bool hasTime, long time, bool isHistorical) =>
        HasTime == hasTime && Time == time && IsHistorical == isHistorical && !_fields.IsFull;

    /// <summary>Starts a point.</summary>
    public void Begin(bool hasTime, long time, bool isHistorical)
    {
        _fields.Clear();
        _textBytes = 0;
        HasTime = hasTime;
        Time = time;
        IsHistorical = isHistorical;
    }

    /// <summary>Adds a field; the reference is valid until the next call.</summary>
    public ref FieldSlot Add(ReadOnlySpan<byte> name)
    {
        ref FieldSlot slot = ref _fields.Add();
        slot.KeyStart = Append(name);
        slot.KeyBytes = name.Length;
        return ref slot;
    }

    public int Append(ReadOnlySpan<byte> text)
    {
        int start = _textBytes;
        if (_text.Length - start < text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, start + text.Length));
        }

        text.CopyTo(_text.AsSpan(start));
        _textBytes += text.Length;
        return start;
    }
}
