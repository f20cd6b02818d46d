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
        Description = "Multiplies the sampling rate",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<string> _fault = new("--fault")
    {
        Description = "A fault to begin: bearing, silence or stuck",
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

    public SimulatorOptions Read(ParseResult arguments) => new()
    {
        Seed = arguments.GetValue(_seed),
        Rate = arguments.GetValue(_rate),
        Fault = arguments.GetValue(_fault) ?? "",
        FaultAfterSeconds = arguments.GetValue(_faultAfter),
    };
}
