using System.CommandLine;
using System.Text.Json;
using Telemetry.Api;
using Telemetry.Ingestion;

namespace Telemetry.Service;

/// <summary>
/// <c>telemetry route list|show|confirm</c>: what a running service proposes for topics that no route names a format
/// for, and the engineer's yes to it.
/// </summary>
internal static class RouteCommand
{
    private const string Path = "/api/proposals";
    private const int PercentPerWhole = 100;

    public static Command Create() => new("route", "See and confirm how a running service would read new topics")
    {
        CreateList(),
        CreateShow(),
        CreateConfirm(),
    };

    private static Command CreateList()
    {
        var address = new ServiceAddress();
        var command = new Command("list", "List what is proposed, the surest first");
        address.AddTo(command);
        command.SetAction((arguments, cancellation) => ServiceQuestion.AskAsync(address, arguments, async client =>
        {
            TopicProposal[] proposals = await AllAsync(client, cancellation);
            foreach (TopicProposal proposal in proposals)
            {
                Say($"{proposal.Id}  {Percent(proposal)}  {proposal.Format} ({proposal.Kind})");
                Say($"    {proposal.Filter} -> {proposal.Decoder}, {proposal.MessageCount} messages seen");
            }

            Console.WriteLine($"{proposals.Length} proposals; 'telemetry route show NAME' tells why");
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command CreateShow()
    {
        Argument<string> id = Id();
        var address = new ServiceAddress();
        var command = new Command("show", "Tell why, and what it would give");
        command.Arguments.Add(id);
        address.AddTo(command);
        command.SetAction((arguments, cancellation) => ServiceQuestion.AskAsync(address, arguments, async client =>
        {
            string wanted = arguments.GetValue(id)!;
            if ((await AllAsync(client, cancellation)).FirstOrDefault(each => each.Id == wanted) is not { } proposal)
            {
                Console.Error.WriteLine($"there is no proposal '{wanted}'; 'telemetry route list' shows all");
                return ExitCode.Failed;
            }

            Print(proposal);
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command CreateConfirm()
    {
        Argument<string> id = Id();
        var name = new Option<string>("--name") { Description = "Another name for the route and its file" };
        var address = new ServiceAddress();
        var command = new Command("confirm", "Write the route beside the site file and put it into force");
        command.Arguments.Add(id);
        command.Options.Add(name);
        address.AddTo(command);
        command.SetAction((arguments, cancellation) => ServiceQuestion.AskAsync(address, arguments, async client =>
        {
            string query = arguments.GetValue(name) is { } other ? $"?name={Uri.EscapeDataString(other)}" : "";
            string path = $"{Path}/{Uri.EscapeDataString(arguments.GetValue(id)!)}/confirm{query}";
            using HttpResponseMessage answer = await client.PostAsync(path, content: null, cancellation);
            if (answer.IsSuccessStatusCode)
            {
                JsonElement body = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
                Console.WriteLine(body.GetProperty("message").GetString());
                return ExitCode.Done;
            }

            Console.Error.WriteLine((await answer.Content.ReadFromJsonAsync<ErrorAnswer>(cancellation))?.Error);
            return ExitCode.Failed;
        }));
        return command;
    }

    private static void Print(TopicProposal proposal)
    {
        Say($"{proposal.Format} ({proposal.Kind}), {Percent(proposal)} sure");
        Say($"topics: {string.Join(", ", proposal.Topics)}");
        foreach (string sentence in proposal.Evidence)
        {
            Say($"  - {sentence}");
        }

        if (proposal.Missing.Length > 0)
        {
            Say($"cannot be confirmed; it wants {proposal.Missing}");
        }
        else
        {
            Say(proposal.Samples.Count > 0 ? "it would store:" : "it would store nothing");
        }

        foreach (ProposedSample sample in proposal.Samples)
        {
            string bound = sample.Signal is { } signal ? $" = {signal}" : "";
            string quality = sample.Quality == "good" ? "" : $" ({sample.Quality})";
            string time = sample.Time ?? "at arrival";
            Say($"  {sample.Series} {sample.Field}={sample.Value}{quality} {time}{bound}");
        }

        Console.WriteLine();
        Console.Write(proposal.Yaml);
    }

    /// <summary>What senders wrote is quoted, and must not steer the terminal.</summary>
    private static void Say(string line) =>
        Console.WriteLine(string.Concat(line.Select(c => char.IsControl(c) ? ' ' : c)));

    private static Argument<string> Id() => new("name") { Description = "As 'telemetry route list' has it" };

    private static string Percent(TopicProposal proposal) => $"{proposal.Confidence * PercentPerWhole:0} %";

    private static async Task<TopicProposal[]> AllAsync(HttpClient client, CancellationToken cancellation) =>
        await client.GetFromJsonAsync<TopicProposal[]>(Path, cancellation) ?? [];
}
