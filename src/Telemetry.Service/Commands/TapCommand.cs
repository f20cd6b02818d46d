using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Telemetry.Model;

namespace Telemetry.Service;

/// <summary><c>telemetry tap</c>: watches decoded points of a running service as they arrive.</summary>
internal static class TapCommand
{
    public static Command Create()
    {
        var signals = new Argument<string[]>("signals")
        {
            Description = "Signals to watch, for instance CR-201.motor_current; none: all",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var address = new ServiceAddress();
        var command = new Command("tap", "Watch decoded points as they arrive, until Ctrl+C");
        command.Arguments.Add(signals);
        address.AddTo(command);
        command.SetAction(async (arguments, cancellation) =>
        {
            using HttpClient? client = address.Connect(arguments);
            if (client is null)
            {
                return ExitCode.BadSettings;
            }

            client.Timeout = Timeout.InfiniteTimeSpan;
            string names = Uri.EscapeDataString(string.Join(',', arguments.GetValue(signals) ?? []));
            try
            {
                string path = $"/api/points/feed?signals={names}";
                await using Stream stream = await client.GetStreamAsync(path, cancellation);
                using var reader = new StreamReader(stream);
                while (await reader.ReadLineAsync(cancellation) is { } line)
                {
                    Print(line);
                }

                return ExitCode.Done;
            }
            catch (HttpRequestException cause)
            {
                Console.Error.WriteLine($"cannot watch {client.BaseAddress}: {cause.Message}; is the service running?");
                return ExitCode.Failed;
            }
            catch (OperationCanceledException)
            {
                return ExitCode.Done;
            }
        });
        return command;
    }

    private static void Print(string line)
    {
        const string prefix = "data: ";
        if (!line.StartsWith(prefix, StringComparison.Ordinal))
        {
            return;
        }

        using JsonDocument document = JsonDocument.Parse(line[prefix.Length..]);
        foreach (JsonElement sample in document.RootElement.EnumerateArray())
        {
            Console.WriteLine(TextOf(sample));
        }
    }

    /// <summary>A sample of the feed as a line; its quality only where it is not plainly good.</summary>
    internal static string TextOf(JsonElement sample)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(sample.GetProperty("timeMilliseconds").GetInt64());
        string quality = sample.TryGetProperty("quality", out JsonElement code)
            ? $"  quality {code} ({Quality.ClassOf(code.GetByte())})"
            : "";
        string value = $"{sample.GetProperty("signal")} = {sample.GetProperty("value")}";
        return string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ss.fffZ}  {value}{quality}");
    }
}
