namespace Telemetry.FirmwareSim;

/// <summary>One sample of a run.</summary>
/// <param name="Signal">Place in <see cref="MineRun.Signals"/>.</param>
/// <param name="Time">Event time, nanoseconds since 1970.</param>
/// <param name="TimeTold">What the gateway's clock showed; differs while that clock fails.</param>
/// <param name="Value">What the sensor read, in the signal's unit and of its resolution.</param>
public readonly record struct MineSample(int Signal, long Time, long TimeTold, double Value);
