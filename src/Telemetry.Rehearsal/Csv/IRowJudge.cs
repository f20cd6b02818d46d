namespace Telemetry.Rehearsal;

/// <summary>What detectors say of a row.</summary>
internal interface IRowJudge
{
    /// <summary>Name of the column that it goes to.</summary>
    string Column { get; }

    /// <summary>Judges a row by those before it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="isTold">True when it is told, or predicted to be anomalous.</param>
    /// <returns>The cell to write.</returns>
    string Judge(CsvRows row, out bool isTold);
}
