using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>The point being gathered of records of one device and time that follow each other.</summary>
internal sealed class SenmlPoint
{
    private readonly FieldTable _fields = new();
    private readonly SeriesText _series = new();
    private byte[] _text = new byte[1_024];
    private byte[] _device = new byte[64];
    private int _textBytes;
    private int _deviceBytes;

    public bool IsEmpty => _fields.Count == 0;

    /// <summary>Nanoseconds since 1970, or from arrival on.</summary>
    public long Time { get; private set; }

    public bool IsRelative { get; private set; }

    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _textBytes);

    public ReadOnlySpan<FieldSlot> Fields => _fields.Slots;

    /// <summary>Forgets the point; its text goes too.</summary>
    public void Clear()
    {
        _fields.Clear();
        _textBytes = 0;
    }

    /// <summary>True when a record of that device and time belongs to the point.</summary>
    public bool IsOf(ReadOnlySpan<byte> device, long time, bool isRelative) =>
        Time == time
        && IsRelative == isRelative
        && _fields.Count < Limits.FieldsPerPointMax - 1 // room for a value and a sum
        && device.SequenceEqual(_device.AsSpan(0, _deviceBytes));

    /// <summary>Starts a point.</summary>
    public void Begin(ReadOnlySpan<byte> device, long time, bool isRelative)
    {
        Clear();
        if (_device.Length < device.Length)
        {
            _device = new byte[device.Length * 2];
        }

        device.CopyTo(_device);
        _deviceBytes = device.Length;
        Time = time;
        IsRelative = isRelative;
    }

    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix, FieldType type, long bits)
    {
        ref FieldSlot slot = ref _fields.Add();
        slot.KeyStart = Append(name);
        Append(suffix);
        slot.KeyBytes = name.Length + suffix.Length;
        slot.Type = type;
        slot.Bits = bits;
    }

    /// <summary>Gives the field added last a text for its value.</summary>
    public void SetText(ReadOnlySpan<byte> text)
    {
        ref FieldSlot slot = ref _fields.Slots[^1];
        slot.ValueStart = Append(text);
        slot.ValueBytes = text.Length;
    }

    /// <summary>Gives the fields from a place on their unit.</summary>
    public void SetUnit(int from, ReadOnlySpan<byte> unit)
    {
        int start = Append(unit);
        foreach (ref FieldSlot slot in _fields.Slots[from..])
        {
            slot.UnitStart = start;
            slot.UnitBytes = unit.Length;
        }
    }

    /// <summary>
    /// The route's series with the device as a tag. It stands before the route's own tags, so that a tag of both has
    /// the route's value, as in line protocol.
    /// </summary>
    public ReadOnlySpan<byte> SeriesOf(ReadOnlySpan<byte> routeSeries)
    {
        if (_deviceBytes == 0)
        {
            return routeSeries;
        }

        int measurement = SeriesText.MeasurementBytes(routeSeries);
        _series.Clear();
        _series.AppendRaw(routeSeries[..measurement]);
        _series.AppendTagKey("device"u8);
        _series.AppendTagValue(_device.AsSpan(0, _deviceBytes));
        _series.AppendRaw(routeSeries[measurement..]);
        return _series.Text;
    }

    private int Append(ReadOnlySpan<byte> text)
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
