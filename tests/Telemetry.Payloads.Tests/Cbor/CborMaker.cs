using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Telemetry.Payloads.Tests.Cbor;

/// <summary>
/// Writes JSON as CBOR in one of the many forms that mean the same: lengths definite or not, numbers in any width that
/// holds them, decimals as fractions, strings in chunks, tags that say nothing.
/// </summary>
internal sealed class CborMaker(Random random)
{
    private readonly List<byte> _bytes = [];
    private bool _numbersKeys;

    /// <param name="element">What to write.</param>
    /// <param name="numbersKeys">Keys that are whole numbers are written as numbers.</param>
    public byte[] Make(JsonElement element, bool numbersKeys = false)
    {
        _bytes.Clear();
        _numbersKeys = numbersKeys;
        Write(element);
        return [.. _bytes];
    }

    private void Write(JsonElement element)
    {
        if (random.Next(12) == 0)
        {
            Head(6, random.Next(2) == 0 ? 55_799u : 32u);
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                JsonProperty[] members = [.. element.EnumerateObject()];
                Container(5, members.Length, i =>
                {
                    WriteKey(members[i].Name);
                    Write(members[i].Value);
                });
                break;
            case JsonValueKind.Array:
                JsonElement[] items = [.. element.EnumerateArray()];
                Container(4, items.Length, i => Write(items[i]));
                break;
            case JsonValueKind.String:
                WriteText(element.GetString()!);
                break;
            case JsonValueKind.Number:
                WriteNumber(element.GetRawText());
                break;
            case JsonValueKind.True:
                _bytes.Add(0xF5);
                break;
            case JsonValueKind.False:
                _bytes.Add(0xF4);
                break;
            default:
                _bytes.Add((byte)(0xF6 + random.Next(2)));
                break;
        }
    }

    private void Container(int major, int count, Action<int> write)
    {
        bool isIndefinite = random.Next(3) == 0;
        if (isIndefinite)
        {
            _bytes.Add((byte)((major << 5) | 31));
        }
        else
        {
            Head(major, (ulong)count);
        }

        for (int i = 0; i < count; i++)
        {
            write(i);
        }

        if (isIndefinite)
        {
            _bytes.Add(0xFF);
        }
    }

    private void WriteKey(string key)
    {
        if (_numbersKeys && int.TryParse(key, CultureInfo.InvariantCulture, out int number))
        {
            WriteInteger(number);
        }
        else
        {
            WriteText(key);
        }
    }

    private void WriteText(string text)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        int cut = random.Next(runes.Length + 1);
        if (random.Next(4) != 0)
        {
            Chunk(runes);
            return;
        }

        _bytes.Add(0x7F);
        Chunk(runes[..cut]);
        Chunk(runes[cut..]);
        _bytes.Add(0xFF);
    }

    private void Chunk(Rune[] runes)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(string.Concat(runes));
        Head(3, (ulong)utf8.Length);
        _bytes.AddRange(utf8);
    }

    private void WriteNumber(string text)
    {
        double value = double.Parse(text, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value) || random.Next(6) == 0)
        {
            WriteDecimal(text);
        }
        else if (value == Math.Floor(value) && Math.Abs(value) < 1e15 && random.Next(2) == 0 && !IsNegativeZero(value))
        {
            WriteInteger((long)value);
        }
        else
        {
            WriteFloat(value);
        }
    }

    private void WriteDecimal(string text)
    {
        string[] parts = text.ToLowerInvariant().Split('e');
        string[] digits = parts[0].Split('.');
        int exponent = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        long mantissa = long.Parse(string.Concat(digits), CultureInfo.InvariantCulture);
        Head(6, 4);
        Head(4, 2);
        WriteInteger(exponent - (digits.Length > 1 ? digits[1].Length : 0));
        WriteInteger(mantissa);
    }

    private void WriteInteger(long value) => Head(value < 0 ? 1 : 0, (ulong)(value < 0 ? -1 - value : value));

    private void WriteFloat(double value)
    {
        int width = random.Next(3);
        Span<byte> bits = stackalloc byte[8];
        if (width == 0 && (double)(Half)value == value)
        {
            _bytes.Add(0xF9);
            BinaryPrimitives.WriteHalfBigEndian(bits, (Half)value);
            _bytes.AddRange(bits[..2]);
        }
        else if (width == 1 && (double)(float)value == value)
        {
            _bytes.Add(0xFA);
            BinaryPrimitives.WriteSingleBigEndian(bits, (float)value);
            _bytes.AddRange(bits[..4]);
        }
        else
        {
            _bytes.Add(0xFB);
            BinaryPrimitives.WriteDoubleBigEndian(bits, value);
            _bytes.AddRange(bits);
        }
    }

    private static bool IsNegativeZero(double value) => value == 0 && double.IsNegative(value);

    private void Head(int major, ulong argument)
    {
        int widthMin = argument < 24 ? 0 : argument <= byte.MaxValue ? 1 : argument <= ushort.MaxValue ? 2
            : argument <= uint.MaxValue ? 3 : 4;
        int width = random.Next(8) == 0 ? random.Next(widthMin, 5) : widthMin; // longer than need be is well-formed
        if (width == 0)
        {
            _bytes.Add((byte)((major << 5) | (int)argument));
            return;
        }

        Span<byte> text = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(text, argument);
        _bytes.Add((byte)((major << 5) | (23 + width)));
        _bytes.AddRange(text[(8 - (1 << (width - 1)))..]);
    }
}
