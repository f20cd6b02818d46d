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
        "cannot append the end of client {ClientId}'s connection: no room within {Seconds} s; its will is lost")]
    public static partial void FarewellLost(ILogger logger, string clientId, int seconds);

    [LoggerMessage(
        1304,
        LogLevel.Warning,
        "cannot keep client {ClientId} connected: {Count} connections took it over within {Seconds} s, the last from "
        + "{RemoteAddress} against {OldAddress}; two devices have the same client identifier, and each new one waits")]
    public static partial void TakenOverAgain(
        ILogger logger, string clientId, int count, int seconds, string remoteAddress, string oldAddress);

    [LoggerMessage(
        1305,
        LogLevel.Warning,
        "cannot restore the state of the broker: {Fault} at byte {Offset} of {Bytes}; sessions and retained messages "
        + "begin anew")]
    public static partial void StateUnreadable(ILogger logger, string fault, int offset, int bytes);

    [LoggerMessage(
        1306,
        LogLevel.Warning,
        "cannot let {RemoteAddress} in as client {ClientId}: it is {Identity}, and the client identifier belongs to "
        + "{Owner}, who keeps connection and session; give this device a client identifier of its own")]
    public static partial void IdentifierOfAnother(
        ILogger logger, string clientId, string remoteAddress, string identity, string owner);

    [LoggerMessage(
        1307,
        LogLevel.Warning,
        "cannot keep the subscription of client {ClientId} to {Filter}: the rights of {Owner} do not cover it any "
        + "more; it is given up and the client disconnected")]
    public static partial void SubscriptionWithdrawn(ILogger logger, string clientId, string owner, string filter);
}
