namespace Telemetry.Payloads;

/// <summary>Memory that reading a pack needs and that is used again for the next.</summary>
internal sealed class SenmlScratch
{
    private byte[] _word = new byte[256];
    private byte[] _name = new byte[256];

    public SenmlPoint Point { get; } = new();

    /// <summary>A string without its escapes, valid until the next call.</summary>
    public ReadOnlySpan<byte> Plain(JsonText text, ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> raw = text.In(payload);
        if (!text.IsEscaped)
        {
            return raw;
        }

        Require(ref _word, raw.Length);
        return _word.AsSpan(0, JsonText.Unescape(raw, _word));
    }

    /// <summary>A base name and a name as one, valid until the next call.</summary>
    public ReadOnlySpan<byte> Join(JsonText first, JsonText second, ReadOnlySpan<byte> payload)
    {
        Require(ref _name, first.Bytes + second.Bytes);
        int bytes = Copy(first, payload, 0);
        return _name.AsSpan(0, Copy(second, payload, bytes));
    }

    private int Copy(JsonText text, ReadOnlySpan<byte> payload, int place)
    {
        ReadOnlySpan<byte> plain = Plain(text, payload);
        plain.CopyTo(_name.AsSpan(place));
        return place + plain.Length;
    }

    private static void Require(ref byte[] buffer, int bytes)
    {
        if (buffer.Length < bytes)
        {
            buffer = new byte[Math.Max(buffer.Length * 2, bytes)];
        }
    }
}
