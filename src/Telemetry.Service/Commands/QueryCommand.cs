using System.CommandLine;
using System.Text.Json;

namespace Telemetry.Service;

/// <summary>
/// <c>telemetry query "SELECT …"</c>: asks a running service and prints a table, CSV, JSON or a plot.
/// </summary>
internal static class QueryCommand
{
    private static readonly string[] Formats = ["table", "csv", "json"];

    public static Command Create()
    {
        var statement = new Argument<string>("statement") { Description = "InfluxQL, such as 'SHOW MEASUREMENTS'" };
        var format = new Option<string>("--format") { Description = "table (usual), csv or json" };
        var csv = new Option<bool>("--csv") { Description = "The same as --format csv, for spreadsheets" };
        var plot = new Option<bool>("--plot") { Description = "Draw the answer's columns over time" };
        var ascii = new Option<bool>("--ascii") { Description = "Draw with plain characters" };
        format.AcceptOnlyFromAmong(Formats);
        var address = new ServiceAddress();
        var command = new Command("query", "Ask a running service in InfluxQL") { statement, format, csv, plot, ascii };
        command.Validators.Add(arguments =>
        {
            if (arguments.GetValue(plot) && (arguments.GetValue(csv) || arguments.GetValue(format) is not null))
            {
                arguments.AddError("--plot takes the place of --format and --csv; give one of them");
            }
        });
        address.AddTo(command);
        command.SetAction((arguments, cancellation) => ServiceQuestion.AskAsync(address, arguments, async client =>
        {
            string wanted = arguments.GetValue(csv) ? "csv" : arguments.GetValue(format) ?? "table";
            string question = arguments.GetValue(statement)!;
            (string text, bool isGood) = await AskAsync(client, question, wanted == "csv", cancellation);
            if (wanted == "csv" || (wanted == "json" && !isGood))
            {
                return PrintText(text, isGood);
            }

            using JsonDocument answer = JsonDocument.Parse(text);
            if (arguments.GetValue(plot))
            {
                using JsonDocument site = await SiteAsync(client, cancellation);
                bool isAscii = arguments.GetValue(ascii)
                    || TerminalLook.IsAscii(Environment.GetEnvironmentVariable);
                return PrintPlot(answer.RootElement, question, site.RootElement, isAscii);
            }

            return wanted == "json"
                ? PrintText(text, ReportErrors(answer.RootElement) == ExitCode.Done)
                : PrintTables(answer.RootElement);
        }));
        return command;
    }

    private static async Task<(string Text, bool IsGood)> AskAsync(
        HttpClient client, string statement, bool isCsv, CancellationToken cancellation)
    {
        string path = $"/query?db=telemetry&q={Uri.EscapeDataString(statement)}";
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", isCsv ? "application/csv" : "application/json");
        using HttpResponseMessage answer = await client.SendAsync(request, cancellation);
        return (await answer.Content.ReadAsStringAsync(cancellation), answer.IsSuccessStatusCode);
    }

    private static async Task<JsonDocument> SiteAsync(HttpClient client, CancellationToken cancellation)
    {
        using HttpResponseMessage answer = await client.GetAsync(
            new Uri("/api/site", UriKind.Relative), cancellation);
        return JsonDocument.Parse(
            answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(cancellation) : "null");
    }

    private static int PrintText(string text, bool isGood)
    {
        Console.Write(text);
        return isGood ? ExitCode.Done : ExitCode.Failed;
    }

    private static int PrintPlot(JsonElement answer, string statement, JsonElement site, bool isAscii)
    {
        int exitCode = ReportErrors(answer);
        if (exitCode != ExitCode.Done)
        {
            return exitCode;
        }

        IReadOnlyList<string> lines = new TerminalPlot(TerminalLook.Width(), isAscii)
            .Draw(QueryCurves.Read(answer, statement, site));
        if (lines.Count == 0)
        {
            Console.Error.WriteLine(
                "cannot plot the answer: expected numbers over time, found none; ask without --plot");
            return ExitCode.Failed;
        }

        lines.ToList().ForEach(Console.WriteLine);
        return ExitCode.Done;
    }

    /// <summary>Prints the errors of an answer, of the whole and of each statement.</summary>
    private static int ReportErrors(JsonElement answer)
    {
        IEnumerable<JsonElement> parts = answer.TryGetProperty("results", out JsonElement results)
            ? results.EnumerateArray().Prepend(answer)
            : [answer];
        int exitCode = ExitCode.Done;
        foreach (JsonElement part in parts)
        {
            if (part.TryGetProperty("error", out JsonElement error))
            {
                Console.Error.WriteLine(error.GetString());
                exitCode = ExitCode.Failed;
            }
        }

        return exitCode;
    }

    private static int PrintTables(JsonElement answer)
    {
        int exitCode = ReportErrors(answer);
        if (answer.TryGetProperty("results", out JsonElement results))
        {
            foreach (JsonElement result in results.EnumerateArray())
            {
                if (result.TryGetProperty("series", out JsonElement series))
                {
                    series.EnumerateArray().ToList().ForEach(PrintTable);
                }
            }
        }

        return exitCode;
    }

    private static void PrintTable(JsonElement table)
    {
        string name = table.TryGetProperty("name", out JsonElement text) ? text.GetString()! : "";
        string tags = table.TryGetProperty("tags", out JsonElement pairs)
            ? string.Join(", ", pairs.EnumerateObject().Select(tag => $"{tag.Name}={tag.Value}"))
            : "";
        Console.WriteLine($"# {name} {tags}".TrimEnd());
        TextTable.Print(
            [.. table.GetProperty("columns").EnumerateArray().Select(cell => cell.ToString())],
            table.GetProperty("values").EnumerateArray().Select(row =>
                row.EnumerateArray().Select(cell => cell.ToString()).ToArray()));
        Console.WriteLine();
    }
}
