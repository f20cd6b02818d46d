using System.Globalization;

namespace Telemetry.Rehearsal;

/// <summary>What the detectors say of a file, row by row, by the same way that <c>detect run</c> goes.</summary>
internal static class ScoredFile
{
    /// <exception cref="RehearsalException">It cannot be read.</exception>
    public static double[] Run(string path, CsvRunOptions options)
    {
        using StreamReader source = File.OpenText(path);
        return Run(source, options);
    }

    /// <exception cref="RehearsalException">It cannot be read.</exception>
    public static double[] Run(TextReader source, CsvRunOptions options)
    {
        var written = new StringWriter(CultureInfo.InvariantCulture);
        CsvRun.Run(source, written, options);
        string[] lines = written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Skip(1).Select(line =>
            double.Parse(line.AsSpan(line.LastIndexOf(options.Delimiter) + 1), CultureInfo.InvariantCulture))];
    }
}
