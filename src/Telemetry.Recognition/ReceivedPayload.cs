namespace Telemetry.Recognition;

/// <summary>A payload as it came.</summary>
/// <param name="Bytes">The payload.</param>
/// <param name="Arrival">
/// When it came, in nanoseconds since 1970, which tells the zone of a local time in it; 0 when it may have been sent
/// long before.
/// </param>
public readonly record struct ReceivedPayload(ReadOnlyMemory<byte> Bytes, long Arrival = 0);
