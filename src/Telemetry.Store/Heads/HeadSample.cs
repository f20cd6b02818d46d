namespace Telemetry.Store;

/// <summary>One sample in a head, in 24 bytes: there are as many as fields times a few dozen.</summary>
internal readonly struct HeadSample(long time, long bits, long arrival, byte quality)
{
    private readonly long _arrivalAndQuality = (arrival << 8) | quality;

    /// <summary>Event time in nanoseconds since 1970.</summary>
    public long Time { get; } = time;

    /// <summary>The value; of a string start and length in the head's text.</summary>
    public long Bits { get; } = bits;

    /// <summary>Arrival time in milliseconds since 1970; 55 bits last for a million years.</summary>
    public long Arrival => _arrivalAndQuality >> 8;

    public byte Quality => (byte)(_arrivalAndQuality & 0xFF);
}
