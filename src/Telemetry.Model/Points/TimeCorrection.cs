namespace Telemetry.Model;

/// <summary>What was done to a time as a gateway gave it.</summary>
/// <param name="Nanoseconds">Added to the time as it came; 0 when it is kept as it came.</param>
/// <param name="Uncertainty">Bound of the error that is left, in nanoseconds; 0 when nothing is known of it.</param>
public readonly record struct TimeCorrection(long Nanoseconds, long Uncertainty);
