namespace Telemetry.Mqtt.Pipelines;

/// <summary>The wall clock in the unit of the log.</summary>
internal static class UnixTime
{
    private const long NanosecondsPerTick = 100;

    /// <summary>Nanoseconds since 1970.</summary>
    public static long GetUnixNanoseconds(this TimeProvider time) =>
        (time.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) * NanosecondsPerTick;
}
