using Microsoft.Extensions.Logging;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>What every connection of one server shares.</summary>
internal sealed record ConnectionParts(
    Broker Broker,
    IIntake Intake,
    IAuthenticator Authenticator,
    MqttServerOptions Options,
    MqttMetrics Metrics,
    TimeProvider Time,
    ILogger Log);
