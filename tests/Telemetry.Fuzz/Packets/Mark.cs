namespace Telemetry.Fuzz;

/// <summary>Where in the bytes a field stands that is worth lying about.</summary>
internal readonly record struct Mark(MarkKind Kind, int Offset);
