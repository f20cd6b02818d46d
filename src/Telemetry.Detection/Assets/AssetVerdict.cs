namespace Telemetry.Detection.Assets;

/// <summary>What one row says of an asset.</summary>
/// <param name="Phase">Whether the row was learned from or judged.</param>
/// <param name="Statistic">T² as a multiple of its limit, not below 0; 0 while commissioning.</param>
/// <param name="IsAlarm">The alarm stands.</param>
/// <param name="Since">
/// While it stands: time of the row from which on the asset was on its way there, in nanoseconds; else 0.
/// </param>
public readonly record struct AssetVerdict(AssetPhase Phase, double Statistic, bool IsAlarm, long Since);
