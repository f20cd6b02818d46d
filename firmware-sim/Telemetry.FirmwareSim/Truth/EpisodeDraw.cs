using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>Draws the episodes of a plan, one by one, where their asset is free and the weather fits.</summary>
internal sealed class EpisodeDraw
{
    private const int TriesPerMode = 60; // a mode of deep winter finds its night, if there is one
    private const double HourSeconds = 3_600;
    private const double GapSecondsMin = 6 * HourSeconds;
    private const double GapSecondsMax = 72 * HourSeconds;
    private const double SamplesMin = 20; // an episode of one signal has to show in as many
    private const double WorkSeconds = 2 * HourSeconds;
    private const double SeverityMin = 0.5;

    private readonly SiteCatalogue _site;
    private readonly EpisodePlanOptions _options;
    private readonly PlantConditions _plant;
    private readonly ulong _stream = SeededNoise.StreamOf("episodes");
    private readonly Dictionary<string, List<(double From, double To)>> _booked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _targets = new(StringComparer.Ordinal);
    private readonly double _from;
    private readonly double _until;
    private long _drawn;

    public EpisodeDraw(SiteCatalogue site, EpisodePlanOptions options)
    {
        _site = site;
        _options = options;
        _plant = new PlantConditions(options.Seed, options.Surroundings);
        double start = options.Start.ToUnixTimeMilliseconds() / 1_000.0;
        _from = start + (options.QuietDays * 24 * HourSeconds);
        _until = start + (options.Days * 24 * HourSeconds);
    }

    /// <summary>
    /// What needs much room first: weeks of one asset, then gateways with all their assets, then the longer ones.
    /// </summary>
    public List<Episode> All()
    {
        var episodes = new List<Episode>();
        IEnumerable<IGrouping<(FindingClass Class, OnsetScale Scale), FailureMode>> strata =
            (_options.Modes ?? FailureModes.All)
            .Where(mode => mode.IsVisible)
            .GroupBy(mode => (mode.Class, mode.Scale))
            .OrderByDescending(stratum => stratum.Key == (FindingClass.Process, OnsetScale.Weeks))
            .ThenByDescending(stratum => stratum.Key.Class == FindingClass.Gateway)
            .ThenByDescending(stratum => stratum.Key.Scale)
            .ThenBy(stratum => stratum.Key.Class);
        foreach (IGrouping<(FindingClass, OnsetScale), FailureMode> stratum in strata)
        {
            List<FailureMode> modes = [.. stratum.OrderBy(_ => Next())];
            for (int i = 0; i < _options.PerClassAndScale && TryDraw(modes) is { } episode; i++)
            {
                episodes.Add(episode);
            }
        }

        return episodes;
    }

    /// <summary>The first mode that finds asset, time and weather is taken, and has its next turn last.</summary>
    private Episode? TryDraw(List<FailureMode> modes)
    {
        foreach (FailureMode mode in modes)
        {
            for (int i = 0; i < TriesPerMode; i++)
            {
                if (TryPlace(mode) is { } episode)
                {
                    modes.Remove(mode);
                    modes.Add(mode);
                    return episode;
                }
            }
        }

        return null;
    }

    private Episode? TryPlace(FailureMode mode)
    {
        double onset = Between(mode.Onset.SecondsMin, mode.Onset.SecondsMax);
        double hold = HoldOf(mode);
        double recovery = mode.RecoverySeconds(onset);
        double length = onset + hold + recovery;
        string target = Pick(TargetsOf(mode));
        double start = Math.Floor(Between(_from, _until - length));
        double gap = Math.Clamp(length / 2, GapSecondsMin, GapSecondsMax);
        if (target.Length == 0 || start < _from || IsBooked(target, start - gap, start + length + gap)
            || !mode.Weather.Holds(_plant.WeatherAt(Episode.Nanoseconds(start)).AirTemp)
            || !IsAtWork(target, start, length))
        {
            return null;
        }

        SignalInstance[] signals = SignalsOf(mode, target, length);
        string[] assets = mode.AssetType == FailureMode.GatewayType ? AssetsOf(target) : [target];
        if (signals.Length == 0 || !TryBook(assets, start - gap, start + length + gap))
        {
            return null;
        }

        int number = _counts[mode.Id] = _counts.GetValueOrDefault(mode.Id) + 1;
        double severity = Math.Round(Between(SeverityMin, 1), 2);
        return new Episode(
            $"{mode.Id}/{number}", mode, target, signals,
            Episode.Nanoseconds(start), Episode.Nanoseconds(start + onset), Episode.Nanoseconds(start + onset + hold),
            Episode.Nanoseconds(start + length), severity);
    }

