using System.CommandLine;
using Telemetry.FirmwareSim;
using Telemetry.Site;

namespace Telemetry.Service;

/// <summary><c>telemetry demo</c>: the service with a simulated mine publishing to it.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var options = new ServeOptions("the built-in pilot plant is there");
        var mine = new MineOptions();
        var command = new Command("demo", "Run the service and a simulated mine; nothing else is needed");
        options.AddTo(command);
        mine.AddTo(command);
        command.SetAction(async (arguments, cancellation) =>
            options.Read(arguments, DefaultSite.Source) is { } settings
            && mine.Read(arguments, settings.Site) is { } simulator
                ? await RunAsync(settings, simulator, cancellation)
                : ExitCode.BadSettings);
        return command;
    }

    private static async Task<int> RunAsync(
        ValidSettings settings, SimulatorOptions mine, CancellationToken cancellation)
    {
        using FirmwareLedger? ledger = mine.Ledger;
        await using TelemetryHost? host = await ServeCommand.StartAsync(settings);
        if (host is null)
        {
            return ExitCode.CannotStart;
        }

        var simulated = new SimulatedMine(settings.Site, mine with { Port = host.MqttPort });
        Console.WriteLine($"Mine    {settings.Site.Gateways.Count} gateways publish; {FaultSentence(mine)}");
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task running = simulated.RunAsync(stopping.Token);
        int exitCode = await host.WaitAsync(cancellation);
        await stopping.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return exitCode;
    }

    /// <summary>What will go wrong, for people.</summary>
    public static string FaultSentence(SimulatorOptions mine) => mine.Plan.Episodes.Count > 0
        ? $"{mine.Plan.Episodes.Count} failures are planned"
        : mine.Fault.Length == 0
        ? "all is well (--fault bearing lets a crusher bearing run hot)"
        : $"fault '{mine.Fault}' begins in {mine.FaultAfterSeconds} s";
}
