using System.CommandLine;
using System.Text.Json;

namespace Telemetry.Service;

/// <summary><c>telemetry query "SELECT …"</c>: asks a running service and prints a table or CSV.</summary>
internal static class QueryCommand
{
    public static Command Create()
    {
        var statement = new Argument<string>("statement") { Description = "InfluxQL, such as 'SHOW MEASUREMENTS'" };
        var csv = new Option<bool>("--csv") { Description = "Print CSV, for spreadsheets" };
        var address = new ServiceAddress();
        var command = new Command("query", "Ask a running service in InfluxQL");
        command.Arguments.Add(statement);
        command.Options.Add(csv);
        address.AddTo(command);
        command.SetAction((arguments, cancellation) => ServiceQuestion.AskAsync(address, arguments, async client =>
        {
            string path = $"/query?db=telemetry&q={Uri.EscapeDataString(arguments.GetValue(statement)!)}";
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Accept", arguments.GetValue(csv) ? "application/csv" : "application/json");
            using HttpResponseMessage answer = await client.SendAsync(request, cancellation);
            string text = await answer.Content.ReadAsStringAsync(cancellation);
            return arguments.GetValue(csv) ? PrintText(text, answer.IsSuccessStatusCode) : PrintTables(text);
        }));
        return command;
    }

    private static int PrintText(string text, bool isGood)
    {
        Console.Write(text);
        return isGood ? ExitCode.Done : ExitCode.Failed;
    }

    private static int PrintTables(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        if (document.RootElement.TryGetProperty("error", out JsonElement error))
        {
            Console.Error.WriteLine(error.GetString());
            return ExitCode.Failed;
        }

        int exitCode = ExitCode.Done;
        foreach (JsonElement result in document.RootElement.GetProperty("results").EnumerateArray())
        {
            if (result.TryGetProperty("error", out JsonElement refusal))
            {
                Console.Error.WriteLine(refusal.GetString());
                exitCode = ExitCode.Failed;
            }
            else if (result.TryGetProperty("series", out JsonElement series))
            {
                foreach (JsonElement table in series.EnumerateArray())
                {
                    PrintTable(table);
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
