using System.CommandLine;
using Telemetry.FirmwareSim;

namespace Telemetry.Service;

/// <summary>The options of the simulated mine.</summary>
internal sealed class MineOptions
{
    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "The same seed gives the same mine",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<int> _rate = new("--rate")
    {
        Description = $"Multiplies the sampling rate, 1 to {SimulatorOptions.RateMax}",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<string> _fault = new("--fault")
    {
        Description = $"A fault to begin: {string.Join(", ", FaultScenario.All.Select(fault => fault.Name))}",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<double> _faultAfter = new("--fault-after")
    {
        Description = "Seconds until the fault begins",
        DefaultValueFactory = _ => 30,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_seed);
        command.Options.Add(_rate);
        command.Options.Add(_fault);
        command.Options.Add(_faultAfter);
    }

    /// <summary>Reads the options; prints the fault and gives null when there is one.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="host">Where to publish to.</param>
    /// <param name="port">Its MQTT port.</param>
    public SimulatorOptions? Read(ParseResult arguments, string host = "127.0.0.1", int port = 1883)
    {
        var options = new SimulatorOptions
        {
            Host = host,
            Port = port,
            Seed = arguments.GetValue(_seed),
            Rate = arguments.GetValue(_rate),
            Fault = arguments.GetValue(_fault) ?? "",
            FaultAfterSeconds = arguments.GetValue(_faultAfter),
        };
        try
        {
            options.Require();
            return options;
        }
        catch (ArgumentException fault)
        {
            Console.Error.WriteLine($"{fault.Message}; nothing was opened");
            return null;
        }
    }
}
