namespace Telemetry.FirmwareSim;

/// <summary>What a run without a network simulates.</summary>
public sealed record MineRunOptions
{
    /// <summary>Ceiling of <see cref="PeriodSecondsMin"/>: a day.</summary>
    public const double PeriodSecondsMinMax = 86_400;

    /// <summary>Picks weather, ore, load and noise; the same seed gives the same values.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Event time at which the run starts.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>No signal is read more often than this; 0 leaves every period as the catalogue has it.</summary>
    public double PeriodSecondsMin { get; init; }

    /// <summary>Identifiers of the assets and gateways whose signals are read; null for all.</summary>
    public IReadOnlyCollection<string>? Assets { get; init; }

    /// <summary>Shifts and weather.</summary>
    public Surroundings Surroundings { get; init; } = Surroundings.Usual;

    /// <summary>What is replayed in the place of simulated signals; null for nothing.</summary>
    public Recording? Replay { get; init; }

    /// <summary>What fails.</summary>
    public EpisodePlan Plan { get; init; } = EpisodePlan.Empty;

    /// <summary>Refuses what cannot be run.</summary>
    /// <exception cref="ArgumentException">An option is out of bounds; the message says which.</exception>
    public void Require() =>
        SimulatorOptions.RequireBetween(PeriodSecondsMin, 0, PeriodSecondsMinMax, nameof(PeriodSecondsMin));
}
