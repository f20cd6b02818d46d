namespace Telemetry.FirmwareSim;

/// <summary>What a run has around its machines besides the seed: shifts and weather.</summary>
public sealed record Surroundings
{
    /// <summary>The plant round the clock in the weather of the seed.</summary>
    public static Surroundings Usual { get; } = new();

    /// <summary>
    /// True when machines stop: the fleet and the crushing line work ten hours a day, the concentrator stands still now
    /// and then, generating sets stand by, and a supply that fails stops what hangs on it. Low limits of stopped
    /// machines are passed then.
    /// </summary>
    public bool Shifts { get; init; }

    /// <summary>Observed weather; null for what the seed makes.</summary>
    public WeatherFile? Weather { get; init; }

    /// <summary>Spells that a scenario lays over the weather.</summary>
    public IReadOnlyList<WeatherSpell> Spells { get; init; } = [];
}
