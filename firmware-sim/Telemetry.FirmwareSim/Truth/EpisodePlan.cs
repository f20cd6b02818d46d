using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>All failures of a run, known before it starts: what listeners are told as the truth.</summary>
public sealed class EpisodePlan
{
    private readonly Dictionary<string, List<(Episode, SignalEffect)>> _bySignal = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(Episode, SignalEffect)>> _clocks = new(StringComparer.Ordinal);

    /// <param name="episodes">The failures, in any order; those of one asset may overlap.</param>
    public EpisodePlan(IEnumerable<Episode> episodes)
    {
        Episodes =
        [
            .. episodes.OrderBy(episode => episode.Start).ThenBy(episode => episode.Id, StringComparer.Ordinal),
        ];
        foreach (Episode episode in Episodes)
        {
            foreach (SignalEffect effect in episode.Mode.Effects)
            {
                Add(episode, effect);
            }
        }
    }

    /// <summary>A run without failures.</summary>
    public static EpisodePlan Empty { get; } = new([]);

    /// <summary>The failures in the order in which they begin.</summary>
    public IReadOnlyList<Episode> Episodes { get; }

    /// <summary>
    /// Draws a plan: so many episodes of each class and time scale, each in weather that brings it, none beside another
    /// on the same asset. What finds no room is left out.
    /// </summary>
    /// <param name="site">Whose assets and gateways fail.</param>
    /// <param name="options">How many, when and of which kind.</param>
    /// <exception cref="ArgumentException">An option is out of bounds.</exception>
    public static EpisodePlan Draw(SiteCatalogue site, EpisodePlanOptions options)
    {
        options.Require();
        return new EpisodePlan(new EpisodeDraw(site, options).All());
    }

    /// <summary>What a mode touches when it befalls an asset or a gateway.</summary>
    internal static SignalInstance[] SignalsOf(SiteCatalogue site, FailureMode mode, string target)
    {
        bool isOfGateway = mode.AssetType == FailureMode.GatewayType;
        bool isOfAll = mode.Effects.Any(effect => effect.IsOfClock || effect.Signal == SignalEffect.Every);
        return
        [
            .. site.Signals.Where(signal => isOfGateway && isOfAll
                ? signal.Asset.Gateway == target
                : signal.Asset.Id == target && mode.Effects.Any(effect => effect.Signal == signal.Definition.Key)),
        ];
    }

    /// <summary>True when an effect of an episode changes a signal that the episode touches.</summary>
    internal static bool Touches(in SignalEffect effect, SignalInstance signal, string target) =>
        !effect.IsOfClock && effect.Signal switch
        {
            SignalEffect.Every => IsMeasured(signal),
            SignalEffect.One => true, // the episode has picked it
            _ => signal.Definition.Key == effect.Signal && signal.Asset.Id == target,
        };

    /// <summary>True for what a sensor measures, unlike states, counters and totals.</summary>
    internal static bool IsMeasured(SignalInstance signal) => signal.Definition.Noise > 0;

    /// <summary>What happens to a signal; null when nothing does.</summary>
    internal EffectTrack? TrackOf(SignalInstance signal) =>
        _bySignal.TryGetValue(signal.Id, out List<(Episode, SignalEffect)>? effects) ? new EffectTrack(effects) : null;

    /// <summary>What happens to a gateway's clock; null when nothing does.</summary>
    internal EffectTrack? ClockOf(string gateway) =>
        _clocks.TryGetValue(gateway, out List<(Episode, SignalEffect)>? effects) ? new EffectTrack(effects) : null;

    private void Add(Episode episode, SignalEffect effect)
    {
        if (effect.IsOfClock)
        {
            Add(_clocks, episode.Target, (episode, effect));
            return;
        }

        foreach (SignalInstance signal in episode.Signals.Where(signal => Touches(effect, signal, episode.Target)))
        {
            Add(_bySignal, signal.Id, (episode, effect));
        }
    }

    private static void Add(
        Dictionary<string, List<(Episode, SignalEffect)>> map, string key, (Episode, SignalEffect) effect)
    {
        if (!map.TryGetValue(key, out List<(Episode, SignalEffect)>? effects))
        {
            effects = [];
            map.Add(key, effects);
        }

        effects.Add(effect);
    }
}
