namespace Telemetry.FirmwareSim;

/// <summary>How one simulated gateway fares.</summary>
/// <param name="Gateway">Its client identifier.</param>
/// <param name="IsConnected">It has a connection that the server accepted.</param>
/// <param name="SentCount">Messages sent, repetitions not counted.</param>
/// <param name="SampleCount">Samples in them.</param>
/// <param name="AcknowledgedCount">Messages the server acknowledged.</param>
/// <param name="ConnectCount">Connections the server accepted.</param>
/// <param name="SkippedCount">Moments left out because the server was away for too long.</param>
/// <param name="RepeatedCount">Messages sent once more, since their acknowledgement did not come.</param>
/// <param name="Firmware">What its firmware did to its messages.</param>
public sealed record GatewayStatus(
    string Gateway,
    bool IsConnected,
    long SentCount,
    long SampleCount,
    long AcknowledgedCount,
    long ConnectCount,
    long SkippedCount,
    long RepeatedCount,
    FirmwareCounts Firmware);
