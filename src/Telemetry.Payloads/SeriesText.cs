namespace Telemetry.Payloads;

/// <summary>Renders a series in line-protocol form from names that have no escapes yet.</summary>
internal sealed class SeriesText
{
    private byte[] _text = new byte[256];
    private int _bytes;

    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _bytes);

    /// <summary>Length of the measurement in a series.</summary>
    public static int MeasurementBytes(ReadOnlySpan<byte> series)
    {
        int end = 0;
        while (end < series.Length && series[end] != ',')
        {
            end += series[end] == '\\' ? 2 : 1;
        }

        return Math.Min(end, series.Length);
    }

    public void Clear() => _bytes = 0;

    public void AppendMeasurement(ReadOnlySpan<byte> name) => AppendEscaped(name, escapesEquals: false);

    public void AppendTagKey(ReadOnlySpan<byte> key)
    {
        AppendRaw(","u8);
        AppendEscaped(key, escapesEquals: true);
        AppendRaw("="u8);
    }

    public void AppendTagValue(ReadOnlySpan<byte> value) => AppendEscaped(value, escapesEquals: true);

    public void AppendRaw(ReadOnlySpan<byte> text)
    {
        Require(text.Length);
        text.CopyTo(_text.AsSpan(_bytes));
        _bytes += text.Length;
    }

    /// <summary>
    /// Line protocol has no way to write a control character in a name, nor a backslash at its end: the first becomes a
    /// space, the second is left out.
    /// </summary>
    private void AppendEscaped(ReadOnlySpan<byte> name, bool escapesEquals)
    {
        name = name.TrimEnd((byte)'\\');
        Require(name.Length * 2);
        foreach (byte c in name)
        {
            byte plain = c < 0x20 || c == 0x7F ? (byte)' ' : c;
            if (plain is (byte)',' or (byte)' ' || (plain == '=' && escapesEquals))
            {
                _text[_bytes++] = (byte)'\\';
            }

            _text[_bytes++] = plain;
        }
    }

    private void Require(int more)
    {
        if (_text.Length - _bytes < more)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _bytes + more));
        }
    }
}
