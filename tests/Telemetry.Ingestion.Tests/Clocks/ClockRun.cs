using System.Globalization;
using Telemetry.FirmwareSim;
using Telemetry.Model;

namespace Telemetry.Ingestion.Tests;

/// <summary>A simulated gateway's records through the estimator, and how wrong the corrected times are.</summary>
internal sealed class ClockRun
{
    private readonly List<double> _residuals = []; // seconds, absolute
    private readonly List<double> _bounds = [];
    private readonly List<double> _raw = [];

    public int Count => _residuals.Count;

    public int UnknownCount { get; private set; }

    public int CoveredCount { get; private set; }

    public int CorrectedCount { get; private set; }

    public GatewayClock Clock { get; } = new();

    public double CoveredShare => (double)CoveredCount / Math.Max(1, Count - UnknownCount);

    public double ResidualAt(double share) => At(_residuals, share);

    public double RawAt(double share) => At(_raw, share);

    public double BoundAt(double share) => At(_bounds, share);

    public void Add(ClockScenario scenario, int seed)
    {
        foreach ((long measured, long told, long arrival) in RecordsOf(scenario, seed))
        {
            TimeCorrection correction = Clock.Observe(told, arrival);
            double residual = Math.Abs(told + correction.Nanoseconds - measured) / 1e9;
            _raw.Add(Math.Abs(told - measured) / 1e9);
            _residuals.Add(residual);
            CorrectedCount += correction.Nanoseconds != 0 ? 1 : 0;
            UnknownCount += correction.Uncertainty == 0 ? 1 : 0;
            CoveredCount += correction.Uncertainty > 0 && residual <= correction.Uncertainty / 1e9 ? 1 : 0;
            if (correction.Uncertainty > 0)
            {
                _bounds.Add(correction.Uncertainty / 1e9);
            }
        }
    }

    /// <summary>Adds what another run found.</summary>
    public void Add(ClockRun run)
    {
        _residuals.AddRange(run._residuals);
        _bounds.AddRange(run._bounds);
        _raw.AddRange(run._raw);
        UnknownCount += run.UnknownCount;
        CoveredCount += run.CoveredCount;
        CorrectedCount += run.CorrectedCount;
    }

    public string Row(string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {Count:N0} | {RawAt(1):0.##} | {ResidualAt(0.5):0.00} | {ResidualAt(0.95):0.00} | "
        + $"{ResidualAt(0.99):0.00} | {ResidualAt(1):0.##} | {BoundAt(0.5):0.00} | {BoundAt(1):0.0} | "
        + $"{100 * CoveredShare:0.00} % | {UnknownCount} |");

    private static IEnumerable<(long Measured, long Told, long Arrival)> RecordsOf(ClockScenario scenario, int seed)
    {
        var random = new Random(seed);
        double tolerance = scenario.IsKept ? 0 : (random.NextDouble() - 0.5) * 10;
        var clock = new SimulatedClock(ClockScenario.Start, tolerance);
        clock.Set(ClockScenario.Start + (long)(scenario.InitialSkewSeconds * 1e9));
        var buffered = new List<(long Measured, long Told)>();
        var events = new Queue<ClockEvent>(scenario.Events.OrderBy(e => e.AtHours));
        long period = (long)(scenario.PeriodSeconds * 1e9);
        long end = ClockScenario.Start + (long)(scenario.Days * 86_400e9);
        long lastArrival = 0;
        for (long now = ClockScenario.Start; now < end; now += period)
        {
            clock.Advance(now, scenario.CelsiusAt(now));
            double hours = (now - ClockScenario.Start) / 3_600e9;
            while (events.TryPeek(out ClockEvent? next) && next.AtHours <= hours)
            {
                events.Dequeue().Happens(clock, now);
            }

            long told = scenario.IsKept ? now + (long)((random.NextDouble() - 0.5) * 40e6) : clock.Reading;
            if (scenario.Outages.Any(outage => hours >= outage.From && hours < outage.From + outage.Hours))
            {
                buffered.Add((now, told));
                continue;
            }

            for (int i = 0; i < scenario.BackfillFactor && buffered.Count > 0; i++)
            {
                int place = scenario.IsNewestFirst ? buffered.Count - 1 : 0;
                (long measured, long bufferedTold) = buffered[place];
                buffered.RemoveAt(place);
                long spread = i * period / (scenario.BackfillFactor + 1);
                yield return (measured, bufferedTold, Arrive(now + spread));
            }

            if (buffered.Count > 0 && !scenario.IsNewestFirst)
            {
                buffered.Add((now, told)); // one queue: what is new waits behind it
                continue;
            }

            yield return (now, told, Arrive(now));
        }

        // One connection: nothing overtakes.
        long Arrive(long sent) => lastArrival = Math.Max(lastArrival + 1, sent + scenario.Link.DelayOf(random));
    }

    private static double At(List<double> values, double share)
    {
        values.Sort();
        return values.Count == 0 ? double.NaN : values[(int)Math.Min(values.Count - 1, share * values.Count)];
    }
}
