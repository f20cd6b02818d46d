namespace Telemetry.FirmwareSim;

/// <summary>
/// Hourly weather as observed, from a CSV file with the columns <c>time_utc</c>, <c>air_temp_c</c> and any of
/// <c>rel_humidity_pct</c>, <c>wind_speed_ms</c>, <c>wind_dir_deg</c>, <c>visibility_km</c> and
/// <c>station_pressure_hpa</c>. Between hours it goes straight; what is missing for more than six hours comes from the
/// generator. A time outside the file takes the same season of a year inside.
/// </summary>
public sealed class WeatherFile
{
    /// <summary>Most rows of a file: a century of hours.</summary>
    public const int RowsMax = 900_000;

    private const double GapSecondsMax = 6 * 3_600;
    private const double DaySeconds = 86_400;
    private const double YearDays = 365.25;
    private static readonly string[] Columns =
        ["air_temp_c", "rel_humidity_pct", "wind_speed_ms", "wind_dir_deg", "visibility_km", "station_pressure_hpa"];

    private readonly Series[] _series; // in the order of the columns

    private WeatherFile(List<(double Seconds, double[] Values)> rows)
    {
        _series =
        [
            .. Columns.Select((_, column) => new Series(
                [.. rows.Where(row => !double.IsNaN(row.Values[column])).Select(row => row.Seconds)],
                [.. rows.Select(row => row.Values[column]).Where(value => !double.IsNaN(value))])),
        ];
        From = rows[0].Seconds;
        To = rows[^1].Seconds;
        RowCount = rows.Count;
    }

    /// <summary>How many hours it has.</summary>
    public int RowCount { get; }

    /// <summary>Its first time, seconds since 1970.</summary>
    public double From { get; }

    /// <summary>Its last time, seconds since 1970.</summary>
    public double To { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="name">What it is called, for the message.</param>
    /// <exception cref="FormatException">It cannot be read; the message says where and why.</exception>
    public static WeatherFile Parse(TextReader text, string name)
    {
        string[] head = (text.ReadLine() ?? "").Split(',');
        int time = Array.IndexOf(head, "time_utc");
        int[] places = [.. Columns.Select(column => Array.IndexOf(head, column))];
        if (time < 0 || places[0] < 0)
        {
            const string Cause = "expected the columns time_utc and air_temp_c in line 1";
            throw new FormatException($"cannot read weather \"{name}\": {Cause}");
        }

        var rows = new List<(double Seconds, double[] Values)>();
        for (int line = 2; text.ReadLine() is { } row; line++)
        {
            string[] cells = row.Split(',');
            double seconds = TimeOf(cells, time, name, line);
            bool isInOrder = rows.Count == 0 || seconds > rows[^1].Seconds;
            if (!isInOrder || rows.Count == RowsMax)
            {
                string cause = isInOrder
                    ? FormattableString.Invariant($"it has more than {RowsMax} rows")
                    : FormattableString.Invariant($"line {line} is not after the line before");
                throw new FormatException($"cannot read weather \"{name}\": {cause}");
            }

            rows.Add((seconds, [.. places.Select(place => NumberOf(cells, place, name, line))]));
        }

        return rows.Count >= 2
            ? new WeatherFile(rows)
            : throw new FormatException(
                $"cannot read weather \"{name}\": expected at least 2 rows, found {rows.Count}");
    }

    /// <summary>The weather of a time, and of the generator where the file has none.</summary>
    internal WeatherSample Over(WeatherSample generated, double seconds)
    {
        double at = Inside(seconds);
        return generated with
        {
            AirTemp = _series[0].At(at, generated.AirTemp),
            Humidity = _series[1].At(at, generated.Humidity),
            Wind = _series[2].At(at, generated.Wind),
            WindDirection = _series[3].At(at, generated.WindDirection),
            Visibility = _series[4].At(at, generated.Visibility),
            Pressure = _series[5].At(at, generated.Pressure),
        };
    }

    /// <summary>The same time of day and season within the file, if it has that season.</summary>
    private double Inside(double seconds)
    {
        double years = seconds < From ? Math.Ceiling((From - seconds) / (YearDays * DaySeconds))
            : seconds > To ? -Math.Ceiling((seconds - To) / (YearDays * DaySeconds))
            : 0;
        return seconds + (Math.Round(years * YearDays) * DaySeconds);
    }

    private static double TimeOf(string[] cells, int place, string name, int line) =>
        place < cells.Length && CellText.TryReadTime(cells[place], out DateTimeOffset time)
            ? time.ToUnixTimeSeconds()
            : throw Refusal(name, line, "a time", place < cells.Length ? cells[place] : "");

    private static double NumberOf(string[] cells, int place, string name, int line)
    {
        string cell = place >= 0 && place < cells.Length ? cells[place] : "";
        return CellText.TryReadNumber(cell, out double value)
            ? value
            : throw Refusal(name, line, "a number", cell);
    }

    private static FormatException Refusal(string name, int line, string expected, string found) => new(
        FormattableString.Invariant(
            $"cannot read weather \"{name}\": expected {expected}, found \"{found}\" in line {line}"));

    /// <summary>The hours of one column that have a value.</summary>
    private sealed class Series(double[] seconds, double[] values)
    {
        private int _last; // where the last question was answered

        public double At(double at, double otherwise)
        {
            int next = NextAfter(at);
            bool isInside = next > 0 && next < seconds.Length && seconds[next] - seconds[next - 1] <= GapSecondsMax;
            if (!isInside)
            {
                return otherwise;
            }

            double part = (at - seconds[next - 1]) / (seconds[next] - seconds[next - 1]);
            return values[next - 1] + ((values[next] - values[next - 1]) * part);
        }

        private int NextAfter(double at)
        {
            int last = Volatile.Read(ref _last);
            if (last > 0 && last < seconds.Length && seconds[last - 1] <= at && at < seconds[last])
            {
                return last;
            }

            int found = Array.BinarySearch(seconds, at);
            int next = found >= 0 ? found + 1 : ~found;
            Volatile.Write(ref _last, next);
            return next;
        }
    }
}
