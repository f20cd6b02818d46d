namespace Telemetry.Rehearsal;

/// <summary>
/// Runs the service's detectors over a file as if its rows arrived one after the other: what a row is given depends on
/// it and on those before it, and on nothing else.
/// </summary>
public static class CsvRun
{
    /// <summary>Writes the rows as they came, each with what the detectors say of it in one column more.</summary>
    /// <param name="source">The file, with a header.</param>
    /// <param name="target">Takes the rows.</param>
    /// <param name="options">Which columns, and by what.</param>
    /// <exception cref="RehearsalException">A column is missing, or a row has no time.</exception>
    public static CsvRunReport Run(TextReader source, TextWriter target, CsvRunOptions options)
    {
        options.Require();
        using var rows = new CsvRows(source, options);
        IRowJudge judge = options.Tier == 1 ? new SeriesJudge(options) : new AssetJudge(options);
        target.Write($"{rows.Line}{options.Delimiter}{judge.Column}\n");
        long toldCount = 0;
        while (rows.TryRead())
        {
            string verdict = judge.Judge(rows, out bool isTold);
            toldCount += isTold ? 1 : 0;
            target.Write($"{rows.Line}{options.Delimiter}{verdict}\n");
        }

        return new CsvRunReport(rows.Count, toldCount, rows.PassedCells, rows.FirstPassed);
    }
}
