using Telemetry.Model;
using Telemetry.Site;

namespace Telemetry.FirmwareSim;

/// <summary>A scenario of a site at a start: its failures, its weather and whether machines stop.</summary>
public sealed class Scenario
{
    private const double HourSeconds = 3_600;

    private Scenario(EpisodePlan plan, Surroundings surroundings, ScenarioFirmware? firmware)
    {
        Firmware = firmware;
        Plan = plan;
        Surroundings = surroundings;
    }

    /// <summary>What fails.</summary>
    public EpisodePlan Plan { get; }

    /// <summary>Its weather, and whether machines stop.</summary>
    public Surroundings Surroundings { get; }

    /// <summary>How the firmware of gateways behaves; null: without a fault.</summary>
    public ScenarioFirmware? Firmware { get; }

    /// <summary>Brings a scenario onto a site.</summary>
    /// <param name="definition">As its file has it.</param>
    /// <param name="site">Whose assets and gateways it names.</param>
    /// <param name="start">Event time at which the run starts.</param>
    /// <param name="surroundings">What the run has already; shifts of either count.</param>
    /// <exception cref="ArgumentException">It names what there is not; the message says which episode.</exception>
    public static Scenario Of(
        ScenarioDefinition definition, SiteCatalogue site, DateTimeOffset start, Surroundings? surroundings = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        surroundings ??= Surroundings.Usual;
        long from = Timestamp.From(start);
        var episodes = definition.Episodes.Select((episode, index) => EpisodeOf(definition, index, site, from));
        surroundings = surroundings with
        {
            Shifts = surroundings.Shifts || definition.Shifts,
            Spells = [.. surroundings.Spells, .. definition.Weather.Select(spell => SpellOf(spell, from))],
        };
        return new Scenario(new EpisodePlan(episodes), surroundings, definition.Firmware);
    }

    private static Episode EpisodeOf(ScenarioDefinition definition, int index, SiteCatalogue site, long from)
    {
        ScenarioEpisode episode = definition.Episodes[index];
        string place = $"cannot run scenario \"{definition.Name}\": episodes[{index}]";
        FailureMode mode = FailureModes.Find(episode.Mode) ?? throw new ArgumentException(
            $"{place}: there is no failure mode \"{episode.Mode}\"; firmware-sim/README.md has all of them");
        SignalInstance[] signals = SignalsOf(episode, mode, site);
        if (signals.Length == 0 || !mode.IsVisible)
        {
            string what = episode.Signal.Length > 0 ? $"{episode.Target}.{episode.Signal}" : episode.Target;
            string cause = mode.IsVisible
                ? $"mode {mode.Id} has nothing to change at \"{what}\"; give an asset of type {mode.AssetType}"
                : $"mode {mode.Id} changes no signal: {mode.Unseen}";
            throw new ArgumentException($"{place}: {cause}");
        }

        double onset = double.IsNaN(episode.Onset)
            ? (mode.Onset.SecondsMin + mode.Onset.SecondsMax) / 2
            : episode.Onset * HourSeconds;
        double recovery = mode.RecoverySeconds(onset);
        long start = from + Episode.Nanoseconds(episode.After * HourSeconds);
        long full = start + Episode.Nanoseconds(onset);
        long repaired = full + Episode.Nanoseconds(Math.Max(1, episode.Last * HourSeconds));
        return new Episode(
            $"{definition.Name}/{index + 1}", mode, episode.Target, signals,
            start, full, repaired, repaired + Episode.Nanoseconds(recovery), episode.Severity);
    }

    private static SignalInstance[] SignalsOf(ScenarioEpisode episode, FailureMode mode, SiteCatalogue site)
    {
        if (mode.AssetType == FailureMode.AnyType)
        {
            return site.TryGetSignal(episode.Target, episode.Signal, out SignalInstance? one) ? [one!] : [];
        }

        bool isOfType = mode.AssetType == FailureMode.GatewayType
            ? site.Gateways.Any(gateway => gateway.Id == episode.Target)
            : site.Assets.Any(asset => asset.Id == episode.Target && asset.Type.Key == mode.AssetType);
        return isOfType ? EpisodePlan.SignalsOf(site, mode, episode.Target) : [];
    }

    private static WeatherSpell SpellOf(ScenarioSpell spell, long from)
    {
        long start = from + Episode.Nanoseconds(spell.After * HourSeconds);
        long full = start + Episode.Nanoseconds(Math.Max(1, spell.Onset * HourSeconds));
        long until = full + Episode.Nanoseconds(spell.Last * HourSeconds);
        long end = until + Episode.Nanoseconds(Math.Max(1, spell.Recovery * HourSeconds));
        return new WeatherSpell(start, full, until, end)
        {
            AirTemp = spell.AirTemp,
            Wind = spell.Wind,
            Visibility = spell.Visibility,
        };
    }
}
