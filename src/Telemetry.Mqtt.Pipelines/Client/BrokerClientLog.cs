using Microsoft.Extensions.Logging;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>The log events of the broker clients, 1350 to 1379.</summary>
internal static partial class BrokerClientLog
{
    [LoggerMessage(
        1350,
        LogLevel.Information,
        "broker {Broker} at {Url} is connected, MQTT {Protocol}, session present {SessionPresent}")]
    public static partial void Connected(
        ILogger logger, string broker, Uri url, string protocol, bool sessionPresent);

    [LoggerMessage(
        1351,
        LogLevel.Warning,
        "cannot go on with broker {Broker} at {Url}: {Cause}; {Messages} messages so far; again in {Seconds:F1} s")]
    public static partial void Lost(
        ILogger logger, string broker, Uri url, string cause, long messages, double seconds);

    [LoggerMessage(
        1352,
        LogLevel.Debug,
        "cannot connect to broker {Broker} at {Url} yet: {Cause}; attempt {Attempt}; tried again in {Seconds:F1} s")]
    public static partial void StillAway(
        ILogger logger, string broker, Uri url, string cause, int attempt, double seconds);

    [LoggerMessage(
        1353,
        LogLevel.Error,
        "cannot subscribe to \"{Filter}\" at broker {Broker}: {Code}; asked again with the next connection")]
    public static partial void SubscriptionRefused(ILogger logger, string broker, string filter, ReasonCode code);

    [LoggerMessage(
        1354,
        LogLevel.Warning,
        "cannot use canary topic \"{Topic}\" at broker {Broker}: {Cause}; a silent connection is not noticed now")]
    public static partial void CanaryOff(ILogger logger, string broker, string topic, string cause);

    [LoggerMessage(
        1355,
        LogLevel.Warning,
        "cannot rely on share group \"{Group}\" at broker {Broker}: {Cause}; subscribed to all the same")]
    public static partial void SharedUncertain(ILogger logger, string broker, string group, string cause);

    [LoggerMessage(
        1356,
        LogLevel.Information,
        "broker {Broker} at {Url} does not answer MQTT {Protocol}: {Cause}; the other level is tried next")]
    public static partial void OtherLevelNext(ILogger logger, string broker, Uri url, string protocol, string cause);

    [LoggerMessage(
        1357,
        LogLevel.Warning,
        "cannot take in a message of broker {Broker}: above {BytesMax} bytes; {Count} so far; it is dropped")]
    public static partial void Oversized(ILogger logger, string broker, int bytesMax, long count);
}
