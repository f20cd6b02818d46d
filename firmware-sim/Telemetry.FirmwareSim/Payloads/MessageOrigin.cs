namespace Telemetry.FirmwareSim;

/// <summary>The truth about a message of a gateway.</summary>
/// <param name="Number">Its number among all that the gateway made, from 0 on, resets or not.</param>
/// <param name="ResetCount">How often the gateway had reset before.</param>
/// <param name="Time">Event time of its samples, nanoseconds since 1970.</param>
/// <param name="TimeTold">What the gateway's clock showed.</param>
/// <param name="SampleCount">How many samples it carries.</param>
/// <param name="StuckCount">How many of them repeat the one before because the supply sagged.</param>
/// <param name="MissingCount">How many more there would have been, had the supply not sagged.</param>
public readonly record struct MessageOrigin(
    long Number, int ResetCount, long Time, long TimeTold, int SampleCount, int StuckCount, int MissingCount);
