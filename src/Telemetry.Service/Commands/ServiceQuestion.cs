using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Telemetry.Service;

/// <summary>One question of a command to a running service, and what is printed when there is no answer.</summary>
internal static class ServiceQuestion
{
    /// <summary>Asks, and lets <paramref name="print"/> print a good answer; an error is printed as the service words
    /// it.</summary>
    public static Task<int> AskAsync(
        ServiceAddress address,
        ParseResult arguments,
        Func<HttpRequestMessage> question,
        Action<JsonElement> print,
        CancellationToken cancellation) => AskAsync(address, arguments, async client =>
        {
            client.Timeout = Timeout.InfiniteTimeSpan; // a retry of very many takes its time; Ctrl+C ends the wait
            using HttpRequestMessage request = question();
            using HttpResponseMessage answer = await client.SendAsync(request, cancellation);
            using JsonDocument document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
            if (answer.IsSuccessStatusCode)
            {
                print(document.RootElement);
                return ExitCode.Done;
            }

            Console.Error.WriteLine(document.RootElement.GetProperty("error").GetString());
            return ExitCode.Failed;
        });

    /// <summary>Asks in the command's own way; what goes wrong on the line is said here, for all commands.</summary>
    public static async Task<int> AskAsync(
        ServiceAddress address, ParseResult arguments, Func<HttpClient, Task<int>> ask)
    {
        using HttpClient? client = address.Connect(arguments);
        if (client is null)
        {
            return ExitCode.BadSettings;
        }

        try
        {
            return await ask(client);
        }
        catch (Exception cause)
            when (cause is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            Console.Error.WriteLine($"cannot ask {client.BaseAddress}: {cause.Message}; is the service running?");
        }
        catch (Exception cause) when (cause is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            Console.Error.WriteLine($"cannot read the answer of {client.BaseAddress}: is it a telemetry service?");
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("not waited for; what was begun goes on");
        }

        return ExitCode.Failed;
    }

    /// <summary>Nanoseconds since 1970 as people read them.</summary>
    public static string TimeOf(JsonElement nanoseconds) => DateTimeOffset.UnixEpoch
        .AddTicks(nanoseconds.GetInt64() / 100)
        .ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
