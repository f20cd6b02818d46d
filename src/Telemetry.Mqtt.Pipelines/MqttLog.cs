using Microsoft.Extensions.Logging;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>The log events of this room, 1300 to 1399. What a peer does is Debug; it is counted as well.</summary>
internal static partial class MqttLog
{
    [LoggerMessage(1300, LogLevel.Debug, "Client {ClientId} connected from {RemoteAddress}, protocol level {Level}")]
    public static partial void Connected(ILogger logger, string clientId, string remoteAddress, int level);

    [LoggerMessage(1301, LogLevel.Debug, "Client {ClientId} at {RemoteAddress} disconnected: {End}")]
    public static partial void Disconnected(ILogger logger, string clientId, string remoteAddress, PumpEnd end);

    [LoggerMessage(
        1302,
        LogLevel.Debug,
        "cannot go on with client {ClientId} at {RemoteAddress}: {Reason}; reason code {Code} is sent, then the close")]
    public static partial void Refused(
        ILogger logger, string clientId, string remoteAddress, string reason, ReasonCode code);

    [LoggerMessage(
        1303,
        LogLevel.Warning,
        "cannot append the will of client {ClientId}: no room within {Seconds} s; the will is lost")]
    public static partial void WillLost(ILogger logger, string clientId, int seconds);
}
