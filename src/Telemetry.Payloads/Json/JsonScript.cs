using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using Telemetry.Buffers;

namespace Telemetry.Payloads;

/// <summary>JSON being written from payloads of another format; the memory is used again.</summary>
internal sealed class JsonScript
{
    private const int NumberBytesMax = 32; // a double has at most 24, a 65-bit integer 20
    private static readonly SearchValues<byte> NotPlain = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    private byte[] _text = new byte[1_024];

    public int Bytes { get; private set; }

    public ReadOnlySpan<byte> Text => _text.AsSpan(0, Bytes);

    public void Clear() => Bytes = 0;

    /// <summary>Takes back what was written behind a place.</summary>
    public void Shrink(int bytes) => Bytes = bytes;

    public void Append(byte c)
    {
        Require(1);
        _text[Bytes++] = c;
    }

    public void Append(ReadOnlySpan<byte> text)
    {
        Require(text.Length);
        text.CopyTo(_text.AsSpan(Bytes));
        Bytes += text.Length;
    }

    /// <summary>Writes a part of a string, with escapes where JSON needs them.</summary>
    public void AppendText(ReadOnlySpan<byte> text)
    {
        int plain = text.IndexOfAny(NotPlain);
        while (plain >= 0)
        {
            Append(text[..plain]);
            AppendEscape(text[plain]);
            text = text[(plain + 1)..];
            plain = text.IndexOfAny(NotPlain);
        }

        Append(text);
    }

    public void AppendInteger(ulong value)
    {
        Require(NumberBytesMax);
        Utf8Formatter.TryFormat(value, _text.AsSpan(Bytes), out int written);
        Bytes += written;
    }

    public void AppendInteger(Int128 value)
    {
        Require(NumberBytesMax);
        value.TryFormat(_text.AsSpan(Bytes), out int written, default, CultureInfo.InvariantCulture);
        Bytes += written;
    }

    /// <summary>Writes a number so that it reads back as the same double; NaN and infinities as <c>null</c>.</summary>
    public void AppendNumber(double value)
    {
        Require(NumberBytesMax);
        if (Utf8Number.TryFormat(value, _text.AsSpan(Bytes), out int written))
        {
            Bytes += written;
            return;
        }

        Append("null"u8);
    }

    /// <summary>Writes a time as a string in ISO 8601, in UTC and to the nanosecond.</summary>
    public void AppendTime(DateTimeOffset second, int nanosecond)
    {
        Require(NumberBytesMax);
        Append((byte)'"');
        second.TryFormat(_text.AsSpan(Bytes), out int written, "s", CultureInfo.InvariantCulture);
        Bytes += written;
        if (nanosecond > 0)
        {
            Append((byte)'.');
        }

        for (int unit = 100_000_000; unit > 0 && nanosecond > 0; unit /= 10)
        {
            Append((byte)('0' + (nanosecond / unit % 10)));
        }

        Append("Z\""u8);
    }

    private void AppendEscape(byte c)
    {
        Append((byte)'\\');
        if (c >= 0x20)
        {
            Append(c);
            return;
        }

        Append("u00"u8);
        Append((byte)('0' + (c >> 4)));
        Append((byte)((c & 0xF) < 10 ? '0' + (c & 0xF) : 'A' - 10 + (c & 0xF)));
    }

    private void Require(int more)
    {
        if (_text.Length - Bytes < more)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, Bytes + more));
        }
    }
}
