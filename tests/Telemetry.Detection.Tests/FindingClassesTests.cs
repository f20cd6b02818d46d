using Telemetry.Model;

namespace Telemetry.Detection.Tests;

/// <summary>Each rule of docs/detection/classes.md, where it holds and where it just does not.</summary>
public sealed class FindingClassesTests
{
    private const int WarmUpMinutes = AnomalyWatch.WarmUpCount + 10;
    private const string Signal = "CR-1.s0";
    private const string Sibling = "CR-1.s1";
    private const double Beyond = Plant.RangeHigh + 1;

    private static readonly AlarmRule Watched = Scene.Nothing with { Anomalies = true, SilenceSeconds = 600 };

    private static readonly string[] Others = [.. Plant.Names.Where(name => !IsOf(name, Plant.Machine))];

    [Theory]
    [InlineData("GW-1.s0", FindingClass.Gateway)]
    [InlineData(Signal, FindingClass.Sensor)]
    public void What_a_gateway_measures_of_itself_is_the_gateways(string signal, FindingClass expected) =>
        Assert.Equal(
            expected,
            new Plant(Watched).Play(2).Play(2, Only(signal, Beyond)).ClassOf(signal, ConditionKind.OutOfRange));

    [Theory]
    [InlineData(6, 0, FindingClass.Gateway)] // half of twelve
    [InlineData(5, 0, FindingClass.Sensor)]
    [InlineData(6, SignalGroup.RecentMinutes - 3, FindingClass.Gateway)]
    [InlineData(6, SignalGroup.RecentMinutes - 2, FindingClass.Sensor)]
    public void Half_of_the_signals_of_other_assets_unusual_within_ten_minutes_is_the_gateways(
        int count, int minutesBefore, FindingClass expected)
    {
        Plant plant = new Plant(Watched).Play(5).Play(1, Of(Others[..count], Beyond)).Play(minutesBefore);
        Assert.Equal(expected, plant.Play(2, Only(Signal, Beyond)).ClassOf(Signal, ConditionKind.OutOfRange));
    }

    [Fact]
    public void However_many_of_one_asset_are_unusual_it_is_not_the_gateways()
    {
        string[] all = [.. Plant.Names.Where(name => IsOf(name, Plant.Machine))];
        Plant plant = new Plant(Watched).Play(5).Play(2, Of(all, Beyond));
        Assert.All(all, name => Assert.Equal(FindingClass.Sensor, plant.ClassOf(name, ConditionKind.OutOfRange)));
    }

    [Fact]
    public void Signals_without_a_gateway_have_none_at_fault()
    {
        Plant plant = new Plant(Watched, gateway: "").Play(5).Play(1, Of(Others, Beyond)).Play(2, Only(Signal, Beyond));
        Assert.Equal(FindingClass.Sensor, plant.ClassOf(Signal, ConditionKind.OutOfRange));
        Assert.Equal(
            FindingClass.Sensor,
            plant.Play(12, (_, _) => double.NaN).ClassOf(Signal, ConditionKind.Silence));
    }

    [Fact]
    public void One_silent_signal_is_its_sensors_and_all_of_them_their_gateways()
    {
        Plant plant = new Plant(Watched).Play(5);
        Assert.Equal(FindingClass.Sensor, plant.Play(12, Only(Signal)).ClassOf(Signal, ConditionKind.Silence));
        Assert.Equal(
            FindingClass.Gateway, plant.Play(12, (_, _) => double.NaN).ClassOf(Sibling, ConditionKind.Silence));
    }

    [Theory]
    [InlineData(2, 4, FindingClass.Gateway)] // two others, a twentieth by far
    [InlineData(1, 4, FindingClass.Sensor)]
    [InlineData(2, 2, FindingClass.Sensor)] // what comes a third of its span late is not full of gaps
    public void A_silence_is_the_gateways_when_others_are_full_of_gaps_as_well(
        int count, int gapMinutes, FindingClass expected)
    {
        Plant plant = new Plant(Watched).Play(5).Play(5, Only(Signal));
        plant.Play(gapMinutes - 1, Of([Signal, .. Others[..count]], double.NaN)).Play(8, Only(Signal));
        Assert.Equal(expected, plant.ClassOf(Signal, ConditionKind.Silence));
        plant.Play(30);
        Finding ended = plant.Told.Last(told => told.Signal == Signal).Finding;
        Assert.Equal((FindingEdge.Ended, expected), (ended.Edge, ended.Class));
    }

    [Fact]
    public void Gaps_that_are_over_for_the_span_of_a_silence_say_nothing()
    {
        Plant plant = new Plant(Watched).Play(5).Play(5, Of(Others, double.NaN)).Play(11);
        Assert.Equal(FindingClass.Sensor, plant.Play(12, Only(Signal)).ClassOf(Signal, ConditionKind.Silence));
    }

    [Theory]
    [InlineData("kPa", 10 * Plant.Normal, FindingClass.Sensor)]
    [InlineData("kPa", 0.01 * Plant.Normal, FindingClass.Sensor)]
    [InlineData("kPa", 7 * Plant.Normal, FindingClass.Process)]
    [InlineData("Cel", 32 + (1.8 * Plant.Normal), FindingClass.Sensor)] // degrees Fahrenheit
    [InlineData("kPa", 32 + (1.8 * Plant.Normal), FindingClass.Process)]
    [InlineData("kPa", 0.995 * Plant.RangeHigh, FindingClass.Sensor)] // the end of its range
    [InlineData("kPa", 0.985 * Plant.RangeHigh, FindingClass.Process)]
    [InlineData("kPa", 0, FindingClass.Process)] // an end as well, but one at which machines rest
    public void A_value_in_another_unit_or_at_an_end_of_its_range_is_the_sensors(
        string unit, double value, FindingClass expected) =>
        Assert.Equal(expected, Warm(unit).Play(2, Only(Signal, value)).ClassOf(Signal, ConditionKind.Anomaly));

