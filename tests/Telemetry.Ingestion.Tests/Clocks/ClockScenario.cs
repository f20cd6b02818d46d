using Telemetry.FirmwareSim;

namespace Telemetry.Ingestion.Tests;

/// <summary>Something that happens to a simulated gateway.</summary>
/// <param name="AtHours">When, after the start.</param>
/// <param name="Happens">What, given its clock and true time.</param>
internal sealed record ClockEvent(double AtHours, Action<SimulatedClock, long> Happens);

/// <summary>A gateway, its clock, its link and what happens to them.</summary>
internal sealed record ClockScenario(string Name, SimulatedLink Link)
{
    public const long Second = 1_000_000_000;

    /// <summary>2026-01-10, in the cold.</summary>
    public const long Start = 1_768_003_200 * Second;

    public double Days { get; init; } = 7;

    public double PeriodSeconds { get; init; } = 10;

    public double Celsius { get; init; } = -40;

    /// <summary>Half of how much warmer the day is than the night.</summary>
    public double CelsiusSwing { get; init; }

    /// <summary>True for a clock that a time server keeps right to 20 ms.</summary>
    public bool IsKept { get; init; }

    public double InitialSkewSeconds { get; init; }

    /// <summary>Starts of outages in hours, and how long they are.</summary>
    public IReadOnlyList<(double From, double Hours)> Outages { get; init; } = [];

    public bool IsNewestFirst { get; init; }

    /// <summary>How fast a buffer empties, in records per record.</summary>
    public int BackfillFactor { get; init; } = 20;

    public IReadOnlyList<ClockEvent> Events { get; init; } = [];

    public double CelsiusAt(long time) =>
        Celsius + (CelsiusSwing * Math.Sin(2 * Math.PI * (time - Start) / (86_400.0 * Second)));

    public override string ToString() => $"{Name}, {Link.Name}";
}
