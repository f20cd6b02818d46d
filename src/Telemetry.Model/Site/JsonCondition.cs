namespace Telemetry.Model;

/// <summary>What must stand at a path for a sample to be a measurement.</summary>
/// <param name="Path">The path.</param>
/// <param name="Values">Any of these, as text; none at all: anything but <c>null</c>.</param>
public sealed record JsonCondition(string Path, IReadOnlyList<string> Values);
