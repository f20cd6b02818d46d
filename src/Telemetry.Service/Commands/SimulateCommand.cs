using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Telemetry.FirmwareSim;
using Telemetry.Model;
using Telemetry.Site;

namespace Telemetry.Service;

/// <summary><c>telemetry simulate</c>: the simulated mine alone, publishing to any broker.</summary>
internal static class SimulateCommand
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var host = new Option<string>("--host") { Description = "Broker", DefaultValueFactory = _ => "127.0.0.1" };
        var port = new Option<int>("--port") { Description = "Its MQTT port", DefaultValueFactory = _ => 1883 };
        var mine = new MineOptions();
        var command = new Command("simulate", "Publish the simulated mine to an MQTT broker until Ctrl+C");
        command.Options.Add(host);
        command.Options.Add(port);
        mine.AddTo(command);
        command.SetAction(async (arguments, cancellation) =>
        {
            SiteCatalogue site = DefaultSite.Load();
            if (mine.Read(arguments, site, arguments.GetValue(host)!, arguments.GetValue(port)) is not { } options)
            {
                return ExitCode.BadSettings;
            }

            await RunAsync(site, options, cancellation);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task RunAsync(
        SiteCatalogue site, SimulatorOptions options, CancellationToken cancellation)
    {
        using FirmwareLedger? ledger = options.Ledger;
        var mine = new SimulatedMine(site, options);
        string fault = DemoCommand.FaultSentence(options);
        Console.WriteLine($"Mine    {mine.Status.Count} gateways publish to {options.Host}:{options.Port}; {fault}");
        Task running = mine.RunAsync(cancellation);
        await TellAsync(mine, options, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        TellLedger(mine);
    }

    /// <summary>What was really produced, gateway by gateway, to hold against what a service has stored.</summary>
    private static void TellLedger(SimulatedMine mine) => TextTable.Print(
        [
            "gateway", "messages", "samples", "acknowledged", "left out", "sent again", "reordered", "lost", "stuck",
            "missing",
        ],
        mine.Status.Select(gateway => new[]
        {
            gateway.Gateway,
            Text(gateway.SentCount),
            Text(gateway.SampleCount),
            Text(gateway.AcknowledgedCount),
            Text(gateway.SkippedCount),
            Text(gateway.RepeatedCount),
            Text(gateway.Firmware.ReorderedCount),
            Text(gateway.Firmware.LostCount),
            Text(gateway.Firmware.StuckCount),
            Text(gateway.Firmware.MissingCount),
        }));

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>Says how many gateways are connected, each time that has changed.</summary>
    private static async Task TellAsync(SimulatedMine mine, SimulatorOptions options, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(LookInterval, TimeProvider.System);
        int told = -1;
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            int connected = mine.Status.Count(gateway => gateway.IsConnected);
            if (connected == 0 && told != 0)
            {
                string cause = await CauseAsync(options, cancellation);
                Console.Error.WriteLine(
                    $"cannot connect to {options.Host}:{options.Port}: {cause}; "
                    + $"0 of {mine.Status.Count} gateways are connected, they keep trying");
            }
            else if (connected != told)
            {
                Console.WriteLine($"{connected} of {mine.Status.Count} gateways are connected");
            }

            told = connected;
        }
    }

    private static async Task<string> CauseAsync(SimulatorOptions options, CancellationToken cancellation)
    {
        using var probe = new TcpClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(LookInterval);
        try
        {
            await probe.ConnectAsync(options.Host, options.Port, patience.Token);
            return "something answers, but not as an MQTT broker that takes these gateways";
        }
        catch (SocketException cause)
        {
            return cause.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"no answer in {LookInterval.TotalSeconds} s";
        }
    }
}
