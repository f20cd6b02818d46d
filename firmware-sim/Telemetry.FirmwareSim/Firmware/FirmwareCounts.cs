namespace Telemetry.FirmwareSim;

/// <summary>What the firmware of a gateway did to its messages.</summary>
/// <param name="HeldCount">Messages that waited in the buffer.</param>
/// <param name="LostCount">Messages lost there: it was full, or a reset lost it.</param>
/// <param name="ReorderedCount">Messages that left after a younger one.</param>
/// <param name="StuckCount">Samples that repeat the one before because the supply sagged.</param>
/// <param name="MissingCount">Samples that are not there because of it.</param>
public sealed record FirmwareCounts(
    long HeldCount, long LostCount, long ReorderedCount, long StuckCount, long MissingCount);
