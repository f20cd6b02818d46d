using System.Buffers;
using Telemetry.Detection.Assets;
using Telemetry.Testing;

namespace Telemetry.Detection.Tests.Assets;

public sealed class AssetDetectorTests
{
    private const int WarmUp = 1_000;
    private const int SignalCount = 6;

    private static List<AssetVerdict> Run(
        IEnumerable<double[]> rows, int warmUp = WarmUp, long period = SyntheticAsset.Second)
    {
        AssetDetector? detector = null;
        var verdicts = new List<AssetVerdict>();
        foreach (double[] row in rows)
        {
            detector ??= new AssetDetector(row.Length, warmUp);
            verdicts.Add(detector.Observe(SyntheticAsset.Start + (verdicts.Count * period), row));
        }

        return verdicts;
    }

    /// <summary>Normal rows, and from one on a signal that is off by so much until another.</summary>
    private static double[][] Shifted(int count, int from, int to, int signal, double by, int seed = 1)
    {
        double[][] rows = new SyntheticAsset(SignalCount, seed).Take(count);
        for (int i = from; i < to; i++)
        {
            rows[i][signal] += by;
        }

        return rows;
    }

    private static double AlarmShare(List<AssetVerdict> verdicts, int from, int to) =>
        verdicts[from..to].Count(verdict => verdict.IsAlarm) / (double)(to - from);

    [Theory]
    [InlineData(1, 300)]
    [InlineData(4, 1_000)]
    [InlineData(8, 1_000)]
    [InlineData(16, 3_000)]
    [InlineData(64, 3_000)]
    public void Normal_rows_alarm_no_more_often_than_one_in_a_hundred(int signalCount, int warmUp)
    {
        List<AssetVerdict> verdicts = Run(new SyntheticAsset(signalCount, 7).Take(warmUp + 10_000), warmUp);

        Assert.All(verdicts[..warmUp], verdict => Assert.Equal(AssetPhase.Commissioning, verdict.Phase));
        Assert.All(verdicts[warmUp..], verdict => Assert.Equal(AssetPhase.Watching, verdict.Phase));
        Assert.InRange(AlarmShare(verdicts, warmUp, verdicts.Count), 0, 0.01);
        Assert.InRange(verdicts[warmUp..].Average(verdict => verdict.Statistic), 0.005, 0.8);
    }

    [Fact]
    public void A_relation_that_breaks_within_each_signals_range_is_found_and_its_end_too()
    {
        // 2.5 is about two deviations of the signal: no limit on it alone would see that.
        List<AssetVerdict> verdicts = Run(Shifted(2_000, 1_400, 1_600, signal: 2, by: 2.5));

        Assert.Equal(0, AlarmShare(verdicts, WarmUp, 1_400));
        Assert.Equal(1, AlarmShare(verdicts, 1_420, 1_600));
        Assert.Equal(0, AlarmShare(verdicts, 1_640, 2_000));
    }

    [Fact]
    public void An_alarm_says_since_when()
    {
        List<AssetVerdict> verdicts = Run(Shifted(2_000, 1_400, 1_600, signal: 2, by: 2.5));

        int first = verdicts.FindIndex(verdict => verdict.IsAlarm);
        long row = (verdicts[first].Since - SyntheticAsset.Start) / SyntheticAsset.Second;
        Assert.InRange(row, 1_385, first);
        Assert.All(verdicts[first..1_600], verdict => Assert.Equal(verdicts[first].Since, verdict.Since));
        Assert.Equal(0, verdicts[^1].Since);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(3, -2)]
    [InlineData(5, 2)]
    public void The_signal_that_is_off_contributes_most_and_what_was_expected_is_told(int signal, double by)
    {
        double[][] rows = Shifted(1_450, 1_400, 1_450, signal, by);
        var detector = new AssetDetector(SignalCount, WarmUp);
        for (int i = 0; i < rows.Length; i++)
        {
            detector.Observe(SyntheticAsset.Start + (i * SyntheticAsset.Second), rows[i]);
        }

        var contributions = new SignalContribution[SignalCount];
        detector.Explain(contributions);

        SignalContribution largest = contributions.MaxBy(contribution => contribution.Share);
        Assert.Equal(signal, Array.IndexOf(contributions, largest));
        Assert.InRange(largest.Share, 0.5, 1);
        Assert.InRange((largest.Observed - largest.Expected) / by, 0.6, 1.2);
        Assert.InRange(Math.Abs(largest.Observed - largest.Expected) / largest.Deviation, 5, 100);
        Assert.All(contributions, contribution => Assert.InRange(contribution.Share, 0, 1));
    }

