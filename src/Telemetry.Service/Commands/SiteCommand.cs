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
        command.SetAction(async (arguments, cancellation) =>
        {
            using HttpClient? client = address.Connect(arguments);
            return client is null ? ExitCode.BadSettings : await ReloadAsync(client, cancellation);
        });
        return command;
    }

    private static async Task<int> ReloadAsync(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage answer = await client.PostAsync("/api/site/reload", null, cancellation);
            string text = await answer.Content.ReadAsStringAsync(cancellation);
            using JsonDocument document = JsonDocument.Parse(text);
            return Print(document.RootElement);
        }
        catch (Exception cause) when (cause is HttpRequestException or TaskCanceledException)
        {
            Console.Error.WriteLine($"cannot ask {client.BaseAddress}: {cause.Message}; is the service running?");
            return ExitCode.Failed;
        }
        catch (JsonException)
        {
            Console.Error.WriteLine($"cannot read the answer of {client.BaseAddress}: is it a telemetry service?");
            return ExitCode.Failed;
        }
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
