namespace Telemetry.Site;

/// <summary>A spell of weather in a scenario; times in hours.</summary>
/// <param name="After">From the start of the run until it begins to come.</param>
/// <param name="Onset">Until it is there.</param>
/// <param name="Last">How long it stays.</param>
/// <param name="Recovery">Until it is gone.</param>
public sealed record ScenarioSpell(double After, double Onset, double Last, double Recovery)
{
    /// <summary>Mean air temperature, Cel; NaN leaves it.</summary>
    public double AirTemp { get; init; }

    /// <summary>Wind, m/s; NaN leaves it.</summary>
    public double Wind { get; init; }

    /// <summary>Visibility, km; NaN leaves it.</summary>
    public double Visibility { get; init; }
}
