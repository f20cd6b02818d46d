using Telemetry.Model;

namespace Telemetry.Detection.Tests;

public sealed class LatenessWatchTests
{
    private const int HalfHour = 1_800;
    private readonly Scene _scene = new(Scene.Nothing, Scene.Nothing);

    public LatenessWatchTests() => Bind();

    [Fact]
    public void A_gateway_of_which_everything_is_late_for_half_an_hour_is_a_condition_of_its_own()
    {
        Late(0, HalfHour - 1);
        Assert.Empty(_scene.Findings);
        Late(HalfHour, HalfHour + 60);
        Finding finding = Assert.Single(_scene.Findings);
        Assert.Equal((ConditionKind.LateData, FindingEdge.Began), (finding.Condition.Kind, finding.Edge));
        Assert.Equal((600.0, 1_800.0), (finding.Value, finding.Limit));
        Assert.Equal((Scene.Nanoseconds(HalfHour), FindingClass.Gateway), (finding.Time, finding.Class));
        SignalInstance signal = _scene.FieldOf(finding.Condition.FieldId).Signal!;
        Assert.Equal(("GW-1.clock", "crushing"), (signal.Id, signal.Asset.Area));
    }

    [Fact]
    public void One_point_in_time_of_any_signal_ends_it()
    {
        Late(0, HalfHour + 10);
        _scene.At(HalfHour + 20, 50, field: 1);
        Assert.Equal(
            [FindingEdge.Began, FindingEdge.Ended], _scene.Findings.Select(finding => finding.Edge));
        Late(HalfHour + 21, HalfHour + 60);
        Assert.Equal(2, _scene.Findings.Count);
    }

    [Fact]
    public void A_gateway_that_sends_the_past_beside_the_present_is_not_late()
    {
        for (int second = 0; second < 3 * HalfHour; second += 10)
        {
            Late(second, second);
            _scene.At(second, 50, field: 1);
        }

        Assert.Empty(_scene.Findings);
    }

    [Fact]
    public void What_was_decoded_anew_says_nothing_of_a_clock()
    {
        for (int second = 0; second < HalfHour + 60; second += 10)
        {
            PointBatch batch = _scene.Open(second);
            batch.LastRecord.IsRedecoded = true;
            batch.AddPoint(_scene.FieldOf(0).Series.Id, Scene.Nanoseconds(second - 600), PointFlags.Late);
            batch.AddSample(0, FieldType.Float, Quality.Good, 0);
            _scene.Detectors.Observe(batch, _scene);
        }

        Assert.Empty(_scene.Findings);
    }

    [Fact]
    public void Points_dated_by_their_arrival_say_nothing_of_a_clock()
    {
        for (int second = 0; second < HalfHour + 60; second += 10)
        {
            Late(second, second);
            _scene.At(second, 50, field: 1, flags: PointFlags.ArrivalTime);
        }

        Assert.Single(_scene.Findings);
    }

    [Fact]
    public void A_restart_goes_on_where_it_was()
    {
        Late(0, HalfHour - 100);
        Assert.Equal(RestoreOutcome.Restored, _scene.Restart([Scene.Nothing, Scene.Nothing]));
        Bind();
        Late(HalfHour - 90, HalfHour + 10);
        Assert.Equal(Scene.Nanoseconds(HalfHour), Assert.Single(_scene.Findings).Time);
        Assert.Equal(RestoreOutcome.Restored, _scene.Restart([Scene.Nothing, Scene.Nothing]));
        Bind();
        _scene.At(HalfHour + 20, 50);
        Assert.Equal(FindingEdge.Ended, _scene.Findings[^1].Edge);
    }

    private void Bind()
    {
        _scene.Bind(_scene.FieldOf(0), 0, Scene.Nothing, "GW-1");
        _scene.Bind(_scene.FieldOf(1), 1, Scene.Nothing, "GW-1");
    }

    /// <summary>Points of ten minutes ago, each ten seconds.</summary>
    private void Late(int from, int to)
    {
        for (int second = from; second <= to; second += 10)
        {
            _scene.At(second - 600, 50, field: 0, arrival: second, flags: PointFlags.Late);
        }
    }
}
