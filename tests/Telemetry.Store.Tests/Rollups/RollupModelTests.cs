using Telemetry.Model;

namespace Telemetry.Store.Tests;

/// <summary>
/// Roll-ups beside a sorted dictionary, under random appends, late samples, checkpoints, crashes with replay and
/// building at any moment: what summaries and samples together say is what the dictionary says.
/// </summary>
public sealed class RollupModelTests
{
    private const long Second = Timestamp.NanosecondsPerSecond;
    private static readonly long[] Widths = [10 * Second, 60 * Second, 900 * Second, 3_600 * Second, 86_400 * Second];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void After_any_history_windows_are_those_of_the_model(int seed)
    {
        var random = new Random(seed);
        using var bench = new StoreBench(chunkSamples: 64);
        var model = new SortedDictionary<long, double>();
        var log = new List<Sample[]>();
        long time = 0;
        for (int step = 0; step < 120; step++)
        {
            switch (random.Next(9))
            {
                case 0:
                    bench.Checkpoint(log.Count);
                    break;
                case 1:
                    bench.Crash();
                    log.Skip((int)bench.Store.ReadLaneOffsets()[0]).ToList()
                        .ForEach(samples => bench.Append(bench.Field("t"), samples));
                    break;
                case 2 or 3:
                    bench.Store.BuildRollups();
                    break;
                case 4:
                    Compare(bench, model, random, time);
                    break;
                default:
                    Sample[] invented = Invent(random, ref time);
                    log.Add(invented);
                    bench.Append(bench.Field("t"), invented);
                    foreach (Sample sample in invented)
                    {
                        model[sample.Time] = BitConverter.Int64BitsToDouble(sample.Bits);
                    }

                    break;
            }
        }

        bench.Checkpoint(log.Count);
        bench.Store.BuildRollups();
        bench.Checkpoint(log.Count);
        Assert.True(bench.Store.File.ReadInt64("SELECT count(*) FROM rollups") > 0, "the history made no roll-up");
        Compare(bench, model, random, time);
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 8)];

    private static Sample[] Invent(Random random, ref long time)
    {
        bool isLate = random.Next(3) == 0;
        var samples = new Sample[isLate ? random.Next(1, 40) : random.Next(500, 3_000)];
        long step = random.Next(1, 8) * Second;
        for (int i = 0; i < samples.Length; i++)
        {
            long at = isLate ? random.NextInt64(Math.Max(time, 1)) / Second * Second : time += step;
            samples[i] = StoreBench.Of(at, random.Next(-1_000, 1_000) / 10.0);
        }

        return samples;
    }

    private static void Compare(StoreBench bench, SortedDictionary<long, double> model, Random random, long end)
    {
        long width = Widths[random.Next(Widths.Length)];
        long from = random.Next(2) == 0 ? long.MinValue : random.NextInt64(Math.Max(end, 1));
        long to = random.Next(2) == 0 ? long.MaxValue : random.NextInt64(Math.Max(end, 1));
        var read = new Collector
        {
            Summaries = new SummaryWish(width, WithDetail: random.Next(2) == 0),
            WindowWidth = width,
        };
        bench.Store.Read(bench.Field("t").Id, from, to, ref read);
        (long Time, double Value)[] expected =
            [.. model.Where(pair => pair.Key >= from && pair.Key < to).Select(pair => (pair.Key, pair.Value))];
        Assert.Equal(expected.Length, read.Samples.Count + read.Taken.Sum(summary => summary.Count));
        Assert.Equal(
            expected.Select(sample => sample.Time).Except(Inside(expected, read.Taken).Select(sample => sample.Time)),
            read.Samples.Select(sample => sample.Time));
        foreach (SampleSummary summary in read.Taken)
        {
            (long Time, double Value)[] inside = [.. Inside(expected, [summary])];
            Assert.Equal(inside.Length, summary.Count);
            Assert.Equal((inside[0].Value, inside[^1].Value), (summary.First, summary.Last));
            Assert.Equal(inside.Sum(sample => sample.Value), summary.Sum, 1e-6);
            Assert.Equal(inside.Min(sample => sample.Value), summary.Min);
            Assert.Equal(inside.Max(sample => sample.Value), summary.Max);
            if (summary.Detail is { } detail)
            {
                Assert.Equal(inside.MinBy(sample => sample.Value).Time, detail.MinTime);
                Assert.Equal(inside.MaxBy(sample => sample.Value).Time, detail.MaxTime);
            }
        }
    }

    private static IEnumerable<(long Time, double Value)> Inside(
        (long Time, double Value)[] samples, IEnumerable<SampleSummary> summaries)
    {
        long[] times = [.. samples.Select(sample => sample.Time)];
        foreach (SampleSummary summary in summaries)
        {
            int first = Array.BinarySearch(times, summary.FirstTime);
            int last = Array.BinarySearch(times, summary.LastTime);
            for (int i = first; i <= last; i++)
            {
                yield return samples[i];
            }
        }
    }
}
