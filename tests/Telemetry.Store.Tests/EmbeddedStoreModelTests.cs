using Telemetry.Model;

namespace Telemetry.Store.Tests;

/// <summary>
/// The store beside a sorted dictionary per field, with values and where they come from, under random appends,
/// checkpoints, crashes with replay, and reads.
/// </summary>
public sealed class EmbeddedStoreModelTests
{
    private const int StepCount = 150;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void After_any_history_of_appends_checkpoints_and_crashes_the_store_equals_the_model(int seed)
    {
        var random = new Random(seed);
        using var bench = new StoreBench(chunkSamples: 64);
        var log = new List<(int Field, Sample[] Samples)>();
        var models = new SortedDictionary<long, Sample>[Fields.Length];
        for (int i = 0; i < models.Length; i++)
        {
            models[i] = [];
        }

        for (int step = 0; step < StepCount; step++)
        {
            switch (random.Next(12))
            {
                case 0:
                    bench.Checkpoint(log.Count);
                    break;
                case 1:
                    bench.Crash();
                    bench.Catalogue.Sources.NumberOf(new SampleSource($"new in step {step}", "f", ""));
                    Replay(bench, log);
                    break;
                case 2 or 3:
                    Compare(bench, models, random);
                    break;
                default:
                    (int Field, Sample[] Samples) entry = Invent(random, step);
                    log.Add(entry);
                    bench.Append(Intern(bench, entry.Field), entry.Samples);
                    Apply(models, entry);
                    break;
            }
        }

        Compare(bench, models, random);
        bench.Checkpoint(log.Count);
        bench.Crash();
        Assert.Equal(log.Count, bench.Store.ReadLaneOffsets()[0]);
        Compare(bench, models, random);
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 8)];

    private static readonly FieldType[] Fields =
        [FieldType.Float, FieldType.Float, FieldType.Integer, FieldType.Unsigned, FieldType.Boolean, FieldType.String];

    private static readonly string[] Sources = ["", "", "gateway-1", "gateway-2", "gateway-1"];

    private static Field Intern(StoreBench bench, int index) => bench.Field($"f{index}", Fields[index]);

    /// <summary>
    /// What a consumer does after a crash: everything behind the cursor again, a little more by chance.
    /// </summary>
    private static void Replay(StoreBench bench, List<(int Field, Sample[] Samples)> log)
    {
        for (int i = (int)bench.Store.ReadLaneOffsets()[0]; i < log.Count; i++)
        {
            bench.Append(Intern(bench, log[i].Field), log[i].Samples);
        }
    }

    private static void Apply(SortedDictionary<long, Sample>[] models, (int Field, Sample[] Samples) entry)
    {
        foreach (Sample sample in entry.Samples)
        {
            models[entry.Field][sample.Time] = sample;
        }
    }

    private static (int Field, Sample[] Samples) Invent(Random random, int step)
    {
        int field = random.Next(Fields.Length);
        var samples = new Sample[random.Next(1, 90)];
        long time = step * 40L;
        for (int i = 0; i < samples.Length; i++)
        {
            time = random.Next(10) switch
            {
                0 => random.Next((step * 40) + 1), // late
                1 => time, // the same again
                2 => time - random.Next(5),
                _ => time + random.Next(1, 3),
            };
            byte quality = random.Next(8) == 0 ? Quality.Uncertain : Quality.Good;
            samples[i] = InventValue(random, Fields[field]) with
            {
                Time = time * 1_000_000,
                Quality = quality,
                Source = Sources[(step / 20 + random.Next(9) / 8) % Sources.Length],
                Correction = CorrectionOf(field, time),
                Arrival = time + random.Next(500),
            };
        }

        return (field, samples);
    }

    /// <summary>None, the same for a while, or another one for every time, as a clock that drifts has.</summary>
    private static TimeCorrection CorrectionOf(int field, long time) => (field % 3) switch
    {
        0 => new TimeCorrection(-139_000 * time, 1_000_000 + (time % 5)),
        1 => new TimeCorrection(time < StepCount * 20 ? 4_000_000_000 : 0, 0),
        _ => default,
    };

    private static Sample InventValue(Random random, FieldType type) => type switch
    {
        FieldType.Float when random.Next(40) == 0 => StoreBench.Of(0, random.NextDouble()),
        FieldType.Float => StoreBench.Of(0, random.Next(1000) / 10.0),
        FieldType.Boolean => new Sample(0, random.Next(2), 0),
        FieldType.String => new Sample(0, 0, 0, random.Next(4) == 0 ? $"text {random.Next()}" : "RUN"),
        _ => new Sample(0, random.Next(-50, 50), 0),
    };

    private static void Compare(StoreBench bench, SortedDictionary<long, Sample>[] models, Random random)
    {
        for (int i = 0; i < models.Length; i++)
        {
            Field field = Intern(bench, i);
            (long from, long to) = random.Next(2) == 0
                ? (long.MinValue, long.MaxValue)
                : (random.Next(StepCount * 40) * 1_000_000L, random.Next(StepCount * 40) * 1_000_000L);
            List<Sample> expected = [.. models[i].Values.Where(s => s.Time >= from && s.Time < to)];
            Assert.Equal(expected, bench.Read(field, from, to));
            var bare = new Collector();
            bench.Store.Read(field.Id, from, to, ref bare);
            Assert.Equal(expected.Select(sample => sample.Bare), bare.Samples);
            CompareSummaries(bench, field, expected, from, to);
        }
    }

    private static void CompareSummaries(StoreBench bench, Field field, List<Sample> expected, long from, long to)
    {
        var collector = new Collector { Summaries = new SummaryWish(long.MaxValue, WithDetail: false) };
        bench.Store.Read(field.Id, from, to, ref collector);
        Assert.Equal(expected.Count, collector.Samples.Count + collector.Taken.Sum(s => s.Count));
        foreach (SampleSummary summary in collector.Taken)
        {
            double[] inside = [.. expected
                .Where(s => s.Time >= summary.FirstTime && s.Time <= summary.LastTime)
                .Select(s => field.Type == FieldType.Float ? BitConverter.Int64BitsToDouble(s.Bits)
                    : field.Type == FieldType.Unsigned ? (ulong)s.Bits : s.Bits)];
            Assert.Equal(inside.Length, summary.Count);
            Assert.Equal(inside[0], summary.First);
            Assert.Equal(inside[^1], summary.Last);
            Assert.Equal(inside.Min(), summary.Min);
            Assert.Equal(inside.Max(), summary.Max);
            Assert.Equal(inside.Sum(), summary.Sum, tolerance: 1e-6 * Math.Abs(inside.Sum()) + 1e-9);
        }
    }
}
