using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Telemetry.Service;

/// <summary><c>telemetry gateway check NAME</c>: whether a gateway is right, and if not, what to do.</summary>
internal static class GatewayCheckCommand
{
    private const int StateWidth = 8;
    private const int TitleWidth = 24;

    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The gateway as the console calls it" };
        var language = new Option<string>("--lang")
        {
            Description = "Language of the words: en, mn or ko",
            DefaultValueFactory = _ => "en",
        };
        var address = new ServiceAddress();
        var command = new Command("check", "Check a gateway; the exit code is 1 when anything is red")
        {
            name,
            language,
        };
        address.AddTo(command);
        command.SetAction(async (arguments, cancellation) =>
        {
            string gateway = Uri.EscapeDataString(arguments.GetValue(name)!);
            string path = $"/api/gateways/{gateway}/check?lang={Uri.EscapeDataString(arguments.GetValue(language)!)}";
            bool isRed = false;
            int exitCode = await ServiceQuestion.AskAsync(
                address,
                arguments,
                () => new HttpRequestMessage(HttpMethod.Get, path),
                answer => isRed = Print(answer),
                cancellation);
            return exitCode == ExitCode.Done && isRed ? ExitCode.Failed : exitCode;
        });
        return command;
    }

    /// <returns>True when anything is red.</returns>
    private static bool Print(JsonElement answer)
    {
        JsonElement words = answer.GetProperty("words");
        string state = answer.GetProperty("state").GetString()!;
        string time = DateTimeOffset.FromUnixTimeMilliseconds(answer.GetProperty("timeMilliseconds").GetInt64())
            .ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        Console.WriteLine($"{words.GetProperty("title")}: {answer.GetProperty("gateway")}, {time}");
        foreach (JsonElement check in answer.GetProperty("checks").EnumerateArray())
        {
            string title = check.GetProperty("title").GetString()!.PadRight(TitleWidth);
            Console.WriteLine(
                $"{check.GetProperty("stateText").GetString(),-StateWidth} {title} {check.GetProperty("seen")}");
            if (check.GetProperty("remedy").GetString() is { Length: > 0 } remedy)
            {
                Console.WriteLine($"{new string(' ', StateWidth + TitleWidth + 2)}→ {remedy}");
            }
        }

        Console.WriteLine($"{words.GetProperty("result")}: {words.GetProperty($"state-{state}")}");
        return state == "red";
    }
}
