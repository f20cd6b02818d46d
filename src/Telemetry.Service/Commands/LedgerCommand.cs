using System.CommandLine;
using System.Text.Json;

namespace Telemetry.Service;

/// <summary><c>telemetry ledger</c>: what became of every message, from a running service.</summary>
internal static class LedgerCommand
{
    private static readonly string[] Columns =
    [
        "hour", "gateway", "received", "pending", "decoded", "notAMeasurement", "noRoute", "quarantined", "recovered",
        "duplicate", "dropped", "missing", "points", "stored", "refused",
    ];

    public static Command Create()
    {
        var from = new Option<string>("--from") { Description = "First hour, such as 2026-01-31T00:00:00Z" };
        var to = new Option<string>("--to") { Description = "End, not included; without both the last 24 hours" };
        var gateway = new Option<string>("--gateway") { Description = "Of this gateway only" };
        var csv = new Option<bool>("--csv") { Description = "Print CSV, for spreadsheets" };
        var address = new ServiceAddress();
        var command = new Command("ledger", "Show what became of every message, by gateway and hour")
        {
            from, to, gateway, csv,
        };
        address.AddTo(command);
        command.SetAction((arguments, cancellation) => ServiceQuestion.AskAsync(address, arguments, async client =>
        {
            string path = "/api/ledger?format=" + (arguments.GetValue(csv) ? "csv" : "json")
                + Parameter("from", arguments.GetValue(from))
                + Parameter("to", arguments.GetValue(to))
                + Parameter("gateway", arguments.GetValue(gateway));
            using HttpResponseMessage answer = await client.GetAsync(new Uri(path, UriKind.Relative), cancellation);
            string text = await answer.Content.ReadAsStringAsync(cancellation);
            using JsonDocument? document = arguments.GetValue(csv) && answer.IsSuccessStatusCode
                ? null
                : JsonDocument.Parse(text);
            if (!answer.IsSuccessStatusCode)
            {
                Console.Error.WriteLine(document!.RootElement.GetProperty("error").GetString());
                return ExitCode.Failed;
            }

            if (document is not null)
            {
                return Print(document.RootElement);
            }

            Console.Write(text);
            return ExitCode.Done;
        }));
        return command;
    }

    private static string Parameter(string name, string? value) =>
        string.IsNullOrEmpty(value) ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    private static int Print(JsonElement root)
    {
        TextTable.Print(Columns, root.GetProperty("rows").EnumerateArray().Select(row =>
            Columns.Select(column => row.GetProperty(column).ToString()).ToArray()));
        Console.WriteLine();
        bool closes = root.GetProperty("closes").GetBoolean();
        Console.WriteLine(closes
            ? $"It closes: {root.GetProperty("audited")} messages compared with the log since the start."
            : $"It does NOT close: {root.GetProperty("off")} messages are not accounted for. This is a bug.");
        return closes ? ExitCode.Done : ExitCode.Failed;
    }
}
