namespace Telemetry.Detection.Assets;

/// <summary>Rows of relations since the start, all assets together.</summary>
/// <param name="Learnt">Whole rows that were only learnt from.</param>
/// <param name="Judged">Whole rows that were judged.</param>
/// <param name="Skipped">Rows that lacked a good value of some signal.</param>
public readonly record struct RelationRows(long Learnt, long Judged, long Skipped);
