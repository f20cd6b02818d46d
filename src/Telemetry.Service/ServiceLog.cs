namespace Telemetry.Service;

/// <summary>What this room says. Event ids 1600–1699.</summary>
internal static partial class ServiceLog
{
    [LoggerMessage(1600, LogLevel.Information, "listeners are closed; {Bytes} bytes of spool are still to be stored")]
    public static partial void Draining(ILogger logger, long bytes);

    [LoggerMessage(1601, LogLevel.Information, "all that was acknowledged is stored; the service ends")]
    public static partial void Drained(ILogger logger);

    [LoggerMessage(1602, LogLevel.Critical, "BUG: the pipeline has ended; the process stops and can be started again")]
    public static partial void PipelineFailed(ILogger logger, Exception cause);

    [LoggerMessage(1603, LogLevel.Warning,
        "Mqtt:AllowAnonymous is true: anyone who can reach an MQTT listener can publish and subscribe to everything")]
    public static partial void AnonymousEverywhere(ILogger logger);

    [LoggerMessage(1605, LogLevel.Warning,
        "Spool:RehearseSyncMilliseconds is {Milliseconds}: each sync takes so long at least, to rehearse a slow disk; "
        + "remove the setting in operation")]
    public static partial void RehearsingSlowDisk(ILogger logger, int milliseconds);

    [LoggerMessage(1604, LogLevel.Warning,
        "cannot store all that was acknowledged: {Cause}; {Bytes} bytes of spool are stored after the next start")]
    public static partial void NotDrained(ILogger logger, long bytes, string cause);
}
