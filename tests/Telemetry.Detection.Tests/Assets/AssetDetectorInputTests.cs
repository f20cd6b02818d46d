using Telemetry.Detection.Assets;

namespace Telemetry.Detection.Tests.Assets;

/// <summary>Signals and values as plants have them: constant, doubled, two-valued, coarse, missing, absurd.</summary>
public sealed class AssetDetectorInputTests
{
    private const int WarmUp = 1_000;
    private const int Last = 3_000;
    private const int Fault = 2_500;

    /// <summary>
    /// Four signals of which the first breaks away at the end, and a fifth; tells whether the fault alone is found.
    /// </summary>
    private static void Check(Func<double[], int, double> fifth)
    {
        double[][] rows = new SyntheticAsset(4, 11).Take(Last);
        var detector = new AssetDetector(5, WarmUp);
        var alarms = new List<bool>();
        for (int i = 0; i < Last; i++)
        {
            double[] row = rows[i];
            double extra = fifth(row, i);
            row[0] += i >= Fault ? 3 : 0;
            AssetVerdict verdict = detector.Observe(i * SyntheticAsset.Second, [.. row, extra]);
            Assert.True(double.IsFinite(verdict.Statistic));
            alarms.Add(verdict.IsAlarm);
        }

        Assert.InRange(alarms[..Fault].Count(isOn => isOn), 0, 20);
        Assert.DoesNotContain(false, alarms[(Fault + 30)..]);
        var contributions = new SignalContribution[5];
        detector.Explain(contributions);
        Assert.Equal(0, Array.IndexOf(contributions, contributions.MaxBy(one => one.Share)));
    }

    [Fact]
    public void A_constant_signal_carries_nothing() => Check((_, _) => 42.5);

    [Fact]
    public void A_constant_signal_that_begins_to_move_after_commissioning_carries_nothing() =>
        Check((_, i) => i < 1_500 ? 42.5 : i);

    [Fact]
    public void A_signal_that_never_comes_carries_nothing() => Check((_, _) => double.NaN);

    [Fact]
    public void A_signal_that_comes_late_in_commissioning_is_no_fault() =>
        Check((row, i) => i < 400 ? double.NaN : row[2] + (0.1 * row[3]));

    [Fact]
    public void Two_signals_that_are_the_same_are_one() => Check((row, _) => row[1]);

    [Fact]
    public void Two_signals_that_are_the_same_but_for_rounding_are_one() =>
        Check((row, i) => i < WarmUp ? row[1] : Math.Round(row[1], 2));

    [Fact]
    public void A_state_of_a_machine_is_a_signal() => Check((row, _) => row[1] > 0.5 ? 1 : 0);

    [Fact]
    public void A_coarse_signal_is_a_signal() => Check((row, _) => Math.Round(row[2]));

    [Fact]
    public void A_step_of_its_resolution_by_a_signal_that_hardly_moves_is_no_fault() =>
        Check((_, i) => i switch { 200 or 700 => 21, 500 or 900 => 19, < 1_600 => 20, _ => 21 });

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e300)]
    [InlineData(-1e140)]
    public void What_is_no_value_is_as_if_it_were_missing(double value) =>
        Check((row, i) => i % 7 == 3 ? value : row[2] - row[1]);

    [Fact]
    public void A_signal_that_is_lost_is_no_fault() => Check((row, i) => i < 1_500 ? row[1] + row[2] : double.NaN);

    [Fact]
    public void Rows_without_any_value_are_no_fault_and_end_none()
    {
        double[][] rows = new SyntheticAsset(4, 11).Take(1_500);
        double[] nothing = [double.NaN, double.NaN, double.NaN, double.NaN];
        var detector = new AssetDetector(4, WarmUp);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.False(detector.Observe(i * SyntheticAsset.Second, i % 2 == 1 ? nothing : rows[i]).IsAlarm);
        }

        for (int i = 0; i < 1_000; i++)
        {
            Assert.False(detector.Observe((1_500 + i) * SyntheticAsset.Second, nothing).IsAlarm);
        }
    }

    [Fact]
    public void One_absurd_value_is_forgotten()
    {
        double[][] rows = new SyntheticAsset(4, 11).Take(2_000);
        rows[1_200][1] = 1e139;
        var detector = new AssetDetector(4, WarmUp);
        bool isAlarm = false;
        for (int i = 0; i < rows.Length; i++)
        {
            AssetVerdict verdict = detector.Observe(i * SyntheticAsset.Second, rows[i]);
            Assert.True(double.IsFinite(verdict.Statistic));
            isAlarm = verdict.IsAlarm;
            Assert.Equal(i == 1_200, isAlarm && i <= 1_200);
        }

        Assert.False(isAlarm);
    }

    [Fact]
    public void An_asset_of_which_nothing_ever_moves_is_never_at_fault()
    {
        var detector = new AssetDetector(3, AssetLimits.WarmUpRowsMin);
        for (int i = 0; i < 500; i++)
        {
            AssetVerdict verdict = detector.Observe(i, i < 300 ? [1, 2, 3] : [1, 2, 4]);
            Assert.Equal(0, verdict.Statistic);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-SyntheticAsset.Second)]
    [InlineData(long.MaxValue / 4_000)]
    public void Times_that_stand_or_go_back_or_leap_are_borne(long period)
    {
        double[][] rows = new SyntheticAsset(4, 5).Take(3_000);
        var detector = new AssetDetector(4, WarmUp);
        int alarms = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            AssetVerdict verdict = detector.Observe(i * period, rows[i]);
            alarms += verdict.IsAlarm ? 1 : 0;
            Assert.True(double.IsFinite(verdict.Statistic));
        }

        Assert.InRange(alarms, 0, 100);
    }
}
