namespace Telemetry.Store;

/// <summary>One sample in a head, in 24 bytes: there are as many as fields times a few dozen.</summary>
internal readonly struct HeadSample(long time, long bits, long arrival, byte quality, byte origin)
{
    private const int OriginBits = 6; // 1 … 32
    private readonly long _packed = (arrival << (OriginBits + 8)) | ((long)origin << 8) | quality;

    /// <summary>Event time in nanoseconds since 1970.</summary>
    public long Time { get; } = time;

    /// <summary>The value; of a string start and length in the head's text.</summary>
    public long Bits { get; } = bits;

    /// <summary>Arrival time in milliseconds since 1970; 49 bits last for seventeen thousand years.</summary>
    public long Arrival => _packed >> (OriginBits + 8);

    /// <summary>Number of its origin in the head's list, from 1.</summary>
    public byte Origin => (byte)((_packed >> 8) & ((1 << OriginBits) - 1));

    public byte Quality => (byte)(_packed & 0xFF);
}
