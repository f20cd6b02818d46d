using Microsoft.Extensions.Logging;

namespace Telemetry.FirmwareSim;

/// <summary>What the simulated mine says in the log; event ids 1700 to 1799.</summary>
internal static partial class FirmwareSimLog
{
    [LoggerMessage(1700, LogLevel.Information, "the simulated mine runs {Gateways} gateways to {Host}:{Port}")]
    public static partial void MineStarted(this ILogger log, int gateways, string host, int port);

    [LoggerMessage(1701, LogLevel.Debug, "simulated gateway {ClientId} is connected")]
    public static partial void GatewayConnected(this ILogger log, string clientId);

    [LoggerMessage(
        1702, LogLevel.Information,
        "simulated gateway {ClientId} lost its connection: {Cause}; it tries again until the server is back")]
    public static partial void GatewayLost(this ILogger log, string clientId, string cause);

    [LoggerMessage(1703, LogLevel.Information, "fault {Fault} began on {Asset} {Signal}")]
    public static partial void FaultBegan(this ILogger log, string fault, string asset, string signal);

    [LoggerMessage(1704, LogLevel.Information, "fault {Fault} ended")]
    public static partial void FaultEnded(this ILogger log, string fault);
}
