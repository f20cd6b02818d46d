namespace Telemetry.Store;

/// <summary>
/// What is known of a chunk of a numeric field without reading its samples. Values are in the field's unit.
/// </summary>
/// <param name="Count">How many samples there are, at least one.</param>
/// <param name="FirstTime">Time of the first, nanoseconds since 1970.</param>
/// <param name="LastTime">Time of the last, nanoseconds since 1970.</param>
/// <param name="First">Value of the first.</param>
/// <param name="Last">Value of the last.</param>
/// <param name="Min">Least value.</param>
/// <param name="Max">Greatest value.</param>
/// <param name="Sum">Sum of the values.</param>
public readonly record struct ChunkSummary(
    int Count, long FirstTime, long LastTime, double First, double Last, double Min, double Max, double Sum);
