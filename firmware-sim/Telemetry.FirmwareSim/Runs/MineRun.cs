using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>
/// The mine without a network: samples of all chosen signals in the order of event time, as fast as they can be made,
/// with the truth about failures beside them. The values are those that the gateways of a
/// <see cref="SimulatedMine"/> send. Same site, options and plan give the same run. Not for several threads at once.
/// </summary>
public sealed class MineRun
{
    private readonly Gateway[] _gateways;
    private readonly Slot[] _slots; // in the order in which they are read within a second
    private readonly Calendar _calendar;
    private readonly EpisodeFeed _episodes;
    private readonly StateFeed _states;
    private readonly long _start;
    private long _tick;

    /// <param name="site">What there is to simulate.</param>
    /// <param name="options">How; refused when out of bounds.</param>
    /// <exception cref="ArgumentException">An option is out of bounds.</exception>
    public MineRun(SiteCatalogue site, MineRunOptions options)
    {
        options.Require();
        _start = Timestamp.From(options.Start);
        Signals = [.. site.Signals.Where(signal => options.Assets?.Contains(signal.Asset.Id) ?? true)];
        _gateways =
        [
            .. Signals.Select(signal => signal.Asset.Gateway).Distinct()
                .Select(id => new Gateway(id, GatewayPayloads.FirstTime(id, _start, rate: 1), options))
                .OrderBy(gateway => gateway.First).ThenBy(gateway => gateway.Id, StringComparer.Ordinal),
        ];
        _slots =
        [
            .. _gateways.SelectMany((gateway, place) => Signals
                .Select((signal, index) => (signal, index))
                .Where(pair => pair.signal.Asset.Gateway == gateway.Id)
                .Select(pair => SlotOf(pair.signal, pair.index, place, options, _start))),
        ];
        _calendar = new Calendar([.. _slots.Select(slot => slot.Sampling)]);
        _episodes = new EpisodeFeed(options.Plan.Episodes);
        var conditions = new PlantConditions(options.Seed, options.Surroundings, options.Plan);
        _states = new StateFeed(
            Signals.Select(signal => signal.Asset).Distinct().Select(conditions.MachineOf).OfType<Machine>());
    }

    /// <summary>The signals that are read; samples name them by their place here.</summary>
    public IReadOnlyList<SignalInstance> Signals { get; }

    /// <summary>How many samples were given so far.</summary>
    public long SampleCount { get; private set; }

    /// <summary>Event time up to which the run has gone, nanoseconds since 1970.</summary>
    public long Time => _start + (_tick * Timestamp.NanosecondsPerSecond);

    /// <summary>Goes on to a time, whole seconds at once.</summary>
    /// <param name="until">Event time, nanoseconds since 1970, exclusive.</param>
    /// <param name="listener">Takes the samples and the truth.</param>
    public void PlayUntil(long until, IMineListener listener)
    {
        for (; Time < until; _tick++)
        {
            double seconds = (double)Time / Timestamp.NanosecondsPerSecond;
            _episodes.Tell(Time + Timestamp.NanosecondsPerSecond - 1, listener); // a second is one step
            _states.Tell(Time, listener);
            foreach (int place in _calendar.DueAt(_tick, seconds))
            {
                Read(_slots[place], listener);
            }
        }
    }

    private void Read(in Slot slot, IMineListener listener)
    {
        Gateway gateway = _gateways[slot.Gateway];
        gateway.Conditions.MoveTo(gateway.First + (_tick * Timestamp.NanosecondsPerSecond));
        long time = gateway.Conditions.Time;
        double value = slot.Sampling.Model.Read(gateway.Conditions, _tick);
        if (!double.IsNaN(value))
        {
            SampleCount++;
            listener.OnSample(new MineSample(slot.Signal, time, gateway.Clock?.ClockAt(time) ?? time, value));
        }
    }

    private static Slot SlotOf(SignalInstance signal, int index, int gateway, MineRunOptions options, long start)
    {
        Func<PlantConditions, double>? recorded = options.Replay?.SeriesOf(signal, start);
        var model = new SignalModel(options.Seed, signal, options.Plan.TrackOf(signal), recorded);
        return new Slot(index, gateway, new SamplingSlot(options.Seed, model, options.PeriodSecondsMin));
    }

    private readonly record struct Slot(int Signal, int Gateway, SamplingSlot Sampling);

    /// <summary>What the signals of a gateway share.</summary>
    private sealed class Gateway(string id, long first, MineRunOptions options)
    {
        public string Id { get; } = id;

        public long First { get; } = first;

        public PlantConditions Conditions { get; } = new(options.Seed, options.Surroundings, options.Plan);

        public EffectTrack? Clock { get; } = options.Plan.ClockOf(id);
    }
}
