using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>The effects of all episodes on one signal, or on one gateway's clock, asked in the order of time.</summary>
internal sealed class EffectTrack
{
    private readonly (Episode Episode, SignalEffect Effect)[] _effects;
    private int _first; // those before it are over

    public EffectTrack(IEnumerable<(Episode Episode, SignalEffect Effect)> effects)
    {
        _effects = [.. effects.OrderBy(pair => pair.Episode.Start)];
        PatternLengthMax = _effects
            .Where(pair => pair.Effect.Kind == EffectKind.Pattern)
            .Select(pair => (int)pair.Effect.Size)
            .DefaultIfEmpty(0)
            .Max();
    }

    /// <summary>Longest pattern that any of them repeats, in samples.</summary>
    public int PatternLengthMax { get; }

    /// <summary>What is changed at a time; false when nothing is.</summary>
    public bool TryFind(long time, out SignalChange change)
    {
        change = SignalChange.None;
        bool isFound = false;
        for (int i = _first; i < _effects.Length; i++)
        {
            Episode episode = _effects[i].Episode;
            if (time < episode.Start)
            {
                break;
            }

            if (time < episode.End)
            {
                isFound = true;
                Add(ref change, episode, _effects[i].Effect, time);
            }
            else if (i == _first)
            {
                _first++;
            }
        }

        return isFound;
    }

    /// <summary>What a clock shows at a time.</summary>
    public long ClockAt(long time)
    {
        long shown = time;
        foreach ((Episode episode, SignalEffect effect) in _effects.AsSpan(_first))
        {
            if (time < episode.Start || time >= episode.End)
            {
                continue;
            }

            long since = time - episode.Start;
            shown = effect.Kind switch
            {
                EffectKind.ClockDrift => shown + (long)(effect.Size * episode.Severity * since / 86_400),
                EffectKind.ClockStep =>
                    shown + (long)(effect.Size * episode.Severity * Timestamp.NanosecondsPerSecond),
                EffectKind.ClockReset => since,
                _ => shown,
            };
        }

        return shown;
    }

    private static void Add(ref SignalChange change, Episode episode, in SignalEffect effect, long time)
    {
        double grown = episode.GrownAt(effect, time);
        double size = effect.Size * episode.Severity * grown;
        switch (effect.Kind)
        {
            case EffectKind.Offset:
                change.Offset += size;
                break;
            case EffectKind.Gain:
                change.Gain *= 1 + size;
                break;
            case EffectKind.Toward:
                change.Target = effect.Size;
                change.TargetPart = Math.Max(change.TargetPart, grown);
                break;
            case EffectKind.Swing:
                double seconds = (double)(time - episode.Start) / Timestamp.NanosecondsPerSecond;
                change.Offset += size * Math.Sin(Math.Tau * seconds / effect.PeriodSeconds);
                break;
            case EffectKind.Noise:
                change.NoiseFactor *= 1 + ((effect.Size - 1) * episode.Severity * grown);
                break;
            case EffectKind.Drift:
                change.DriftSigmas += size;
                break;
            case EffectKind.Spikes:
                change.SpikeSigmas += size;
                break;
            case EffectKind.Stuck:
                change.IsStuck |= grown > 0;
                break;
            case EffectKind.Pattern:
                change.PatternLength = grown > 0 ? (int)effect.Size : change.PatternLength;
                break;
            case EffectKind.Pinned:
                change.Pinned = grown > 0 ? effect.Size : change.Pinned;
                break;
            case EffectKind.Scale:
                change.Scale *= grown > 0 ? effect.Size : 1;
                break;
            case EffectKind.DropOut:
                change.DropOut = Math.Max(change.DropOut, effect.Size * grown);
                break;
            default:
                break; // clocks have no part in what is measured
        }
    }
}
