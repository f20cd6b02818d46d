namespace Telemetry.Rehearsal;

/// <summary>What became of a file.</summary>
/// <param name="Rows">Rows read and written.</param>
/// <param name="ToldRows">Rows that were told of, or predicted to be anomalous.</param>
/// <param name="PassedCells">Cells that are no finite number; they were passed over.</param>
/// <param name="FirstPassed">Line of the first of them; 0 for none.</param>
public sealed record CsvRunReport(long Rows, long ToldRows, long PassedCells, long FirstPassed);
