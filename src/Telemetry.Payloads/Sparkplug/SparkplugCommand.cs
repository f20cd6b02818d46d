namespace Telemetry.Payloads;

/// <summary>Payloads that a host sends to an edge node.</summary>
public static class SparkplugCommand
{
    private static ReadOnlySpan<byte> RebirthName => "Node Control/Rebirth"u8;

    /// <summary>
    /// The request for all births (Sparkplug 3.0 §5.11): the metric by its name, since it may have no alias, true, with
    /// its data type, which the most used edge node reads a value by. It has no sequence number.
    /// </summary>
    /// <param name="timeMilliseconds">When it is sent, since 1970.</param>
    public static byte[] Rebirth(long timeMilliseconds)
    {
        const byte TimestampTag = (1 << 3) | 0;
        const byte MetricsTag = (2 << 3) | 2;
        const byte NameTag = (1 << 3) | 2;
        const byte DatatypeTag = (4 << 3) | 0;
        const byte BooleanTag = (14 << 3) | 0;
        Span<byte> time = stackalloc byte[10];
        int timeBytes = WriteVarint(time, (ulong)timeMilliseconds);
        byte[] metric =
        [
            NameTag, (byte)RebirthName.Length, .. RebirthName,
            DatatypeTag, (byte)SparkplugType.Boolean, BooleanTag, 1,
        ];
        return [TimestampTag, .. time[..timeBytes], MetricsTag, (byte)metric.Length, .. metric];
    }

    private static int WriteVarint(Span<byte> target, ulong value)
    {
        int bytes = 0;
        while (value > 0x7F)
        {
            target[bytes++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[bytes++] = (byte)value;
        return bytes;
    }
}
