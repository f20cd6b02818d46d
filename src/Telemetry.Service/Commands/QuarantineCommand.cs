using System.CommandLine;
using System.Text.Json;

namespace Telemetry.Service;

/// <summary>
/// <c>telemetry quarantine list|show|retry|export</c>: what a running service could not decode, and the way back.
/// </summary>
internal static class QuarantineCommand
{
    public static Command Create() => new("quarantine", "Messages that could not be decoded")
    {
        CreateList(),
        CreateShow(),
        CreateRetry(),
        CreateExport(),
    };

    private static Command CreateList()
    {
        var limit = new Option<int>("--limit") { Description = "At most so many", DefaultValueFactory = _ => 50 };
        var before = new Option<long?>("--before") { Description = "The page before this number" };
        var choice = new Choice();
        var address = new ServiceAddress();
        var command = new Command("list", "List them, newest first") { limit, before };
        choice.AddTo(command);
        address.AddTo(command);
        command.SetAction((arguments, cancellation) =>
        {
            string page = arguments.GetValue(before) is { } number ? $"&before={number}" : "";
            string path = $"/api/quarantine?limit={arguments.GetValue(limit)}{page}{choice.Query(arguments)}";
            return ServiceQuestion.AskAsync(
                address, arguments, () => new HttpRequestMessage(HttpMethod.Get, path), PrintList, cancellation);
        });
        return command;
    }

    private static Command CreateShow()
    {
        var id = new Argument<long>("id") { Description = "Its number, as list shows it" };
        var address = new ServiceAddress();
        var command = new Command("show", "Show one with its payload around the fault") { id };
        address.AddTo(command);
        command.SetAction((arguments, cancellation) => ServiceQuestion.AskAsync(
            address,
            arguments,
            () => new HttpRequestMessage(HttpMethod.Get, $"/api/quarantine/{arguments.GetValue(id)}"),
            PrintOne,
            cancellation));
        return command;
    }

    private static Command CreateRetry()
    {
        var ids = new Argument<long[]>("ids")
        {
            Description = "Their numbers; none: those that the options choose",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var all = new Option<bool>("--all") { Description = "All that are not resolved" };
        var choice = new Choice();
        var address = new ServiceAddress();
        var command = new Command("retry", "Decode them again with the routes of now, with their first times")
        {
            ids,
            all,
        };
        choice.AddTo(command);
        address.AddTo(command);
        command.SetAction((arguments, cancellation) => ServiceQuestion.AskAsync(
            address,
            arguments,
            () => new HttpRequestMessage(HttpMethod.Post, "/api/quarantine/retry")
            {
                Content = JsonContent.Create(new
                {
                    ids = arguments.GetValue(ids) ?? [],
                    all = arguments.GetValue(all),
                    topic = arguments.GetValue(choice.Topic),
                    client = arguments.GetValue(choice.Client),
                    reason = arguments.GetValue(choice.Reason),
                    state = arguments.GetValue(choice.State),
                    from = arguments.GetValue(choice.From),
                    to = arguments.GetValue(choice.To),
                }),
            },
            PrintReport,
            cancellation));
        return command;
    }

    private static Command CreateExport()
    {
        var output = new Option<string?>("--output") { Description = "File to write; none: print" };
        var choice = new Choice();
        var address = new ServiceAddress();
        var command = new Command("export", "Write them as JSON lines, payloads in base64, oldest first") { output };
        choice.AddTo(command);
        address.AddTo(command);
        command.SetAction(async (arguments, cancellation) =>
        {
            using HttpClient? client = address.Connect(arguments);
            if (client is null)
            {
                return ExitCode.BadSettings;
            }

            client.Timeout = Timeout.InfiniteTimeSpan;
            try
            {
                string path = $"/api/quarantine/export?{choice.Query(arguments).TrimStart('&')}";
                await using Stream answer = await client.GetStreamAsync(path, cancellation);
                await using Stream target = arguments.GetValue(output) is { } file
                    ? File.Create(file)
                    : Console.OpenStandardOutput();
                await answer.CopyToAsync(target, cancellation);
                return ExitCode.Done;
            }
            catch (Exception cause) when (cause is HttpRequestException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"cannot export from {client.BaseAddress}: {cause.Message}; what was written "
                    + "is not whole");
                return ExitCode.Failed;
            }
        });
        return command;
    }

    private static void PrintList(JsonElement list)
    {
        if (list.GetArrayLength() == 0)
        {
            Console.WriteLine("none");
            return;
        }

        TextTable.Print(
            ["number", "arrived", "state", "gateway", "topic", "decoder", "byte", "reason"],
            list.EnumerateArray().Select(entry => new[]
            {
                entry.GetProperty("id").ToString(),
                ServiceQuestion.TimeOf(entry.GetProperty("arrivalTime")),
                entry.GetProperty("state").ToString(),
                entry.GetProperty("gateway").ToString(),
                entry.GetProperty("topic").ToString(),
                entry.GetProperty("decoder").ToString(),
                entry.GetProperty("faultOffset").ToString(),
                ReasonOf(entry),
            }));
    }

