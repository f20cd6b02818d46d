using System.Globalization;
using System.Text;
using Telemetry.Testing;

namespace Telemetry.Buffers.Tests;

public sealed class Utf8NumberTests
{
    private const int GeneratedCount = 300_000;
    private const int Seed = 20260115;

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("-0", -0.0)]
    [InlineData("+5", 5.0)]
    [InlineData("21.5", 21.5)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5.0)]
    [InlineData("-.5e1", -5.0)]
    [InlineData("1e-4", 1e-4)]
    [InlineData("1E+22", 1e22)]
    [InlineData("9007199254740992", 9007199254740992.0)]
    [InlineData("9007199254740993", 9007199254740992.0)] // 2^53 + 1: a tie, to even
    [InlineData("0.1000000000000000055511151231257827021181583404541015625", 0.1)]
    [InlineData("00000000000000000000000000001", 1.0)]
    [InlineData("1.7976931348623157e308", double.MaxValue)]
    [InlineData("4.9e-324", double.Epsilon)]
    [InlineData("1e-999", 0.0)]
    public void Reads_a_double(string text, double expected)
    {
        Assert.True(Utf8Number.TryParseDouble(Encoding.UTF8.GetBytes(text), out double value));
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("+.")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("e5")]
    [InlineData("1.2.3")]
    [InlineData("--1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e5x")]
    [InlineData("1\0")]
    public void Refuses_what_is_no_double(string text)
    {
        Assert.False(Utf8Number.TryParseDouble(Encoding.UTF8.GetBytes(text), out double value));
        Assert.Equal(0, value);
        Assert.False(Utf8Number.IsDecimal(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Refuses_a_double_beyond_the_largest_and_says_that_it_is_a_number()
    {
        Assert.False(Utf8Number.TryParseDouble("-1e309"u8, out _));
        Assert.True(Utf8Number.IsDecimal("-1e309"u8));
    }

    [Fact]
    public void Every_generated_number_is_bit_for_bit_the_base_librarys()
    {
        var random = new Random(Seed);
        Span<byte> text = stackalloc byte[64];
        for (int i = 0; i < GeneratedCount; i++)
        {
            int bytes = Generate(random, text);
            ReadOnlySpan<byte> number = text[..bytes];
            double expected = double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
            bool isRead = Utf8Number.TryParseDouble(number, out double value);
            if (isRead != double.IsFinite(expected)
                || BitConverter.DoubleToInt64Bits(expected) != BitConverter.DoubleToInt64Bits(value))
            {
                Assert.Fail($"{Encoding.UTF8.GetString(number)}: expected {expected:R}, found {value:R}");
            }
        }
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-0", 0L)]
    [InlineData("000000000000000000000000042", 42L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("-1", -1L)]
    public void Reads_a_signed_integer(string text, long expected)
    {
        Assert.True(Utf8Number.TryParseInt64(Encoding.UTF8.GetBytes(text), out long value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("", Utf8NumberStatus.Malformed)]
    [InlineData("-", Utf8NumberStatus.Malformed)]
    [InlineData("+1", Utf8NumberStatus.Malformed)]
    [InlineData("1.0", Utf8NumberStatus.Malformed)]
    [InlineData("12345678901234567890123x", Utf8NumberStatus.Malformed)]
    [InlineData("9223372036854775808", Utf8NumberStatus.OutOfRange)]
    [InlineData("-9223372036854775809", Utf8NumberStatus.OutOfRange)]
    [InlineData("99999999999999999999999", Utf8NumberStatus.OutOfRange)]
    public void Says_why_a_signed_integer_is_refused(string text, Utf8NumberStatus expected)
    {
        Assert.Equal(expected, Utf8Number.ParseInt64(Encoding.UTF8.GetBytes(text), out long value));
        Assert.Equal(0, value);
    }

    [Theory]
    [InlineData("18446744073709551615", Utf8NumberStatus.Parsed, ulong.MaxValue)]
    [InlineData("0018446744073709551615", Utf8NumberStatus.Parsed, ulong.MaxValue)]
    [InlineData("18446744073709551616", Utf8NumberStatus.OutOfRange, 0UL)]
    [InlineData("28446744073709551615", Utf8NumberStatus.OutOfRange, 0UL)]
    [InlineData("-1", Utf8NumberStatus.Malformed, 0UL)]
    public void Reads_an_unsigned_integer_or_says_why_not(string text, Utf8NumberStatus expected, ulong expectedValue)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(expected, Utf8Number.ParseUInt64(bytes, out ulong value));
        Assert.Equal(expectedValue, value);
        Assert.Equal(expected == Utf8NumberStatus.Parsed, Utf8Number.TryParseUInt64(bytes, out _));
    }

    [Theory]
    [InlineData("21.5,y=3", true, 21.5, 4)]
    [InlineData("-0.25 17", true, -0.25, 5)]
    [InlineData("+5", true, 5, 2)]
    [InlineData(".5}", true, 0.5, 2)]
    [InlineData("5.}", true, 5, 2)]
    [InlineData("1e5", true, 1, 1)]
    [InlineData("-", false, 0, 1)]
    [InlineData(".", false, 0, 1)]
    [InlineData("", false, 0, 0)]
    [InlineData("x", false, 0, 0)]
    [InlineData("9007199254740993", false, 0, 16)]
    [InlineData("0.00000000000000000001", false, 0, 22)]
    public void Reads_the_decimal_that_a_text_begins_with(string text, bool isRead, double expected, int expectedBytes)
    {
        Assert.Equal(isRead, Utf8Number.TryReadDecimal(Encoding.ASCII.GetBytes(text), out double value, out int bytes));
        Assert.Equal((expected, expectedBytes), (value, bytes));
    }

    [Theory]
    [InlineData("", false, 0)]
    [InlineData("-1", false, 0)]
    [InlineData("7 x", true, 1)]
    [InlineData("12345678", true, 8)]
    [InlineData("12345678x", true, 8)]
    [InlineData("1234567:12345678", true, 7)]
    [InlineData("1234567/12345678", true, 7)]
    [InlineData("1700000000000000000\n", true, 19)]
    [InlineData("9223372036854775807", true, 19)]
    [InlineData("9223372036854775808", false, 19)]
    [InlineData("00000000000000000001", false, 20)]
    [InlineData("123456789012345678901234567890", false, 30)]
    public void Reads_the_digits_that_a_text_begins_with(string text, bool isRead, int expectedBytes)
    {
        Assert.Equal(isRead, Utf8Number.TryReadDigits(Encoding.ASCII.GetBytes(text), out ulong value, out int bytes));
        Assert.Equal(expectedBytes, bytes);
        if (isRead)
        {
            Assert.Equal(ulong.Parse(text[..bytes], CultureInfo.InvariantCulture), value);
        }
    }

    [Fact]
    public void Eight_digits_at_once_are_those_eight_and_no_other_bytes_are_taken_for_digits()
    {
        var random = new Random(7);
        byte[] text = new byte[9];
        for (int i = 0; i < 200_000; i++)
        {
            Encoding.ASCII.GetBytes($"{random.Next(100_000_000):D8}", text);
            if (i % 2 == 0)
            {
                text[random.Next(8)] = (byte)random.Next(256);
            }

            int digits = text.AsSpan().IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            bool isRead = Utf8Number.TryReadDigits(text, out ulong value, out int bytes);
            Assert.Equal((digits > 0, digits), (isRead, bytes));
            string read = Encoding.ASCII.GetString(text, 0, digits);
            Assert.Equal(digits == 0 ? 0 : ulong.Parse(read, CultureInfo.InvariantCulture), value);
        }
    }

    [Fact]
    public void What_is_written_is_the_base_librarys_shortest_text_and_reads_back()
    {
        var random = new Random(Seed);
        Span<byte> text = stackalloc byte[Utf8Number.FormattedDoubleBytesMax];
        Span<byte> source = stackalloc byte[64];
        for (int i = 0; i < GeneratedCount; i++)
        {
            int bytes = Generate(random, source);
            double value = double.Parse(source[..bytes], NumberStyles.Float, CultureInfo.InvariantCulture);
            if (double.IsFinite(value))
            {
                Assert.True(Utf8Number.TryFormat(value, text, out int written));
                string expected = value.ToString("R", CultureInfo.InvariantCulture);
                Assert.Equal(expected, Encoding.UTF8.GetString(text[..written]));
            }
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Refuses_to_write_what_has_no_decimal(double value)
    {
        Assert.False(Utf8Number.TryFormat(value, new byte[Utf8Number.FormattedDoubleBytesMax], out int written));
        Assert.Equal(0, written);
    }

    [Theory]
    [InlineData(-21.125)]
    [InlineData(1234567.0)]
    [InlineData(1.5e300)]
    [InlineData(-0.0)]
    public void Refuses_a_target_that_is_too_small(double value)
    {
        int whole = value.ToString("R", CultureInfo.InvariantCulture).Length;
        for (int room = 0; room < whole; room++)
        {
            Assert.False(Utf8Number.TryFormat(value, new byte[room], out _));
        }

        Assert.True(Utf8Number.TryFormat(value, new byte[whole], out int written));
        Assert.Equal(whole, written);
    }

    [Fact]
    public void Reading_and_writing_allocate_nothing()
    {
        long allocated = Allocation.Measure(() =>
        {
            Span<byte> text = stackalloc byte[Utf8Number.FormattedDoubleBytesMax];
            _ = Utf8Number.TryParseDouble("-1234.5678"u8, out double first);
            _ = Utf8Number.TryParseDouble("0.123456789012345678901e-5"u8, out double second);
            _ = Utf8Number.TryParseInt64("1767225600000000000"u8, out _);
            _ = Utf8Number.TryFormat(first, text, out _);
            _ = Utf8Number.TryFormat(second, text, out _);
        });
        Assert.Equal(0, allocated);
    }

    /// <summary>Numbers as gateways write them, random doubles, long mantissas, halves between two doubles.</summary>
    private static int Generate(Random random, Span<byte> text)
    {
        double bits = BitConverter.Int64BitsToDouble(random.NextInt64());
        string number = random.Next(6) switch
        {
            0 => (random.Next(-1_000_000, 1_000_000) / 100m).ToString(CultureInfo.InvariantCulture),
            1 => (random.NextDouble() * 1_000).ToString("F" + random.Next(0, 20), CultureInfo.InvariantCulture),
            2 => double.IsFinite(bits) ? bits.ToString("E" + random.Next(0, 20), CultureInfo.InvariantCulture) : "0",
            3 => random.NextInt64().ToString(CultureInfo.InvariantCulture) + "." + random.Next(0, 1_000),
            4 => $"{(1L << 53) + random.Next(-3, 4)}{(random.Next(2) == 0 ? "" : ".5")}",
            _ => $"{random.Next(-99, 100)}e{random.Next(-330, 310)}",
        };
        return Encoding.UTF8.GetBytes(number, text);
    }
}
