namespace Telemetry.Payloads;

/// <summary>What a payload says of its message (Sparkplug 3.0 §6.4).</summary>
/// <param name="Sequence">Its sequence number, 0 to 255; −1 where there is none.</param>
/// <param name="BirthDeathSequence">The metric <c>bdSeq</c>, which ties a death to its birth; −1 without.</param>
/// <param name="TimeMilliseconds">When it was sent, since 1970; null where it does not say.</param>
public readonly record struct SparkplugHeader(int Sequence, long BirthDeathSequence, ulong? TimeMilliseconds);
