namespace Telemetry.Buffers;

/// <summary>
/// MQTT's variable byte integer: seven bits per byte, lowest first, the top bit says that more follow; one to four
/// bytes (MQTT 5 §1.5.5). Only the shortest form of a value is taken, as [MQTT-1.5.5-1] asks.
/// </summary>
public static class VariableByteInteger
{
    /// <summary>Bytes of the longest form.</summary>
    public const int BytesMax = 4;

    /// <summary>The greatest value, 2^28 − 1: four bytes of seven bits.</summary>
    public const int ValueMax = 268_435_455;

    private const byte MoreFollows = 0x80;
    private const int BitsPerByte = 7;

    /// <summary>Reads the integer at the start of <paramref name="source"/>.</summary>
    /// <returns>
    /// The bytes it takes; 0 when <paramref name="source"/> ends inside it; −1 when it is longer than four bytes or
    /// longer than its value needs.
    /// </returns>
    public static int Read(ReadOnlySpan<byte> source, out int value)
    {
        value = 0;
        int result = 0;
        for (int i = 0; i < BytesMax; i++)
        {
            if (i == source.Length)
            {
                return 0;
            }

            byte b = source[i];
            result |= (b & ~MoreFollows) << (i * BitsPerByte);
            if (b < MoreFollows)
            {
                bool isShortest = b != 0 || i == 0;
                value = isShortest ? result : 0;
                return isShortest ? i + 1 : -1;
            }
        }

        return -1;
    }

    /// <summary>Bytes that <paramref name="value"/> takes on the wire.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above <see cref="ValueMax"/>.</exception>
    public static int Measure(int value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, (uint)ValueMax, nameof(value));
        return value switch
        {
            < 1 << BitsPerByte => 1,
            < 1 << (2 * BitsPerByte) => 2,
            < 1 << (3 * BitsPerByte) => 3,
            _ => 4,
        };
    }

    /// <summary>Writes <paramref name="value"/> in its shortest form and returns the bytes written.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above <see cref="ValueMax"/>.</exception>
    public static int Write(Span<byte> destination, int value)
    {
        int bytes = Measure(value);
        for (int i = 0; i < bytes - 1; i++)
        {
            destination[i] = (byte)((value & ~MoreFollows) | MoreFollows);
            value >>= BitsPerByte;
        }

        destination[bytes - 1] = (byte)value;
        return bytes;
    }
}
