using Microsoft.Extensions.Logging;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>What the connections of one broker client share, one after the other.</summary>
internal sealed record BrokerClientParts(
    BrokerClientOptions Options,
    BrokerInflow Inflow,
    Canary Canary,
    BrokerTally Tally,
    BrokerStatus Status,
    TimeProvider Time,
    ILogger Log);