    private static string ReasonOf(JsonElement entry)
    {
        string reason = entry.GetProperty("reason").GetString()!;
        string again = entry.GetProperty("retry") is { ValueKind: JsonValueKind.Object } retry
            ? retry.GetProperty("reason").GetString()!
            : "";
        return again.Length == 0 || again == reason ? reason : $"{reason}; again: {again}";
    }

    private static void PrintOne(JsonElement answer)
    {
        JsonElement entry = answer.GetProperty("entry");
        Console.WriteLine($"number    {entry.GetProperty("id")}, {entry.GetProperty("state")}");
        Console.WriteLine($"arrived   {ServiceQuestion.TimeOf(entry.GetProperty("arrivalTime"))}");
        Console.WriteLine($"gateway   {entry.GetProperty("gateway")} (client {entry.GetProperty("client")})");
        Console.WriteLine($"topic     {entry.GetProperty("topic")}");
        Console.WriteLine($"decoder   {entry.GetProperty("decoder")}, route {entry.GetProperty("route")}, "
            + $"version {entry.GetProperty("version")}");
        Console.WriteLine($"reason    {entry.GetProperty("reason")}, at byte {entry.GetProperty("faultOffset")} of "
            + $"{entry.GetProperty("payloadBytes")}");
        if (entry.GetProperty("retry") is { ValueKind: JsonValueKind.Object } retry)
        {
            string outcome = retry.GetProperty("resolved").GetBoolean()
                ? $"{retry.GetProperty("points")} points"
                : $"{retry.GetProperty("reason")}, at byte {retry.GetProperty("faultOffset")}";
            Console.WriteLine($"retried   {outcome} (version {retry.GetProperty("version")})");
        }

        PrintExcerpt(answer.GetProperty("excerpt"));
    }

    /// <summary>The text with a caret below the place, then the dump.</summary>
    private static void PrintExcerpt(JsonElement excerpt)
    {
        Console.WriteLine();
        Console.WriteLine(excerpt.GetProperty("text").GetString());
        Console.WriteLine(new string(' ', excerpt.GetProperty("caret").GetInt32()) + "^");
        Console.WriteLine();
        foreach (JsonElement line in excerpt.GetProperty("dump").EnumerateArray())
        {
            Console.WriteLine(line.GetString());
        }
    }

    private static void PrintReport(JsonElement report)
    {
        foreach (JsonElement outcome in report.GetProperty("outcomes").EnumerateArray())
        {
            string what = outcome.GetProperty("resolved").GetBoolean()
                ? $"resolved, {outcome.GetProperty("points")} points"
                : $"failed again: {outcome.GetProperty("reason")}, at byte {outcome.GetProperty("faultOffset")}";
            Console.WriteLine($"{outcome.GetProperty("id")}  {what}");
        }

        foreach (JsonElement refusal in report.GetProperty("refusals").EnumerateArray())
        {
            Console.Error.WriteLine(refusal.GetString());
        }

        Console.WriteLine($"{report.GetProperty("retried")} decoded again: {report.GetProperty("resolved")} resolved, "
            + $"{report.GetProperty("failed")} failed again, {report.GetProperty("points")} points");
    }

    /// <summary>Options that choose messages.</summary>
    private sealed class Choice
    {
        public Option<string?> Topic { get; } = new("--topic") { Description = "MQTT topic filter, such as 'mill/#'" };

        public Option<string?> Client { get; } = new("--client") { Description = "Client identifier or gateway" };

        public Option<string?> Reason { get; } = new("--reason") { Description = "Its name, such as Truncated" };

        public Option<string?> State { get; } = new("--state") { Description = "waiting, retried, resolved, failed" };

        public Option<string?> From { get; } = new("--from") { Description = "Arrived since, as 2026-01-31T08:00Z" };

        public Option<string?> To { get; } = new("--to") { Description = "Arrived before" };

        private IEnumerable<(string Key, Option<string?> Option)> All =>
        [
            ("topic", Topic), ("client", Client), ("reason", Reason), ("state", State), ("from", From), ("to", To),
        ];

        public void AddTo(Command command)
        {
            foreach ((_, Option<string?> option) in All)
            {
                command.Options.Add(option);
            }
        }

        public string Query(ParseResult arguments) => string.Concat(All
            .Where(pair => arguments.GetValue(pair.Option) is { Length: > 0 })
            .Select(pair => $"&{pair.Key}={Uri.EscapeDataString(arguments.GetValue(pair.Option)!)}"));
    }
}
