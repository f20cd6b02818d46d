using System.Text;
using Telemetry.Detection;
using Telemetry.FirmwareSim;
using Telemetry.Model;
using Telemetry.Site;

namespace Telemetry.Rehearsal.Tests;

/// <summary>
/// What verdicts bring on the simulated mine: a bearing that something harmless disturbs for weeks, ever more strongly,
/// and that fails at the end.
/// </summary>
public sealed class VerdictRunTests
{
    private const string Signal = "CR-201.bearing_de_temp";
    private const int Days = 56;
    private const int FaultDay = 54;
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly long FaultTime = Timestamp.From(Start.AddDays(FaultDay));
    private const long FoundWithin = 15 * 60 * Timestamp.NanosecondsPerSecond;
    private static readonly int[] Seeds = [9, 18, 46]; // in most others the detector calls once

    private static readonly Recording Mine = new();

    [Fact]
    public void A_series_that_is_told_false_calls_less_and_its_fault_is_found_as_before()
    {
        BearingRun[] untold = [.. Seeds.Select(seed => new BearingRun(Mine, seed, isTold: false).Play())];
        BearingRun[] told = [.. Seeds.Select(seed => new BearingRun(Mine, seed, isTold: true).Play())];
        Assert.Equal([2, 2, 2], untold.Select(run => run.FalseCallCount));
        Assert.Equal([1, 1, 1], told.Select(run => run.FalseCallCount)); // the one that was judged
        Assert.All(told, run => Assert.NotEmpty(run.Held));
        Assert.All([.. untold, .. told], run => Assert.InRange(run.FoundAt, FaultTime, FaultTime + FoundWithin));
    }

    [Fact]
    public void The_same_verdicts_give_the_same_findings_on_a_replay()
    {
        BearingRun live = new BearingRun(Mine, Seeds[1], isTold: true).Play();
        BearingRun replay = new BearingRun(Mine, Seeds[1], isTold: false, live.Given).Play();
        Assert.NotEmpty(live.Held);
        Assert.Equal(live.Calls, replay.Calls);
        Assert.Equal(live.Held, replay.Held);
    }

    /// <summary>The bearing and what it is held against, as the mine gives them.</summary>
    private sealed class Recording : IMineListener
    {
        private readonly HashSet<string> _names = [];

        public Recording()
        {
            Run = new MineRun(DefaultSite.Load(), new MineRunOptions
            {
                Seed = 7,
                Start = Start,
                PeriodSecondsMin = 60,
                Assets = ["CR-201", "WX-601"],
            });
            SignalInstance bearing = Run.Signals.Single(signal => signal.Id == Signal);
            _names.UnionWith([Signal, bearing.Ambient, bearing.Load]);
            Run.PlayUntil(Timestamp.From(Start.AddDays(Days)), this);
        }

        public MineRun Run { get; }

        public List<MineSample> Samples { get; } = [];

        public void OnSample(in MineSample sample)
        {
            if (_names.Contains(Run.Signals[sample.Signal].Id))
            {
                Samples.Add(sample);
            }
        }
    }

    private sealed class BearingRun : IFindingListener
    {
        private const double Minute = 60e9;
        private const double JerkKelvin = 15;
        private const double FaultKelvin = 35;

        private readonly Recording _recording;
        private readonly bool _isTold;
        private readonly SampleFeed _feed;
        private readonly DetectorSet _detectors;
        private readonly SeriesCatalogue _catalogue = new();
        private readonly Field[] _fields;
        private readonly List<(long From, long To, int Kind, double Size)> _jerks = [];
        private readonly Random _noise = new(5);

        /// <summary>When told, each call before the fault is said to be false at once.</summary>
        public BearingRun(Recording recording, int seed, bool isTold, IReadOnlyList<GivenVerdict>? given = null)
        {
            _recording = recording;
            _isTold = isTold;
            _detectors = new DetectorSet(_catalogue);
            _feed = new SampleFeed(_detectors, _catalogue, this);
            _fields = [.. recording.Run.Signals.Select(Bind)];
            Given = [.. given ?? []];
            Take();
            DrawJerks(new Random(seed));
        }

        public List<GivenVerdict> Given { get; }

        public List<Finding> Calls { get; } = [];

        public List<Finding> Held { get; } = [];

        public int FalseCallCount => Calls.Count(call => call.Time < FaultTime);

        public long FoundAt => Calls.FirstOrDefault(call => call.Time >= FaultTime).Time;

        public BearingRun Play()
        {
            foreach (MineSample sample in _recording.Samples)
            {
                bool isBearing = _recording.Run.Signals[sample.Signal].Id == Signal;
                double value = sample.Value + (isBearing ? JerkAt(sample.Time) : 0);
                var arrived = new ArrivedSample(
                    sample.Time,
                    sample.TimeTold,
                    _fields[sample.Signal].Id,
                    FieldType.Float,
                    Quality.Good,
                    BitConverter.DoubleToInt64Bits(value));
                _feed.Observe(arrived, PointFlags.None);
            }

            return this;
        }

        public void OnFinding(in Finding finding)
        {
            if (finding.Anomaly is not { } facts || finding.Edge != FindingEdge.Began || !IsOfBearing(finding))
            {
                return;
            }

            Calls.Add(finding);
            if (_isTold && finding.Time < FaultTime)
            {
                Given.Add(new GivenVerdict(
                    Given.Count + 1, OperatorVerdict.False, finding.Time, long.MaxValue, facts));
                Take();
            }
        }

        public void OnHeld(in Finding finding, long verdict)
        {
            if (finding.Edge == FindingEdge.Began)
            {
                Held.Add(finding);
            }
        }

        private bool IsOfBearing(in Finding finding) =>
            _catalogue.FieldAt(finding.Condition.FieldId).Signal!.Id == Signal;

        private void Take() =>
            _detectors.Take(new Dictionary<string, SeriesVerdicts> { [Signal] = new SeriesVerdicts(Given) });

        private void DrawJerks(Random random)
        {
            for (double day = 7; day < FaultDay - 2; day += 2 + (random.NextDouble() * 5))
            {
                double minutes = 10 * Math.Pow(30, random.NextDouble());
                double size = JerkKelvin * Math.Pow(12, random.NextDouble()) / 12 * (random.Next(2) == 0 ? 1 : -1);
                int kind = random.Next(3);
                long from = Timestamp.From(Start.AddDays(day));
                _jerks.Add((from, from + (long)(minutes * Minute), kind, size * (0.3 + (2 * day / FaultDay))));
            }
        }

        /// <summary>A noise, a swing or a step; from the fault on the bearing is hot.</summary>
        private double JerkAt(long time)
        {
            if (time >= FaultTime)
            {
                return FaultKelvin;
            }

            foreach ((long from, long to, int kind, double size) in _jerks)
            {
                if (time >= from && time < to)
                {
                    return kind switch
                    {
                        0 => size * (_noise.NextDouble() - 0.5),
                        1 => size * Math.Sin((time - from) / Minute / 3),
                        _ => size,
                    };
                }
            }

            return 0;
        }

        private Field Bind(SignalInstance signal)
        {
            byte[] key = Encoding.UTF8.GetBytes($"{signal.Asset.Type.Key},asset={signal.Asset.Id}");
            _catalogue.TryIntern(key, signal.Definition.Key, FieldType.Float, out Field? field);
            _catalogue.Bind(field!, signal);
            return field!;
        }
    }
}
