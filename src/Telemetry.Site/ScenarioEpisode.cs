namespace Telemetry.Site;

/// <summary>One failure in a scenario; times in hours.</summary>
/// <param name="Mode">Code of the failure mode, for instance CR1-2.</param>
/// <param name="Target">The asset or the gateway.</param>
/// <param name="Signal">Key of the signal, where the mode befalls any one of an asset; else empty.</param>
/// <param name="After">From the start of the run until it begins.</param>
/// <param name="Onset">Until it is full; NaN for the middle of what its mode says.</param>
/// <param name="Last">How long it stays full.</param>
/// <param name="Severity">Part of the mode's largest size, 0 to 1.</param>
public sealed record ScenarioEpisode(
    string Mode, string Target, string Signal, double After, double Onset, double Last, double Severity);