    [Fact]
    public void An_anomaly_of_a_gateway_of_which_half_is_in_another_unit_is_the_gateways()
    {
        Plant plant = Warm("kPa").Play(2, (_, _) => 10 * Plant.Normal);
        Assert.Equal(FindingClass.Gateway, plant.ClassOf("CR-3.s3", ConditionKind.Anomaly));
        Assert.Equal(FindingClass.Gateway, plant.ClassOf("GW-1.s3", ConditionKind.Anomaly));
    }

    [Fact]
    public void What_only_gets_louder_is_the_sensors()
    {
        Plant plant = Warm("kPa").Play(60, Only(Signal, Loud));
        Assert.Equal((Signal, FindingClass.Sensor), (plant.Told[0].Signal, plant.Told[0].Finding.Class));
        Assert.Contains("seems to be the sensor's fault", plant.Told[0].Finding.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void What_gets_louder_with_a_signal_beside_it_is_the_machines()
    {
        Plant plant = Warm("kPa").Play(120, (name, minute) => name switch
        {
            Signal => minute >= 20 ? Loud(minute) : Plant.Normal,
            Sibling => Plant.Normal + (minute / 2.0),
            _ => Plant.Normal,
        });
        Assert.Equal(FindingClass.Process, plant.ClassOf(Sibling, ConditionKind.Anomaly));
        Assert.Contains(
            plant.Told, told => told.Signal == Signal && told.Finding.Class == FindingClass.Process);
    }

    [Fact]
    public void What_moves_is_the_machines()
    {
        Plant plant = Warm("kPa").Play(120, Only(Signal, minute => Plant.Normal + (minute / 2.0)));
        Assert.NotEmpty(plant.Told);
        Assert.All(plant.Told, told => Assert.Equal(FindingClass.Process, told.Finding.Class));
        Assert.DoesNotContain("fault", plant.Told[0].Finding.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_is_the_sensors_when_the_signal_only_gets_louder_and_the_machines_when_it_moves()
    {
        AlarmRule rule = Watched with { Limits = LimitSet.None with { High = 53.5 } };
        Assert.Equal(
            FindingClass.Sensor,
            new Plant(rule).Play(WarmUpMinutes).Play(40, Only(Signal, minute => minute < 39 ? Loud(minute) : 54))
                .ClassOf(Signal, ConditionKind.High));
        Assert.Equal(
            FindingClass.Process,
            new Plant(rule).Play(WarmUpMinutes).Play(40, Only(Signal, minute => Plant.Normal + (minute / 5.0)))
                .ClassOf(Signal, ConditionKind.High));
    }

    [Fact]
    public void A_limit_beyond_the_range_or_at_its_end_is_the_sensors()
    {
        AlarmRule rule = Watched with { Limits = LimitSet.None with { High = 500 } };
        Assert.Equal(FindingClass.Sensor, ClassAt(Beyond));
        Assert.Equal(FindingClass.Sensor, ClassAt(0.995 * Plant.RangeHigh));
        Assert.Equal(FindingClass.Process, ClassAt(0.985 * Plant.RangeHigh));

        FindingClass ClassAt(double value) =>
            new Plant(rule).Play(5).Play(2, Only(Signal, value)).ClassOf(Signal, ConditionKind.High);
    }

    [Fact]
    public void A_restart_at_any_minute_gives_the_same_classes()
    {
        List<(string, Finding, bool)> expected = Story(restartAt: -1);
        Assert.Contains(expected, told => told.Item2.Class == FindingClass.Gateway);
        Assert.Contains(expected, told => told.Item2.Class == FindingClass.Sensor);
        for (int minute = 1; minute < StoryMinutes; minute++)
        {
            Assert.Equal(expected, Story(minute));
        }
    }

    private const int StoryMinutes = 60;

    /// <summary>Signals come and go and leave their range, more and more of them.</summary>
    private static List<(string Signal, Finding Finding, bool IsNotice)> Story(int restartAt)
    {
        var random = new Random(1);
        var plant = new Plant(Watched with { SilenceSeconds = 240 });
        plant.Play(1);
        for (int minute = 0; minute < StoryMinutes; minute++)
        {
            if (minute == restartAt)
            {
                plant.Restart();
            }

            double share = (double)minute / StoryMinutes;
            plant.Play(1, (name, _) => random.NextDouble() > (name == Signal ? 0.8 : share) ? Plant.Normal
                : random.NextDouble() < 0.7 ? double.NaN : Beyond);
        }

        return plant.Told;
    }

    private static Plant Warm(string unit) => new Plant(Watched, unit: unit).Play(WarmUpMinutes);

    /// <summary>Noise that grows to three times what it was within half an hour.</summary>
    private static double Loud(int minute) =>
        Plant.Normal + ((Plant.Usual(Signal, minute) - Plant.Normal) * (1 + Math.Min(2, minute / 15.0)));

    private static Func<string, int, double> Only(string signal, double value = double.NaN) => Of([signal], value);

    private static Func<string, int, double> Only(string signal, Func<int, double> readings) =>
        (name, minute) => name == signal ? readings(minute) : Plant.Normal;

    private static Func<string, int, double> Of(string[] signals, double value) =>
        (name, _) => signals.Contains(name) ? value : Plant.Normal;

    private static bool IsOf(string name, string asset) => name.StartsWith(asset + ".", StringComparison.Ordinal);
}
