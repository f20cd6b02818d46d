namespace Telemetry.FirmwareSim;

/// <summary>Which failures a run shall have.</summary>
public sealed record EpisodePlanOptions
{
    /// <summary>Ceiling of <see cref="Days"/>: ten years.</summary>
    public const double DaysMax = 3_660;

    /// <summary>Ceiling of <see cref="PerClassAndScale"/>.</summary>
    public const int PerClassAndScaleMax = 1_000;

    /// <summary>Picks modes, assets, times and severities; the same seed gives the same plan.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Event time at which the run starts.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>How long it lasts.</summary>
    public double Days { get; init; } = 90;

    /// <summary>Days at the start without a failure, in which detectors learn.</summary>
    public double QuietDays { get; init; } = 14;

    /// <summary>How many episodes are wanted of each class and time scale, 0 to 1,000.</summary>
    public int PerClassAndScale { get; init; } = 8;

    /// <summary>Modes to take; null for all that the site's signals show.</summary>
    public IReadOnlyList<FailureMode>? Modes { get; init; }

    /// <summary>Shifts and weather.</summary>
    public Surroundings Surroundings { get; init; } = Surroundings.Usual;

    /// <summary>Refuses what cannot be planned.</summary>
    /// <exception cref="ArgumentException">An option is out of bounds; the message says which.</exception>
    public void Require()
    {
        SimulatorOptions.RequireBetween(Days, 0, DaysMax, nameof(Days));
        SimulatorOptions.RequireBetween(QuietDays, 0, DaysMax, nameof(QuietDays));
        SimulatorOptions.RequireBetween(PerClassAndScale, 0, PerClassAndScaleMax, nameof(PerClassAndScale));
    }
}