    /// <summary>What stands still shows no failure: it has to run when one starts, and a while on.</summary>
    private bool IsAtWork(string target, double start, double length)
    {
        Machine? machine = _site.Signals
            .Where(signal => signal.Asset.Id == target)
            .Select(signal => _plant.MachineOf(signal.Asset))
            .FirstOrDefault();
        double later = start + Math.Min(length, WorkSeconds);
        return machine is null || (machine.StateAt(start) == MachineState.Running
            && machine.StateAt(later) is MachineState.Running or MachineState.Idle);
    }

    private double HoldOf(FailureMode mode)
    {
        (double min, double max) = mode.HoldSeconds > 0
            ? (0.6 * mode.HoldSeconds / HourSeconds, 1.4 * mode.HoldSeconds / HourSeconds)
            : mode.Scale switch
            {
                OnsetScale.Instant => (0.4, 2.5),
                OnsetScale.Minutes => (0.5, 4),
                OnsetScale.Hours => (2, 10),
                OnsetScale.Days => (6, 24),
                _ => (12, 48),
            };
        return Between(min, max) * HourSeconds;
    }

    private string[] TargetsOf(FailureMode mode)
    {
        if (!_targets.TryGetValue(mode.AssetType, out string[]? targets))
        {
            targets = [.. _site.Signals.Where(signal => mode.AssetType switch
            {
                FailureMode.GatewayType => true,
                FailureMode.AnyType => signal.Asset.Type.Key != FailureMode.GatewayType,
                _ => signal.Asset.Type.Key == mode.AssetType,
            }).Select(signal => mode.AssetType == FailureMode.GatewayType ? signal.Asset.Gateway : signal.Asset.Id)
                .Distinct()];
            _targets.Add(mode.AssetType, targets);
        }

        return targets;
    }

    private string[] AssetsOf(string gateway) =>
    [
        .. _site.Signals
            .Where(signal => signal.Asset.Gateway == gateway)
            .Select(signal => signal.Asset.Id)
            .Distinct(),
    ];

    private SignalInstance[] SignalsOf(FailureMode mode, string target, double length)
    {
        if (mode.AssetType == FailureMode.AnyType)
        {
            SignalInstance[] choice =
            [
                .. _site.Signals.Where(signal => signal.Asset.Id == target && EpisodePlan.IsMeasured(signal)
                    && signal.Definition.PeriodSeconds > 0
                    && signal.Definition.PeriodSeconds * SamplesMin <= length),
            ];
            return choice.Length == 0 ? [] : [choice[(int)(Next() * choice.Length)]];
        }

        return EpisodePlan.SignalsOf(_site, mode, target);
    }

    private bool TryBook(string[] assets, double from, double to)
    {
        if (assets.Any(asset => IsBooked(asset, from, to)))
        {
            return false;
        }

        foreach (string asset in assets)
        {
            if (!_booked.TryGetValue(asset, out var spans))
            {
                spans = [];
                _booked.Add(asset, spans);
            }

            spans.Add((from, to));
        }

        return true;
    }

    private bool IsBooked(string asset, double from, double to) =>
        _booked.TryGetValue(asset, out var spans) && spans.Exists(span => from < span.To && to > span.From);

    private string Pick(string[] choice) => choice.Length == 0 ? "" : choice[(int)(Next() * choice.Length)];

    private double Between(double low, double high) => low + ((high - low) * Next());

    private double Next() => SeededNoise.Uniform(_options.Seed, _stream, _drawn++);
}
