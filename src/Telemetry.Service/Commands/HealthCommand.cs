using System.CommandLine;

namespace Telemetry.Service;

/// <summary>
/// <c>telemetry health</c>: exit code 0 while a running service is well; for container health checks.
/// </summary>
internal static class HealthCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--http-port") { Description = "Its HTTP port", DefaultValueFactory = _ => 8080 };
        var command = new Command("health", "Ask a service on this machine how it does");
        command.Options.Add(port);
        command.SetAction(async (arguments, cancellation) =>
        {
            int number = arguments.GetValue(port);
            if (number is < 1 or > ushort.MaxValue)
            {
                Console.Error.WriteLine($"cannot use --http-port {number}: expected a number from 1 to 65535");
                return ExitCode.BadSettings;
            }

            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(3) };
            try
            {
                var address = new Uri($"http://127.0.0.1:{number}/health");
                using HttpResponseMessage answer = await client.GetAsync(address, cancellation);
                Console.WriteLine(await answer.Content.ReadAsStringAsync(cancellation));
                return answer.IsSuccessStatusCode ? ExitCode.Done : ExitCode.Failed;
            }
            catch (Exception cause) when (cause is HttpRequestException or TaskCanceledException)
            {
                Console.Error.WriteLine($"cannot ask the service: {cause.Message}");
                return ExitCode.Failed;
            }
        });
        return command;
    }
}
