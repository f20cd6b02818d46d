using Telemetry.Model;

namespace Telemetry.Detection.Tests;

public sealed class LimitDetectorTests
{
    private static readonly LimitSet Four = new(10, 20, 80, 90);

    private static AlarmRule Rule(double deadband = 0, double on = 0, double off = 0) =>
        Scene.Nothing with { Limits = Four, Deadband = deadband, OnDelaySeconds = on, OffDelaySeconds = off };

    private static void Check(AlarmRule rule, double[] values, string expected) =>
        Assert.Equal(expected, new Scene(rule).Run(0, values).Text);

    [Fact]
    public void Values_between_the_limits_and_on_them_are_normal() => Check(Rule(), [50, 80, 20, 50], "");

    [Fact]
    public void A_value_beyond_a_limit_begins_and_a_value_back_ends() =>
        Check(Rule(), [50, 81, 82, 80, 50], "+High@1; -High@3");

    [Fact]
    public void High_high_begins_before_high_and_leaves_it_begun() =>
        Check(Rule(), [50, 95, 85, 50], "+HighHigh@1; +High@1; -HighHigh@2; -High@3");

    [Fact]
    public void Low_low_begins_before_low_and_leaves_it_begun() =>
        Check(Rule(), [50, 5, 15, 50], "+LowLow@1; +Low@1; -LowLow@2; -Low@3");

    [Fact]
    public void Inside_the_deadband_a_condition_stands() =>
        Check(Rule(deadband: 5), [81, 79, 76, 75], "+High@0; -High@3");

    [Fact]
    public void The_deadband_of_low_limits_lies_above_them() =>
        Check(Rule(deadband: 5), [19, 21, 24, 25], "+Low@0; -Low@3");

    [Fact]
    public void The_on_delay_must_pass_without_a_value_inside() =>
        Check(Rule(on: 3), [81, 81, 79, 81, 81, 81, 81, 50], "+High@6; -High@7");

    [Fact]
    public void The_off_delay_must_pass_without_a_value_beyond_the_deadband() =>
        Check(Rule(deadband: 5, off: 2), [81, 70, 77, 70, 70, 70], "+High@0; -High@5");

    [Fact]
    public void The_on_delay_runs_on_event_time_not_on_arrival() =>
        Assert.Equal(
            "+High@30",
            new Scene(Rule(on: 30)).At(0, 81, arrival: 100).At(30, 81, arrival: 101).Text);

    [Fact]
    public void Where_there_is_no_limit_nothing_is_found() =>
        Assert.Equal(
            "+High@0",
            new Scene(Scene.Nothing with { Limits = LimitSet.None with { High = 80 } }).Run(0, 95, 100, 1e9).Text);

    [Fact]
    public void A_finding_carries_value_and_limit()
    {
        Finding finding = new Scene(Rule()).At(0, 81).Findings[0];
        Assert.Equal((81, 80), (finding.Value, finding.Limit));
    }

    [Fact]
    public void The_quiet_path_and_the_slow_path_agree_on_random_walks()
    {
        var random = new Random(7);
        for (int round = 0; round < 200; round++)
        {
            AlarmRule rule = Rule(random.Next(0, 8), random.Next(0, 4), random.Next(0, 4));
            double[] values = [.. Enumerable.Range(0, 100).Select(_ => (double)random.Next(0, 101))];
            Check(rule, values, Slow(rule, values));
        }
    }

    /// <summary>The rules in their plainest form: looks back over the whole history at every sample.</summary>
    private static string Slow(AlarmRule rule, double[] values)
    {
        (ConditionKind Kind, double Limit, int Sign)[] kinds =
        [
            (ConditionKind.HighHigh, 90, 1), (ConditionKind.High, 80, 1),
            (ConditionKind.LowLow, 10, -1), (ConditionKind.Low, 20, -1),
        ];
        var stands = new Dictionary<ConditionKind, int>();
        var lines = new List<string>();
        for (int now = 0; now < values.Length; now++)
        {
            foreach ((ConditionKind kind, double limit, int sign) in kinds)
            {
                bool isOn = stands.TryGetValue(kind, out int changed) && changed > 0;
                double edge = isOn ? limit - (sign * rule.Deadband) : limit;
                int since = now + 1;
                while (since > Math.Abs(changed) && Wants(values[since - 1]))
                {
                    since--;
                }

                double delay = isOn ? rule.OffDelaySeconds : rule.OnDelaySeconds;
                if (since <= now && now - since >= delay)
                {
                    stands[kind] = isOn ? -(now + 1) : now + 1;
                    lines.Add($"{(isOn ? "-" : "+")}{kind}@{now}");
                }

                bool Wants(double value) => isOn ? (value - edge) * sign <= 0 : (value - edge) * sign > 0;
            }
        }

        return string.Join("; ", lines);
    }
}
