using Microsoft.Extensions.Logging;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>What the transports say; event ids 1380 to 1399 of the room's block.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(1380, LogLevel.Information, "certificate read anew from '{Path}'; new connections are shown it")]
    public static partial void CertificateRead(this ILogger log, string path);

    [LoggerMessage(1381, LogLevel.Warning,
        "{Cause}; the certificate of before stays in force, and the files are tried again every 10 s")]
    public static partial void CertificateRefused(this ILogger log, string cause);

    [LoggerMessage(1382, LogLevel.Debug,
        "cannot take connection from {RemoteAddress}: {Cause}; it is closed")]
    public static partial void ProxyHeaderRefused(this ILogger log, string remoteAddress, string cause);
}
