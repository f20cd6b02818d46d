namespace Telemetry.Detection.Assets;

/// <summary>
/// What a signal has to do with the statistic: its value against the one that the asset's other signals say it should
/// have. Values are smoothed as the detector smooths them, in the signal's unit.
/// </summary>
/// <param name="Share">
/// Part of T² that would go if the signal were as expected, 0 to 1: the reconstruction-based contribution of Alcala and
/// Qin, Automatica 45 (2009). Shares do not add up to 1. 0 for a signal that carries nothing.
/// </param>
/// <param name="Observed">The smoothed value.</param>
/// <param name="Expected">The value that the other signals, the hour and the past say.</param>
/// <param name="Deviation">Standard deviation of the difference of the two when all is normal.</param>
public readonly record struct SignalContribution(double Share, double Observed, double Expected, double Deviation);
