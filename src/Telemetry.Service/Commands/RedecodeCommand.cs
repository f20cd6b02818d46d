using System.CommandLine;
using System.Text.Json;

namespace Telemetry.Service;

/// <summary>
/// <c>telemetry redecode</c>: messages of the past by the site of now, for a mapping that was wrong and not failing.
/// </summary>
internal static class RedecodeCommand
{
    private const int HashShown = 8;
    private static readonly TimeSpan ProgressPause = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var from = new Option<string>("--from")
        {
            Description = "Arrived since, as 2026-01-31T08:00Z",
            Required = true,
        };
        var to = new Option<string?>("--to") { Description = "Arrived before; without it until now" };
        var gateway = new Option<string?>("--gateway") { Description = "Of this gateway only" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would change, and write nothing" };
        var overwrite = new Option<bool>("--overwrite")
        {
            Description = "Also over what came later than its message, such as values corrected by hand",
        };
        var address = new ServiceAddress();
        var command = new Command("redecode", "Decode archived messages anew by the site of now, and store the result")
        {
            from, to, gateway, dryRun, overwrite,
        };
        address.AddTo(command);
        command.SetAction((arguments, cancellation) => ServiceQuestion.AskAsync(address, arguments, client =>
        {
            JsonContent body = JsonContent.Create(new
            {
                from = arguments.GetValue(from),
                to = arguments.GetValue(to),
                gateway = arguments.GetValue(gateway),
                dryRun = arguments.GetValue(dryRun),
                overwrite = arguments.GetValue(overwrite),
                who = $"{Environment.UserName}@{Environment.MachineName}",
            });
            return AskAsync(client, body, arguments.GetValue(gateway), arguments.GetValue(dryRun), cancellation);
        }));
        return command;
    }

    private static async Task<int> AskAsync(
        HttpClient client, JsonContent body, string? gateway, bool isDryRun, CancellationToken cancellation)
    {
        client.Timeout = Timeout.InfiniteTimeSpan; // weeks of messages take their time
        try
        {
            Task<HttpResponseMessage> asked = client.PostAsync("/api/redecode", body, cancellation);
            await ShowProgressAsync(client, asked, cancellation);
            using HttpResponseMessage answer = await asked;
            using JsonDocument document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
            JsonElement report = document.RootElement;
            if (report.TryGetProperty("messages", out _) && !report.GetProperty("isRefused").GetBoolean())
            {
                Print(report, gateway, isDryRun);
            }

            string error = report.GetProperty("error").GetString()!;
            Console.Error.Write(error.Length > 0 ? error + Environment.NewLine : "");
            return answer.IsSuccessStatusCode ? ExitCode.Done : ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("stopped: what was written until now is stored; asked again it goes on from there");
            return ExitCode.Failed;
        }
    }

    private static async Task ShowProgressAsync(HttpClient client, Task asked, CancellationToken cancellation)
    {
        bool isShown = false;
        while (await Task.WhenAny(asked, Task.Delay(ProgressPause, cancellation)) != asked)
        {
            using JsonDocument document = JsonDocument.Parse(
                await client.GetStringAsync("/api/redecode", cancellation));
            JsonElement running = document.RootElement.GetProperty("running");
            if (running.ValueKind == JsonValueKind.Object)
            {
                isShown = true;
                ProgressBar.Show(Math.Min(ShareOf(running), 0.99), TextOf(running));
            }
        }

        if (isShown)
        {
            ProgressBar.Show(1, "");
        }
    }

    private static double ShareOf(JsonElement running)
    {
        long from = running.GetProperty("from").GetInt64();
        double whole = running.GetProperty("to").GetInt64() - from;
        return Math.Max(0, (running.GetProperty("reached").GetInt64() - from) / whole);
    }

    private static string TextOf(JsonElement running) =>
        $"{ServiceQuestion.TimeOf(running.GetProperty("reached"))}  {running.GetProperty("messages")} messages, "
        + $"{running.GetProperty("changed")} changed, {running.GetProperty("added")} new";

