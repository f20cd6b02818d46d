using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Telemetry.Model;
using Telemetry.Testing;

namespace Telemetry.FirmwareSim.Tests;

public sealed class MineRunTests
{
    private static readonly EpisodePlan Plan =
        EpisodePlan.Draw(Runs.Site, new() { Start = Runs.Winter, Days = 20, QuietDays = 0.01 });

    [Theory]
    [InlineData(false, "A19130A3EA51CE49")]
    [InlineData(true, "2036D2C264B4740A")]
    public void The_same_seed_gives_the_same_values_on_every_machine(bool shifts, string hash)
    {
        var options = new MineRunOptions
        {
            Seed = 7,
            Start = Runs.Winter,
            PeriodSecondsMin = 60,
            Plan = Plan,
            Surroundings = new Surroundings { Shifts = shifts },
        };

        Assert.Equal(hash, HashOf(options, hours: 36)[..16]);
    }

    [Fact]
    public void How_far_it_goes_at_once_changes_nothing()
    {
        var options = new MineRunOptions { Seed = 3, Start = Runs.Summer, PeriodSecondsMin = 30, Plan = Plan };

        Assert.Equal(HashOf(options, hours: 1), HashOf(options, hours: 1, stepSeconds: 7));
        Assert.NotEqual(HashOf(options, hours: 1), HashOf(options with { Seed = 4 }, hours: 1));
    }

    [Fact]
    public void It_says_what_the_gateways_say()
    {
        const int Seconds = 600;
        var options = new MineRunOptions { Start = Runs.Winter, Plan = Plan };
        var recorder = new Recorder();
        var run = new MineRun(Runs.Site, options);
        run.PlayUntil(Timestamp.From(Runs.Winter.AddSeconds(Seconds)), recorder);

        var offline = recorder.Samples.ToLookup(
            sample => run.Signals[sample.Signal].Asset.Gateway,
            sample => (run.Signals[sample.Signal].Id, sample.Value));
        foreach (string gateway in (string[])["GW-CRUSH", "GW-GRAV", "GW-LORA"])
        {
            var sent = Runs.Read(gateway, Runs.Winter, Seconds, new SimulatorOptions { Plan = Plan })
                .Where(sample => sample.Time < Timestamp.From(Runs.Winter.AddSeconds(Seconds)))
                .Select(sample => (sample.Signal, sample.Value));

            Assert.Equal(sent.Order(), offline[gateway].Order());
        }
    }

    [Fact]
    public void Samples_come_in_the_order_of_time_at_their_period_and_no_more_often_than_asked()
    {
        var run = new MineRun(Runs.Site, new MineRunOptions { Start = Runs.Summer, PeriodSecondsMin = 60 });
        var recorder = new Recorder();
        run.PlayUntil(Timestamp.From(Runs.Summer.AddHours(2)), recorder);

        Assert.Equal(recorder.Samples.Select(sample => sample.Time).Order(), recorder.Samples.Select(s => s.Time));
        Assert.Equal(recorder.Samples.Count, run.SampleCount);
        foreach (var samples in recorder.Samples.GroupBy(sample => sample.Signal))
        {
            double period = run.Signals[samples.Key].Definition.PeriodSeconds;
            if (period > 0)
            {
                long[] times = [.. samples.Select(sample => sample.Time).Skip(1)];
                double nanoseconds = Math.Max(period, 60) * Timestamp.NanosecondsPerSecond;
                Assert.All(times.Zip(times.Skip(1)), pair => Assert.Equal(nanoseconds, pair.Second - pair.First));
            }
        }
    }

    [Fact]
    public void Chosen_assets_read_what_they_read_among_all()
    {
        Assert.Equal(Values(null), Values(["CR-201", "GW-CRUSH"]));

        static string[] Values(string[]? assets)
        {
            var run = new MineRun(Runs.Site, new MineRunOptions { Start = Runs.Winter, Assets = assets, Plan = Plan });
            var recorder = new Recorder();
            run.PlayUntil(Timestamp.From(Runs.Winter.AddMinutes(10)), recorder);
            return [.. recorder.Samples
                .Where(sample => run.Signals[sample.Signal].Asset.Id is "CR-201" or "GW-CRUSH")
                .Select(sample => $"{run.Signals[sample.Signal].Id} {sample.Time} {sample.Value}")];
        }
    }

    [Fact]
    public void The_truth_is_told_before_the_samples_it_is_about()
    {
        Episode first = Plan.Episodes[0];
        var run = new MineRun(Runs.Site, new MineRunOptions { Start = Runs.Winter, Plan = Plan, Assets = [] });
        var recorder = new Recorder();
        run.PlayUntil(Plan.Episodes.Max(episode => episode.End) + 1, recorder);

        Assert.Equal(3 * Plan.Episodes.Count, recorder.Told.Count);
        Assert.Equal(("started", first.Id), recorder.Told[0]);
        foreach (string id in Plan.Episodes.Select(episode => episode.Id))
        {
            string[] words = [.. recorder.Told.Where(told => told.Id == id).Select(told => told.Word)];
            Assert.Equal(["started", "full", "ended"], words);
        }
    }

    [Fact]
    public void A_sample_allocates_nothing()
    {
        var options = new MineRunOptions { Start = Runs.Winter, Plan = Plan, PeriodSecondsMin = 60 };
        var run = new MineRun(Runs.Site, options);
        var counter = new Counter();

        Assert.Equal(0, Allocation.Measure(() => run.PlayUntil(run.Time + Timestamp.NanosecondsPerSecond, counter)));
        Assert.True(counter.Count > 1_000);
    }

    private static string HashOf(MineRunOptions options, double hours, double stepSeconds = 3_600)
    {
        var run = new MineRun(Runs.Site, options);
        var recorder = new Recorder();
        long end = Timestamp.From(options.Start.AddHours(hours));
        while (run.Time < end)
        {
            long step = (long)(stepSeconds * Timestamp.NanosecondsPerSecond);
            run.PlayUntil(Math.Min(end, run.Time + step), recorder);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (MineSample sample in recorder.Samples)
        {
            ReadOnlySpan<long> parts =
                [sample.Signal, sample.TimeTold, BitConverter.DoubleToInt64Bits(sample.Value)];
            hash.AppendData(MemoryMarshal.AsBytes(parts));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private sealed class Recorder : IMineListener
    {
        public List<MineSample> Samples { get; } = [];

        public List<(string Word, string Id)> Told { get; } = [];

        public void OnSample(in MineSample sample) => Samples.Add(sample);

        public void OnStarted(Episode episode) => Told.Add(("started", episode.Id));

        public void OnFull(Episode episode) => Told.Add(("full", episode.Id));

        public void OnEnded(Episode episode) => Told.Add(("ended", episode.Id));
    }

    private sealed class Counter : IMineListener
    {
        public long Count { get; private set; }

        public void OnSample(in MineSample sample) => Count++;
    }
}
