namespace Telemetry.Site;

/// <summary>A scenario of the simulated mine as its file has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="About">What it shows, in a sentence.</param>
/// <param name="Start">Event time at which it is meant to start; null for any.</param>
/// <param name="Shifts">True when machines stop.</param>
/// <param name="Weather">Spells laid over the weather.</param>
/// <param name="Episodes">What fails.</param>
/// <param name="Firmware">How gateways behave; null: without a fault.</param>
public sealed record ScenarioDefinition(
    string Name,
    string About,
    DateTimeOffset? Start,
    bool Shifts,
    IReadOnlyList<ScenarioSpell> Weather,
    IReadOnlyList<ScenarioEpisode> Episodes,
    ScenarioFirmware? Firmware = null);
