namespace Telemetry.Rehearsal;

/// <summary>One figure about one labelled data set.</summary>
/// <param name="Set">The data set.</param>
/// <param name="Measure">What the figure is.</param>
/// <param name="Figure">The figure.</param>
/// <param name="Remark">What else is to be known of it.</param>
public sealed record ScoreLine(string Set, string Measure, string Figure, string Remark);
