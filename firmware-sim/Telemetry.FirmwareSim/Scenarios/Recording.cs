using System.Globalization;
using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>
/// Recorded columns that take the place of simulated signals: a CSV file with a column <c>time</c> (ISO 8601, or
/// seconds) and columns named as <c>ASSET.signal</c>. Its first row is the start of the run, each value stays until
/// the next, an empty cell is a missing sample, and after the last row it begins again.
/// </summary>
public sealed class Recording
{
    /// <summary>Most rows of a file.</summary>
    public const int RowsMax = 5_000_000;

    private readonly double[] _seconds; // since the first row
    private readonly Dictionary<string, double[]> _columns;

    private Recording(double[] seconds, Dictionary<string, double[]> columns)
    {
        _seconds = seconds;
        _columns = columns;
    }

    /// <summary>The signals it has, as <c>ASSET.signal</c>.</summary>
    public IReadOnlyCollection<string> Signals => _columns.Keys;

    /// <summary>How many rows it has.</summary>
    public int RowCount => _seconds.Length;

    /// <summary>Reads a file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="name">What it is called, for the message.</param>
    /// <param name="site">Whose signals its columns are.</param>
    /// <exception cref="FormatException">It cannot be read; the message says where and why.</exception>
    public static Recording Parse(TextReader text, string name, SiteCatalogue site)
    {
        string[] head = (text.ReadLine() ?? "").Split(',');
        int time = Array.IndexOf(head, "time");
        int[] places = [.. Enumerable.Range(0, head.Length).Where(place => place != time)];
        string? unknown = places.Select(place => head[place]).FirstOrDefault(column => !IsSignal(site, column));
        string cause = time < 0 || places.Length == 0
            ? "expected a column time and columns such as CR-201.motor_current in line 1"
            : unknown is not null ? $"column \"{unknown}\" is no signal of the site; name it ASSET.signal"
            : head.Distinct().Count() < head.Length ? "a column is there twice"
            : "";
        if (cause.Length > 0)
        {
            throw new FormatException($"cannot replay \"{name}\": {cause}");
        }

        var seconds = new List<double>();
        List<double>[] values = [.. places.Select(_ => new List<double>())];
        for (int line = 2; text.ReadLine() is { } row; line++)
        {
            string[] cells = row.Split(',');
            double at = TimeOf(cells, time);
            bool isGood = cells.Length == head.Length && (seconds.Count == 0 ? double.IsFinite(at) : at > seconds[^1]);
            if (!isGood || seconds.Count == RowsMax)
            {
                cause = isGood
                    ? FormattableString.Invariant($"more than {RowsMax} rows")
                    : FormattableString.Invariant(
                        $"line {line}: expected {head.Length} cells and a time after the line before");
                throw new FormatException($"cannot replay \"{name}\": {cause}");
            }

            seconds.Add(at);
            for (int i = 0; i < places.Length; i++)
            {
                values[i].Add(NumberOf(cells[places[i]], name, line));
            }
        }

        return seconds.Count >= 2
            ? new Recording(
                [.. seconds.Select(at => at - seconds[0])],
                places.Index().ToDictionary(pair => head[pair.Item], pair => values[pair.Index].ToArray()))
            : throw new FormatException(
                $"cannot replay \"{name}\": expected at least 2 rows, found {seconds.Count}");
    }

    /// <summary>What was recorded of a signal; null when nothing was.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="start">Event time of the run's start, nanoseconds since 1970.</param>
    internal Func<PlantConditions, double>? SeriesOf(SignalInstance signal, long start)
    {
        if (!_columns.TryGetValue(signal.Id, out double[]? values))
        {
            return null;
        }

        double length = _seconds[^1] + (_seconds[^1] - _seconds[^2]); // the last row lasts as long as the one before
        return plant =>
        {
            double at = (plant.Time - start) / (double)Timestamp.NanosecondsPerSecond % length;
            int found = Array.BinarySearch(_seconds, at);
            return values[found >= 0 ? found : ~found - 1];
        };
    }

    private static bool IsSignal(SiteCatalogue site, string column)
    {
        int dot = column.IndexOf('.');
        return dot > 0 && site.TryGetSignal(column[..dot], column[(dot + 1)..], out _);
    }

    private static double TimeOf(string[] cells, int place)
    {
        if (place >= cells.Length)
        {
            return double.NaN;
        }

        bool isNumber = double.TryParse(
            cells[place], NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds);
        return isNumber ? seconds
            : CellText.TryReadTime(cells[place], out DateTimeOffset time)
                ? time.ToUnixTimeMilliseconds() / 1_000.0
                : double.NaN;
    }

    private static double NumberOf(string cell, string name, int line) =>
        CellText.TryReadNumber(cell, out double value) ? value : throw new FormatException(FormattableString.Invariant(
            $"cannot replay \"{name}\": line {line}: expected a number, found \"{cell}\""));
}
