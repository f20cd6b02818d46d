namespace Telemetry.Service;

/// <summary>One curve of a plot in the terminal.</summary>
/// <param name="Title">What it is: measurement, tags and column.</param>
/// <param name="Unit">UCUM code of its values; empty when it is not known.</param>
/// <param name="Points">Its points in order of time.</param>
internal sealed record PlotCurve(string Title, string Unit, IReadOnlyList<PlotPoint> Points);

/// <summary>A point of a curve.</summary>
/// <param name="Time">When, with the offset of the clocks it is to be shown by.</param>
/// <param name="Value">The value; null for a window without samples, over which no line goes.</param>
internal readonly record struct PlotPoint(DateTimeOffset Time, double? Value);
