using System.Globalization;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Recognition;

/// <summary>Lines of cells: as many in every line, and numbers among them.</summary>
internal static class CsvStructure
{
    private const double Sure = 0.5;
    private static readonly string[] QualityWords = ["OK", "good", "bad", "uncertain", "fault"];
    private static readonly char[] Delimiters = ['\t', ';', ',', '|'];

    /// <summary>A proposal; null when the text has no cells.</summary>
    public static Proposal? Propose(TopicSample sample)
    {
        string[] lines =
        [
            .. sample.Payloads.SelectMany(payload =>
                Encoding.UTF8.GetString(payload.Bytes.Span).Split('\n', StringSplitOptions.TrimEntries))
                .Where(line => line.Length > 0),
        ];
        foreach (char delimiter in Delimiters)
        {
            string[][] rows = [.. lines.Select(line => line.Split(delimiter, StringSplitOptions.TrimEntries))];
            bool isTable = rows.Length > 0
                && rows[0].Length > 1
                && rows.All(row => row.Length == rows[0].Length)
                && rows[^1].Any(IsNumber);
            if (isTable)
            {
                return Of(sample, rows, delimiter);
            }
        }

        return null;
    }

    private static Proposal Of(TopicSample sample, string[][] rows, char delimiter)
    {
        bool hasHeader = rows.Length > 1 && !rows[0].Any(IsNumber);
        string[] cells = hasHeader ? rows[1] : rows[0];
        List<string> evidence = [$"{cells.Length} cells in each line, parted by {NameOf(delimiter)}"];
        string[] columns = [.. cells.Select((cell, i) => hasHeader ? rows[0][i] : ColumnOf(cell, i))];
        if (hasHeader)
        {
            evidence.Add($"the first line names them: {string.Join(", ", columns)}");
        }

        int time = Array.FindIndex(cells, IsTime);
        int? zone = time < 0 ? null : NameTime(sample, cells, columns, time, evidence);
        bool hasTime = time >= 0 && columns[time].Length > 0;
        int quality = Array.FindIndex(cells, cell => QualityWords.Contains(cell, StringComparer.OrdinalIgnoreCase));
        int tag = Array.FindIndex(cells, cell => !IsNumber(cell) && !IsTime(cell) && TopicShape.IsIdentifier(cell));
        Name(columns, quality, "quality", $"tells the quality: {cells.ElementAtOrDefault(quality)}", evidence);
        Name(columns, tag, "device", $"names the device: {cells.ElementAtOrDefault(tag)}", evidence);
        evidence.AddRange(cells.Select((cell, i) => (cell, i))
            .Where(pair => IsNumber(pair.cell) && pair.i != time)
            .Select(pair => $"cell {pair.i + 1} is a number: {pair.cell}, called {columns[pair.i]}"));
        var mapping = new CsvMapping
        {
            Columns = columns,
            Time = hasTime ? columns[time] : "",
            Quality = quality >= 0 ? columns[quality] : "",
            Tags = tag >= 0 ? [columns[tag]] : [],
            Delimiter = delimiter,
            HasHeader = hasHeader,
            ZoneMinutes = zone,
        };
        var route = new RouteDefinition { Name = "", Filter = "", Decoder = "csv", Csv = mapping };
        return new Proposal
        {
            Format = "CSV lines",
            Kind = MessageKind.Measurement,
            Route = UnknownFormat.RouteOf(sample, route, "csv"),
            Confidence = Sure,
            Evidence = evidence,
        };
    }

    /// <summary>
    /// Calls the column of the time so; without a zone a local time says nothing and its column is left out.
    /// </summary>
    /// <returns>The zone of a local time, told by when the lines arrived.</returns>
    private static int? NameTime(
        TopicSample sample, string[] cells, string[] columns, int time, List<string> evidence)
    {
        if (!ValueShape.LocalTime.Fits(PayloadNode.OfScalar(NodeKind.Text, cells[time])))
        {
            Name(columns, time, "time", $"is a time: {cells[time]}", evidence);
            return null;
        }

        int? zone = LocalTimeZone.Of([(cells[time], sample.Payloads[0].Arrival)]);
        if (zone is { } minutes)
        {
            string found = LocalTimeZone.Text(minutes);
            string cause = $"is a local time: {cells[time]}; by the time of arrival its zone is {found}";
            Name(columns, time, "time", cause, evidence);
            return zone;
        }

        columns[time] = "";
        evidence.Add($"cell {time + 1} is a local time without zone: {cells[time]}; the time of arrival stands for it "
            + "until csv.time and csv.zone are written");
        return null;
    }

    private static void Name(string[] columns, int place, string name, string cause, List<string> evidence)
    {
        if (place >= 0)
        {
            columns[place] = columns[place].Length > 0 ? columns[place] : name;
            evidence.Add($"cell {place + 1} {cause}");
        }
    }

    private static string ColumnOf(string cell, int place) =>
        IsNumber(cell) ? string.Create(CultureInfo.InvariantCulture, $"value_{place}") : "";

    private static bool IsNumber(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number);

    private static bool IsTime(string cell)
    {
        var node = PayloadNode.OfScalar(IsNumber(cell) ? NodeKind.Number : NodeKind.Text, cell);
        return ValueShape.LocalTime.Fits(node)
            || ValueShape.IsoTime.Fits(node)
            || ValueShape.Seconds.Fits(node)
            || ValueShape.Milliseconds.Fits(node);
    }

    private static string NameOf(char delimiter) => delimiter switch
    {
        '\t' => "tabs",
        ';' => "semicolons",
        ',' => "commas",
        _ => "bars",
    };
}