    [Fact]
    public void Nothing_is_explained_while_commissioning()
    {
        var detector = new AssetDetector(SignalCount, WarmUp);
        detector.Observe(0, new SyntheticAsset(SignalCount, 1).Next());
        var contributions = new SignalContribution[SignalCount];
        contributions[0] = new SignalContribution(1, 1, 1, 1);

        detector.Explain(contributions);

        Assert.All(contributions, contribution => Assert.Equal(default, contribution));
        Assert.Equal(AssetPhase.Commissioning, detector.Phase);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Units_signs_order_and_clock_make_no_difference(bool isHourly)
    {
        long period = isHourly ? 3_600 * SyntheticAsset.Second : SyntheticAsset.Second;
        double[][] rows = Shifted(2_000, 1_400, 1_600, signal: 2, by: 2.5);
        int[] order = [4, 2, 0, 5, 1, 3];
        double[] scale = [-3, 0.001, 1_000, -1e-6, 7, -0.5];
        double[] offset = [100, -5, 1e6, 0, 273.15, -40];
        double[][] others = [.. rows.Select(row => order.Select(j => (scale[j] * row[j]) + offset[j]).ToArray())];

        List<AssetVerdict> expected = Run(rows, WarmUp, period);
        var found = new AssetDetector(SignalCount, WarmUp);
        long shift = 12_345 * 3_600 * SyntheticAsset.Second;
        for (int i = 0; i < others.Length; i++)
        {
            AssetVerdict verdict = found.Observe(SyntheticAsset.Start + shift + (i * period), others[i]);
            Assert.Equal(expected[i].Statistic, verdict.Statistic, 1e-4 * (1 + expected[i].Statistic));
            Assert.Equal(expected[i].IsAlarm, verdict.IsAlarm);
            Assert.Equal(expected[i].Since, verdict.Since - (verdict.IsAlarm ? shift : 0));
        }

        Assert.Contains(expected, verdict => verdict.IsAlarm);
    }

    [Fact]
    public void A_daily_swing_of_half_the_signals_is_normal_at_its_hour_and_a_fault_at_another()
    {
        // 20 days, every half hour; a swing that the other half of the signals knows nothing of.
        const long period = 1_800 * SyntheticAsset.Second;
        const int warmUp = 20 * 48;
        double[][] rows = new SyntheticAsset(SignalCount, 3).Take(warmUp + 480);
        for (int i = 0; i < rows.Length; i++)
        {
            double swing = 4 * Math.Cos(2 * Math.PI * i / 48);
            bool isInverted = i >= warmUp + 240;
            rows[i][0] += isInverted ? -swing : swing;
            rows[i][1] += isInverted ? -swing : swing;
        }

        List<AssetVerdict> verdicts = Run(rows, warmUp, period);

        Assert.Equal(0, AlarmShare(verdicts, warmUp, warmUp + 240));
        Assert.InRange(AlarmShare(verdicts, warmUp + 240, warmUp + 480), 0.3, 1);
    }

    [Fact]
    public void What_comes_back_nearly_to_where_it_was_ends_the_alarm_and_becomes_normal()
    {
        double[][] rows = Shifted(2_600, 1_400, 1_600, signal: 2, by: 20);
        for (int i = 1_600; i < rows.Length; i++)
        {
            rows[i][2] += 2.5; // alone it would alarm
        }

        List<AssetVerdict> verdicts = Run(rows);
        Assert.True(verdicts[1_599].IsAlarm);
        Assert.Equal(0, AlarmShare(verdicts, 1_650, 2_600));
        Assert.Equal(1, AlarmShare(Run(Shifted(1_600, 1_400, 1_600, signal: 2, by: 2.5)), 1_450, 1_500));
    }

    [Fact]
    public void Slow_drift_is_followed_and_a_standing_fault_is_not_until_it_has_lasted_twice_the_commissioning()
    {
        const int warmUp = 500;
        double[][] rows = Shifted(4_000, 700, 4_000, signal: 1, by: 3);
        List<AssetVerdict> verdicts = Run(rows, warmUp);
        Assert.Equal(1, AlarmShare(verdicts, 720, 700 + (AssetDetector.PauseWarmUps * warmUp)));
        Assert.Equal(0, AlarmShare(verdicts, 3_000, 4_000));

        double[][] drifting = new SyntheticAsset(SignalCount, 2).Take(10_000);
        for (int i = 0; i < drifting.Length; i++)
        {
            drifting[i][1] += 0.0005 * i; // in the end five units
        }

        Assert.Equal(0, AlarmShare(Run(drifting, WarmUp), WarmUp, drifting.Length));
    }

    [Fact]
    public void What_is_accepted_as_normal_is_normal_from_then_on_and_what_was_is_not()
    {
        double[][] rows = Shifted(1_800, 1_200, 1_600, signal: 1, by: 3);
        var detector = new AssetDetector(SignalCount, WarmUp);
        var alarms = new List<bool>();
        for (int i = 0; i < rows.Length; i++)
        {
            alarms.Add(detector.Observe(SyntheticAsset.Start + (i * SyntheticAsset.Second), rows[i]).IsAlarm);
            if (i == 1_300)
            {
                Assert.True(alarms[i]);
                detector.AcceptAsNormal();
                Assert.False(detector.IsAlarm);
            }
        }

        Assert.DoesNotContain(true, alarms[1_301..1_600]);
        Assert.Contains(true, alarms[1_600..]);
    }

    [Fact]
    public void Observing_allocates_nothing()
    {
        double[][] rows = Shifted(3_000, 1_500, 2_000, signal: 2, by: 2);
        var detector = new AssetDetector(SignalCount, WarmUp);
        int next = 0;
        for (; next < WarmUp; next++)
        {
            detector.Observe(next * SyntheticAsset.Second, rows[next]);
        }

        rows[1_700][0] = double.NaN;
        var contributions = new SignalContribution[SignalCount];
        Assert.Equal(0, Allocation.Measure(() =>
        {
            detector.Observe(next * SyntheticAsset.Second, rows[next % rows.Length]);
            detector.Explain(contributions);
            next++;
        }));
        Assert.Equal(AssetPhase.Watching, detector.Phase);
    }

    [Fact]
    public void Learning_allocates_nothing()
    {
        double[][] rows = new SyntheticAsset(SignalCount, 1).Take(100);
        var detector = new AssetDetector(SignalCount, 1_000_000);
        int next = 0;
        Assert.Equal(0, Allocation.Measure(() =>
            detector.Observe(next * SyntheticAsset.Second, rows[next++ % rows.Length])));
        Assert.Equal(AssetPhase.Commissioning, detector.Phase);
    }

    [Fact]
    public void A_row_of_another_length_is_refused_with_both_lengths()
    {
        var detector = new AssetDetector(SignalCount, WarmUp);
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => detector.Observe(0, new double[5]));
        Assert.Contains("expected 6 values, found 5; nothing is changed", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, WarmUp)]
    [InlineData(AssetLimits.SignalCountMax + 1, WarmUp)]
    [InlineData(SignalCount, AssetLimits.WarmUpRowsMin - 1)]
    [InlineData(SignalCount, AssetLimits.WarmUpRowsMax + 1)]
    public void What_is_beyond_the_ceilings_is_refused(int signalCount, int warmUp) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AssetDetector(signalCount, warmUp));
}
