namespace Telemetry.FirmwareSim;

/// <summary>What a sagging supply does to one reading.</summary>
/// <param name="IsMissing">It is not there.</param>
/// <param name="IsStuck">It repeats the one before.</param>
/// <param name="Change">Added to the true value.</param>
internal readonly record struct BrownOutEffect(bool IsMissing, bool IsStuck, double Change);
