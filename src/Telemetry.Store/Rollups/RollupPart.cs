namespace Telemetry.Store;

/// <summary>A stretch of time whose samples a roll-up stands for.</summary>
/// <param name="From">Its first instant.</param>
/// <param name="To">The first instant behind it.</param>
/// <param name="Summary">What its samples come to; null when it has none.</param>
internal readonly record struct RollupPart(long From, long To, SampleSummary? Summary);
