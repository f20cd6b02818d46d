using System.CommandLine;
using System.Text.Json;

namespace Telemetry.Service;

/// <summary><c>telemetry ledger</c>: what became of every message, from a running service.</summary>
internal static class LedgerCommand
{
    private static readonly string[] Columns =
    [
        "hour", "gateway", "received", "pending", "decoded", "notAMeasurement", "noRoute", "quarantined", "duplicate",
        "dropped", "missing", "points", "stored", "refused",
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
        command.SetAction(async (arguments, cancellation) =>
        {
            using HttpClient? client = address.Connect(arguments);
            if (client is null)
            {
                return ExitCode.BadSettings;
            }

            string path = "/api/ledger?format=" + (arguments.GetValue(csv) ? "csv" : "json")
                + Parameter("from", arguments.GetValue(from))
                + Parameter("to", arguments.GetValue(to))
                + Parameter("gateway", arguments.GetValue(gateway));
            try
            {
                using HttpResponseMessage answer = await client.GetAsync(new Uri(path, UriKind.Relative), cancellation);
                string text = await answer.Content.ReadAsStringAsync(cancellation);
                if (!answer.IsSuccessStatusCode || arguments.GetValue(csv))
                {
                    (answer.IsSuccessStatusCode ? Console.Out : Console.Error).Write(text);
                    return answer.IsSuccessStatusCode ? ExitCode.Done : ExitCode.Failed;
                }

                return Print(text);
            }
            catch (Exception cause) when (cause is HttpRequestException or TaskCanceledException)
            {
                Console.Error.WriteLine($"cannot ask {client.BaseAddress}: {cause.Message}; is the service running?");
                return ExitCode.Failed;
            }
        });
        return command;
    }

    private static string Parameter(string name, string? value) =>
        string.IsNullOrEmpty(value) ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    private static int Print(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        TextTable.Print(Columns, root.GetProperty("rows").EnumerateArray().Select(row =>
            Columns.Select(column => row.GetProperty(column).ToString()).ToArray()));
        bool closes = root.GetProperty("closes").GetBoolean();
        Console.WriteLine(closes
            ? $"It closes: {root.GetProperty("audited")} messages compared with the log since the start."
            : $"It does NOT close: {root.GetProperty("off")} messages are not accounted for. This is a bug.");
        return closes ? ExitCode.Done : ExitCode.Failed;
    }
}
