using System.CommandLine;
using System.Globalization;
using Telemetry.FirmwareSim;
using Telemetry.Model;
using Telemetry.Site;

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

    private readonly Option<double> _speed = new("--speed")
    {
        Description = $"Seconds of the mine in one second, up to {SimulatorOptions.SpeedFactorMax}",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<string?> _start = new("--start")
    {
        Description = "The mine's time at the start, such as 2026-01-12T00:00:00Z; without it the present",
    };

    private readonly Option<bool> _shifts = new("--shifts")
    {
        Description = "Let machines stop: day shifts, stops, standby sets; low limits are passed then",
    };

    private readonly Option<string?> _weather = new("--weather")
    {
        Description = "CSV file of observed hourly weather",
    };

    private readonly Option<string?> _scenario = new("--scenario")
    {
        Description = "YAML file of failures and weather, as in firmware-sim/scenarios",
    };

    private readonly Option<int> _failures = new("--failures")
    {
        Description = "Draw so many failures of each class and time scale for the next 90 days",
    };

    private readonly Option<string?> _replay = new("--replay")
    {
        Description = "CSV file of recorded columns (time, ASSET.signal, …) in the place of simulated signals",
    };

    private readonly Option<string?> _labels = new("--labels")
    {
        Description = "Write the truth about each failure to this file, as JSON lines",
    };

    private readonly Option<string?> _firmware = new("--firmware")
    {
        Description = "How gateways behave, as a scenario's section has it: \"clock_drift: 12, duplicates: 0.01\"",
    };

    private readonly Option<string?> _ledger = new("--ledger")
    {
        Description = "Write what gateways really produced to this file while it runs, as JSON lines",
    };

    public void AddTo(Command command)
    {
        Option[] all =
        [
            _seed, _rate, _fault, _faultAfter, _speed, _start, _shifts, _weather, _scenario, _failures, _replay,
            _labels, _firmware, _ledger,
        ];
        foreach (Option option in all)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads the options and writes the labels; prints the fault and gives null when there is one.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="site">The site that is simulated.</param>
    /// <param name="host">Where to publish to.</param>
    /// <param name="port">Its MQTT port.</param>
    public SimulatorOptions? Read(
        ParseResult arguments, SiteCatalogue site, string host = "127.0.0.1", int port = 1883)
    {
        try
        {
            SimulatorOptions options = ReadAll(arguments, site) with { Host = host, Port = port };
            options.Require(site);
            if (arguments.GetValue(_labels) is { } path)
            {
                using StreamWriter file = File.CreateText(path);
                EpisodeLines.Write(file, options.Plan.Episodes);
            }

            return arguments.GetValue(_ledger) is { } ledger
                ? options with { Ledger = new FirmwareLedger(File.CreateText(ledger)) }
                : options;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException)
        {
            Console.Error.WriteLine($"{fault.Message}; nothing was opened");
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"cannot run the mine: {fault.Message} Nothing was opened");
            return null;
        }
    }

    private SimulatorOptions ReadAll(ParseResult arguments, SiteCatalogue site)
    {
        DateTimeOffset start = ReadStart(arguments.GetValue(_start));
        var surroundings = new Surroundings
        {
            Shifts = arguments.GetValue(_shifts),
            Weather = ReadFile(arguments.GetValue(_weather), WeatherFile.Parse),
        };
        Scenario? scenario = ReadFile(
            arguments.GetValue(_scenario), (text, name) => ReadScenario(text, name, site, start, surroundings));
        surroundings = scenario?.Surroundings ?? surroundings;
        ScenarioFirmware? firmware = ReadFirmware(arguments.GetValue(_firmware)) ?? scenario?.Firmware;
        ulong seed = arguments.GetValue(_seed);
        var drawn = EpisodePlan.Draw(site, new EpisodePlanOptions
        {
            Seed = seed,
            Start = start,
            QuietDays = 0,
            PerClassAndScale = arguments.GetValue(_failures),
            Surroundings = surroundings,
        });
        return new SimulatorOptions
        {
            Seed = seed,
            Rate = arguments.GetValue(_rate),
            Fault = arguments.GetValue(_fault) ?? "",
            FaultAfterSeconds = arguments.GetValue(_faultAfter),
            SpeedFactor = arguments.GetValue(_speed),
            Start = start,
            Surroundings = surroundings,
            Firmware = firmware,
            Plan = scenario is null ? drawn : new EpisodePlan([.. scenario.Plan.Episodes, .. drawn.Episodes]),
            Replay = ReadFile(arguments.GetValue(_replay), (text, name) => Recording.Parse(text, name, site)),
        };
    }

    private static DateTimeOffset ReadStart(string? text)
    {
        if (text is null)
        {
            return TimeProvider.System.GetUtcNow();
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset start)
            ? start
            : throw new ArgumentException(
                $"cannot start at \"{text}\": expected a time such as 2026-01-12T00:00:00Z");
    }

    private static Scenario ReadScenario(
        TextReader text, string name, SiteCatalogue site, DateTimeOffset start, Surroundings surroundings)
    {
        ScenarioDefinition? definition = ScenarioFile.Load(
            text.ReadToEnd(), name, out IReadOnlyList<SiteFault> faults);
        return definition is null
            ? throw new FormatException(string.Join('\n', faults))
            : Scenario.Of(definition, site, start, surroundings);
    }

    private static ScenarioFirmware? ReadFirmware(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return ScenarioFile.LoadFirmware(text, "--firmware", out IReadOnlyList<SiteFault> faults)
            ?? throw new FormatException(string.Join('\n', faults));
    }

    private static T? ReadFile<T>(string? path, Func<TextReader, string, T> read)
        where T : class
    {
        if (path is null)
        {
            return null;
        }

        using StreamReader file = File.OpenText(path);
        return read(file, path);
    }
}