    private static void Print(JsonElement report, string? gateway, bool isDryRun)
    {
        string warning = report.GetProperty("warning").GetString()!;
        Console.Error.Write(warning.Length > 0 ? $"note: {warning}{Environment.NewLine}" : "");
        string whose = string.IsNullOrEmpty(gateway) ? "of all gateways" : $"of {gateway}";
        string[] then = [.. Lines(report, "sitesThen").Select(hash => Short(hash.GetString()!))];
        string sites = then.Length > 0
            ? $" (site {Short(report.GetProperty("siteNow").GetString()!)}; then {string.Join(", ", then)})"
            : "";
        if (report.GetProperty("messages").GetInt64() == 0)
        {
            PrintNothing(report, whose);
            return;
        }

        Console.WriteLine($"{report.GetProperty("messages")} messages {whose} give {report.GetProperty("samples")} "
            + $"samples by the site of now{sites}:");
        PrintCount(report, "changed", isDryRun ? "would change" : "changed", "another value or quality was stored");
        PrintCount(report, "added", isDryRun ? "would be new" : "new", "nothing was stored at that name and time");
        PrintCount(report, "unchanged", "unchanged", "stored like this already");
        PrintCount(report, "later", "left alone", "what is stored there came later; --overwrite writes over it");
        PrintCount(report, "refused", "refused", "points refused by name: type or ceiling, see /api/refused");
        PrintCount(report, "noRoute", "no route", "messages that no route takes");
        PrintCount(report, "skippedBytes", "unreadable", "bytes of the archive");
        PrintExamples(report);
        PrintFailures(report);
        PrintRemainders(report);
        if (isDryRun)
        {
            Console.WriteLine();
            Console.WriteLine("Nothing was written: without --dry-run it is.");
        }
    }

    private static void PrintCount(JsonElement report, string name, string label, string meaning)
    {
        long count = report.GetProperty(name).GetInt64();
        if (count > 0 || name is "changed" or "added" or "unchanged")
        {
            Console.WriteLine($"  {label,-12}  {count,10}  {meaning}");
        }
    }

    private static void PrintNothing(JsonElement report, string whose)
    {
        string[] heard = [.. Lines(report, "heard").Select(name => name.GetString()!)];
        string others = heard.Length > 0 ? $"; messages came from {string.Join(", ", heard)}" : "";
        Console.WriteLine($"no message {whose} came in that time{others}; nothing was done");
    }

    private static void PrintExamples(JsonElement report)
    {
        JsonElement[] examples = [.. Lines(report, "examples")];
        if (examples.Length == 0)
        {
            return;
        }

        Console.WriteLine();
        Console.WriteLine("The first of each field:");
        TextTable.Print(
            ["time", "series", "field", "stored", "now", "unit"],
            examples.Select(example => new[]
            {
                ServiceQuestion.TimeOf(example.GetProperty("time")),
                example.GetProperty("series").ToString(),
                example.GetProperty("field").ToString(),
                example.GetProperty("before").ToString() is { Length: > 0 } before ? before : "-",
                example.GetProperty("after").ToString(),
                example.GetProperty("unit").ToString(),
            }));
    }

    private static void PrintFailures(JsonElement report)
    {
        long failed = report.GetProperty("failed").GetInt64();
        if (failed == 0)
        {
            return;
        }

        Console.WriteLine();
        Console.WriteLine($"{failed} messages failed, whole or in part; what is stored of them stays:");
        foreach (JsonElement failure in Lines(report, "failures"))
        {
            Console.WriteLine($"  {failure.GetProperty("messages"),10}  {failure.GetProperty("reason")}, first on "
                + $"{failure.GetProperty("topic")} at {ServiceQuestion.TimeOf(failure.GetProperty("arrivalTime"))}");
        }
    }

    private static void PrintRemainders(JsonElement report)
    {
        long left = report.GetProperty("leftBehind").GetInt64();
        if (left == 0)
        {
            return;
        }

        Console.WriteLine();
        Console.WriteLine($"{left} samples stay under names or times that these messages gave when they came, and give "
            + "no more; nothing deletes them:");
        TextTable.Print(
            ["series", "field", "samples", "first", "last", ""],
            Lines(report, "remainders").Select(one => new[]
            {
                one.GetProperty("series").ToString(),
                one.GetProperty("field").ToString(),
                one.GetProperty("samples").ToString(),
                ServiceQuestion.TimeOf(one.GetProperty("first")),
                ServiceQuestion.TimeOf(one.GetProperty("last")),
                one.GetProperty("getsOthers").GetBoolean() ? "gets others at other times" : "gets none now",
            }));
    }

    private static JsonElement.ArrayEnumerator Lines(JsonElement report, string name) =>
        report.GetProperty(name).EnumerateArray();

    private static string Short(string hash) => hash[..Math.Min(hash.Length, HashShown)];
}
