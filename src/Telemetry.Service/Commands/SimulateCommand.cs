using System.CommandLine;
using Telemetry.FirmwareSim;
using Telemetry.Site;

namespace Telemetry.Service;

/// <summary><c>telemetry simulate</c>: the simulated mine alone, publishing to any broker.</summary>
internal static class SimulateCommand
{
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
            SimulatorOptions options = mine.Read(arguments) with
            {
                Host = arguments.GetValue(host)!,
                Port = arguments.GetValue(port),
            };
            await new SimulatedMine(DefaultSite.Load(), options).RunAsync(cancellation)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCode.Done;
        });
        return command;
    }
}
