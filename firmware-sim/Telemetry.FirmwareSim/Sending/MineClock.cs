using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>Event time of a run: real time since its start, multiplied by the speed factor.</summary>
internal sealed class MineClock(TimeProvider time, long start, double speedFactor)
{
    private readonly long _startTicks = time.GetTimestamp();

    /// <summary>Event time now, nanoseconds since 1970.</summary>
    public long Now =>
        start + (long)(time.GetElapsedTime(_startTicks).TotalSeconds * speedFactor * Timestamp.NanosecondsPerSecond);

    /// <summary>Real time from now until an event time; not negative.</summary>
    public TimeSpan Until(long eventTime) => TimeSpan.FromSeconds(
        Math.Max(0, (eventTime - Now) / (speedFactor * Timestamp.NanosecondsPerSecond)));
}
