using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>What a time that names no zone means.</summary>
/// <param name="Zone">The gateway's zone; null: such a time is refused.</param>
/// <param name="ArrivalTime">Tells which hour is meant of one that comes twice; nanoseconds since 1970.</param>
public readonly record struct LocalTimes(LocalZone? Zone, long ArrivalTime)
{
    /// <summary>The instant of a local time, both in seconds since 1970.</summary>
    internal long ToUtc(long localSeconds) =>
        Zone!.ToUtc(localSeconds, ArrivalTime / Timestamp.NanosecondsPerSecond);
}
