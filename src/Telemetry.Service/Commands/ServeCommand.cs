using System.CommandLine;
using System.Net.Sockets;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Store;

namespace Telemetry.Service;

/// <summary><c>telemetry serve</c>: the service.</summary>
internal static class ServeCommand
{
    // Consumers that catch up hold a worker each for as long as a batch takes; the pool begins with one for each
    // processor and adds one in half a second, in which nobody would be answered (docs/decisions/0024).
    private const int SpareWorkers = 6;

    public static Command Create()
    {
        var options = new ServeOptions();
        var command = new Command("serve", "Run the service until SIGTERM or Ctrl+C");
        options.AddTo(command);
        command.SetAction(async (arguments, stopping) =>
            options.Read(arguments) is { } settings ? await RunAsync(settings, stopping) : ExitCode.BadSettings);
        return command;
    }

    private static async Task<int> RunAsync(ValidSettings settings, CancellationToken stopping)
    {
        await using TelemetryHost? host = await StartAsync(settings);
        return host is null ? ExitCode.CannotStart : await host.WaitAsync(stopping);
    }

    /// <summary>Starts the service and says where it is; prints the cause and gives null when it cannot.</summary>
    public static async Task<TelemetryHost?> StartAsync(ValidSettings settings)
    {
        try
        {
            ThreadPool.SetMinThreads(Environment.ProcessorCount + SpareWorkers, Environment.ProcessorCount);
            ListenProbe.Require(settings.Options);
            var host = TelemetryHost.Build(settings);
            await host.StartAsync();
            Console.WriteLine(string.Join(Environment.NewLine, AddressesOf(settings.Options, host)));
            return host;
        }
        catch (Exception cause) when (cause is IOException or InvalidDataException or UnauthorizedAccessException
            or SocketException or StoreException)
        {
            Console.Error.WriteLine(cause.Message.StartsWith("cannot ", StringComparison.Ordinal)
                ? cause.Message
                : $"cannot start: {cause.Message}");
            return null;
        }
    }

    /// <summary>Where the service is to be found; printed at once, so that no log line comes between.</summary>
    private static IEnumerable<string> AddressesOf(ServiceOptions options, TelemetryHost host)
    {
        yield return $"MQTT    {options.Mqtt.Address}:{host.MqttPort}";
        yield return $"Console http://{options.Http.Address}:{host.HttpPort}/";
        foreach ((ListenerSection listener, int port) in options.Mqtt.Listeners.Zip(host.ListenerPorts))
        {
            string path = listener.IsWebSocket ? MqttWebSockets.Path : "";
            yield return $"Listener {listener.Name} {listener.Scheme}://{listener.Address}:{port}{path}";
        }
    }
}

/// <summary>Exit codes, as sysexits.h has them.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Bug = 70; // EX_SOFTWARE
    public const int CannotStart = 71; // EX_OSERR
    public const int BadSettings = 78; // EX_CONFIG
}
