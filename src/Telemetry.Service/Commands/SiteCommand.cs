using System.CommandLine;
using System.Text.Json;

namespace Telemetry.Service;

/// <summary><c>telemetry site</c>: the site of a running service.</summary>
internal static class SiteCommand
{
    public static Command Create()
    {
        var command = new Command("site", "The site of a running service");
        command.Subcommands.Add(CreateReload());
        return command;
    }

    private static Command CreateReload()
    {
        var address = new ServiceAddress();
        var command = new Command("reload", "Read site file and site.d again; every fault is named with file and line");
        address.AddTo(command);
        command.SetAction((arguments, cancellation) => ServiceQuestion.AskAsync(address, arguments, async client =>
        {
            using HttpResponseMessage answer = await client.PostAsync("/api/site/reload", null, cancellation);
            using JsonDocument document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
            return Print(document.RootElement);
        }));
        return command;
    }

    private static int Print(JsonElement answer)
    {
        if (answer.TryGetProperty("error", out JsonElement error))
        {
            Console.Error.WriteLine(error.GetString());
            return ExitCode.Failed;
        }

        foreach (JsonElement fault in answer.GetProperty("faults").EnumerateArray())
        {
            Console.Error.WriteLine(fault.GetString());
        }

        JsonElement inForce = answer.GetProperty("inForce");
        string outcome = answer.GetProperty("outcome").GetString()!;
        Console.WriteLine(
            $"{outcome}: site {inForce.GetProperty("hash").GetString()} with "
            + $"{inForce.GetProperty("routes").GetArrayLength()} routes is in force since offset "
            + $"{inForce.GetProperty("sinceOffset").GetInt64()}");
        return outcome == "refused" ? ExitCode.Failed : ExitCode.Done;
    }
}
