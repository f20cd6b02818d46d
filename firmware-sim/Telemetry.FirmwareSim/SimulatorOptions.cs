using Telemetry.Model;
using Telemetry.Site;

namespace Telemetry.FirmwareSim;

/// <summary>How the simulated mine runs.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Ceiling of <see cref="Rate"/>: four of the formats carry milliseconds.</summary>
    public const int RateMax = 1_000;

    /// <summary>Ceiling of <see cref="SpeedFactor"/>: a day in a second.</summary>
    public const double SpeedFactorMax = 86_400;

    /// <summary>Ceiling of <see cref="InFlightMax"/>.</summary>
    public const int InFlightCeiling = 1_024;

    /// <summary>Ceiling of <see cref="FaultAfterSeconds"/>: a year.</summary>
    public const double FaultAfterSecondsMax = 365 * 86_400.0;

    /// <summary>Where the broker or the service listens.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Its MQTT port.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>User name at the broker; null for none.</summary>
    public string? User { get; init; }

    /// <summary>Password at the broker; null for none.</summary>
    public string? Password { get; init; }

    /// <summary>Picks weather, ore and noise; the same seed gives the same payloads.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Samples each signal this many times as often as its period says, 1 to 1,000.</summary>
    public int Rate { get; init; } = 1;

    /// <summary>How many seconds of event time pass in one second.</summary>
    public double SpeedFactor { get; init; } = 1;

    /// <summary>Event time at which the run starts; null for the present.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>A <see cref="FaultScenario"/> that begins some seconds after the start; empty for none.</summary>
    public string Fault { get; init; } = "";

    /// <summary>Seconds from the start to <see cref="Fault"/>.</summary>
    public double FaultAfterSeconds { get; init; } = 30;

    /// <summary>What is replayed in the place of simulated signals; null for nothing.</summary>
    public Recording? Replay { get; init; }

    /// <summary>What fails, known before the run.</summary>
    public EpisodePlan Plan { get; init; } = EpisodePlan.Empty;

    /// <summary>Shifts and weather.</summary>
    public Surroundings Surroundings { get; init; } = Surroundings.Usual;

    /// <summary>How the firmware of gateways behaves; null: without a fault.</summary>
    public ScenarioFirmware? Firmware { get; init; }

    /// <summary>Takes what gateways really produced; null for nothing. Who opened it ends it.</summary>
    public FirmwareLedger? Ledger { get; init; }

    /// <summary>Messages a gateway may have sent and not yet seen acknowledged, 1 to 1,024.</summary>
    public int InFlightMax { get; init; } = 256;

    /// <summary>Refuses what cannot be run.</summary>
    /// <param name="site">What is simulated.</param>
    /// <exception cref="ArgumentException">An option is out of bounds; the message says which.</exception>
    public void Require(SiteCatalogue site)
    {
        RequireBetween(Rate, 1, RateMax, nameof(Rate));
        RequireBetween(SpeedFactor, 0.001, SpeedFactorMax, nameof(SpeedFactor));
        RequireBetween(InFlightMax, 1, InFlightCeiling, nameof(InFlightMax));
        RequireBetween(Port, 1, ushort.MaxValue, nameof(Port));
        RequireBetween(FaultAfterSeconds, 0, FaultAfterSecondsMax, nameof(FaultAfterSeconds));
        if (Firmware is { } firmware)
        {
            RequireFirmware(firmware, site);
        }

        if (Fault.Length > 0 && FaultScenario.Find(Fault) is null)
        {
            string known = string.Join(", ", FaultScenario.All.Select(scenario => scenario.Name));
            throw new ArgumentException($"cannot run fault \"{Fault}\": there is none such; give one of {known}");
        }
    }

    private static void RequireFirmware(ScenarioFirmware firmware, SiteCatalogue site)
    {
        string? unknown = firmware.Gateways.FirstOrDefault(id => site.Gateways.All(gateway => gateway.Id != id));
        if (unknown is not null)
        {
            throw new ArgumentException($"cannot give firmware to gateway \"{unknown}\": the site has none such");
        }

        (double Value, double Low, double High, string Name)[] bounds =
        [
            (firmware.ClockDrift, 0, ScenarioFirmware.ClockDriftMax, nameof(firmware.ClockDrift)),
            (firmware.TimeSyncHours, 0, ScenarioFirmware.HoursMax, nameof(firmware.TimeSyncHours)),
            (firmware.Resets, 0, ScenarioFirmware.PerDayMax, nameof(firmware.Resets)),
            (firmware.ClockLost, 0, 1, nameof(firmware.ClockLost)),
            (firmware.BufferLost, 0, 1, nameof(firmware.BufferLost)),
            (firmware.Outages, 0, ScenarioFirmware.PerDayMax, nameof(firmware.Outages)),
            (firmware.OutageMinutes, ScenarioFirmware.OutageMinutesMin, ScenarioFirmware.OutageMinutesMax,
                nameof(firmware.OutageMinutes)),
            (firmware.BufferMessages, 1, ScenarioFirmware.BufferMessagesMax, nameof(firmware.BufferMessages)),
            (firmware.BackfillReordered, 0, 1, nameof(firmware.BackfillReordered)),
            (firmware.Reordered, 0, 1, nameof(firmware.Reordered)),
            (firmware.Duplicates, 0, 1, nameof(firmware.Duplicates)),
            (firmware.BrownOuts, 0, ScenarioFirmware.PerDayMax, nameof(firmware.BrownOuts)),
            (firmware.UpdateAfterHours, 0, ScenarioFirmware.HoursMax, nameof(firmware.UpdateAfterHours)),
        ];
        foreach ((double value, double low, double high, string name) in bounds)
        {
            RequireBetween(value, low, high, name);
        }
    }

    internal static void RequireBetween(double value, double low, double high, string name)
    {
        if (!(value >= low && value <= high))
        {
            string bounds = FormattableString.Invariant($"found {value}; give {low} to {high}");
            throw new ArgumentException($"cannot run with option {name}: {bounds}");
        }
    }
}
