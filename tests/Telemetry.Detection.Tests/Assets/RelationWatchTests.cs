using Telemetry.Detection.Assets;
using Telemetry.Model;
using Telemetry.Testing;

namespace Telemetry.Detection.Tests.Assets;

public sealed class RelationWatchTests
{
    private const int Healthy = 1_300; // rows: learnt from, and some that are judged
    private const int Flow = 1;

    [Fact]
    public void A_signal_that_leaves_the_relation_within_its_own_range_is_found_and_named()
    {
        RelationScene scene = Learnt();
        Assert.Empty(scene.Notices);
        scene.Play(Healthy, 200, FlowLeaves);

        Finding notice = Assert.Single(scene.Notices);
        Assert.Equal(0, scene.AlarmCount);
        Assert.Equal("PU-1.relations", scene.SignalOf(notice)!.Id);
        Assert.Equal((ConditionKind.Anomaly, FindingEdge.Began), (notice.Condition.Kind, notice.Edge));
        Assert.Equal(AnomalyChannel.Relation, notice.Anomaly!.Channel);
        Assert.InRange((notice.Time - Scene.Start) / Scene.Second, Healthy + 1, Healthy + 100);
        Assert.InRange(notice.Value, 35, 45); // what the flow has always been
        Assert.Equal(notice.Anomaly.Size, Math.Abs(notice.Value - notice.Limit));
        Assert.InRange(notice.Anomaly.HistoryDays, Healthy / 86_400.0, (Healthy + 100) / 86_400.0);
        Assert.StartsWith(
            "the signals of PU-1 do not go together as they did in the 1000 rows learnt from, since 2023-11-14 22:3",
            notice.Explanation);
        Assert.Contains(" UTC: PU-1.flow ", notice.Explanation);
        Assert.Matches(@"PU-1\.flow [\d.]+ kPa in place of [\d.]+ kPa \(share \d+ %\)", notice.Explanation);
    }

    [Fact]
    public void What_changes_together_is_none()
    {
        RelationScene scene = Learnt();
        scene.Play(Healthy, 400, (_, _) => 1); // the highest load there was, and it stays
        scene.Play(Healthy + 400, 400, (_, row) => RelationScene.LoadAt(3 * row));
        Assert.Empty(scene.Notices);
        Assert.Equal(0, scene.AlarmCount);
        const int Judged = Healthy + 799 - RelationScene.RowsLearnt;
        Assert.Equal(new RelationRows(RelationScene.RowsLearnt, Judged, 0), scene.Rows);
    }

    [Fact]
    public void An_asset_that_is_not_chosen_has_no_rows()
    {
        RelationScene scene = new RelationScene(rule: null).Play(0, Healthy).Play(Healthy, 200, FlowLeaves);
        Assert.Empty(scene.Notices);
        Assert.Equal(default, scene.Rows);
    }

    [Fact]
    public void The_last_good_value_within_a_row_counts_whatever_the_order_of_the_signals()
    {
        var scene = new RelationScene(RelationScene.Rule);
        for (int row = 0; row < 10; row++)
        {
            // Flow and power of a row come after the current of the next one, each of them twice.
            scene.At(0, row + 1, 90).At(1, row + 0.1, 40).At(1, row + 0.9, 41);
            scene.At(2, row + 0.1, 500).At(2, row + 0.9, 501);
        }

        Assert.Equal(new RelationRows(8, 0, 0), scene.Rows); // nothing is before the first current
    }

    [Theory]
    [InlineData(PointFlags.Late, Quality.Good, 500.0)]
    [InlineData(PointFlags.Stale, Quality.Good, 500.0)]
    [InlineData(PointFlags.None, Quality.Bad, 500.0)]
    [InlineData(PointFlags.None, Quality.Good, double.NaN)]
    [InlineData(PointFlags.None, Quality.Good, 1_001.0)] // beyond its range
    public void A_row_without_a_good_value_of_each_signal_is_skipped_and_counted(
        PointFlags flags, byte quality, double value)
    {
        var scene = new RelationScene(RelationScene.Rule);
        for (int row = 0; row < 12; row++)
        {
            bool isBad = row == 5;
            scene.At(0, row, 90).At(1, row, 40);
            scene.At(2, row, isBad ? value : 500, isBad ? flags : PointFlags.None, isBad ? quality : Quality.Good);
        }

        Assert.Equal(new RelationRows(10, 0, 1), scene.Rows);
    }

    [Fact]
    public void Late_data_judges_nothing_however_wrong_it_is()
    {
        RelationScene scene = Learnt();
        RelationRows before = scene.Rows;
        for (int row = Healthy; row < Healthy + 300; row++)
        {
            for (int signal = 0; signal < RelationScene.Keys.Length; signal++)
            {
                double value = RelationScene.Reading(signal, row, FlowLeaves(signal, row));
                scene.At(signal, row, value, PointFlags.Late, arrival: row + 7_200);
            }
        }

        Assert.Empty(scene.Notices);
        Assert.Equal(before, scene.Rows);
    }

    [Fact]
    public void A_gap_of_days_is_no_rows_at_all()
    {
        const int Later = 3 * 86_400;
        var scene = new RelationScene(RelationScene.Rule);
        scene.Play(0, 100).Play(Later, 100);
        Assert.Equal(new RelationRows(199, 0, 0), scene.Rows);
    }

    [Fact]
    public void A_fault_that_comes_again_within_an_hour_is_the_same_and_later_it_is_told_again()
    {
        RelationScene scene = Learnt();
        scene.Play(Healthy, 400, FlowLeaves).Play(Healthy + 400, 600).Play(Healthy + 1_000, 100, FlowLeaves);
        Assert.Single(scene.Notices);
        scene.Play(Healthy + 1_100, 3_900).Play(Healthy + 5_000, 100, FlowLeaves);
        Assert.Equal(2, scene.Notices.Count);
        Assert.True(scene.Notices[1].Time > scene.Notices[0].Time && scene.Notices[1].Offset > scene.Notices[0].Offset);
    }

    [Fact]
    public void A_site_that_chooses_the_asset_as_before_goes_on_and_otherwise_it_learns_anew()
    {
        RelationScene scene = Learnt();
        scene.Change(RelationScene.Rule with { Signals = [.. RelationScene.Keys] });
        scene.Play(Healthy, 10);
        Assert.Equal(RelationScene.RowsLearnt, scene.Rows.Learnt);
        Assert.Equal(Healthy + 9, scene.Rows.Learnt + scene.Rows.Judged);

        scene.Change(RelationScene.Rule with { PeriodSeconds = 2 });
        scene.Play(Healthy + 10, 200, FlowLeaves);
        Assert.InRange(scene.Rows.Learnt, RelationScene.RowsLearnt + 95, RelationScene.RowsLearnt + 100);

        scene.Change(null);
        RelationRows last = scene.Rows;
        scene.Play(Healthy + 210, 100);
        Assert.Equal(last, scene.Rows);
        Assert.Empty(scene.Notices);
    }

    [Fact]
    public void A_row_allocates_nothing()
    {
        RelationScene scene = Learnt();
        int row = Healthy;
        long judged = scene.Rows.Judged;
        var readings = new double[] { 90, 40, 500 };
        long allocated = Allocation.Measure(() =>
        {
            row++;
            for (int signal = 0; signal < readings.Length; signal++)
            {
                scene.At(signal, row, readings[signal] + (0.01 * (row % 5)));
            }
        });
        Assert.Equal(0, allocated);
        Assert.True(scene.Rows.Judged > judged + 1_000, "rows were judged");
    }

    /// <summary>A pump that has been learnt.</summary>
    internal static RelationScene Learnt() => new RelationScene(RelationScene.Rule).Play(0, Healthy);

    /// <summary>The flow goes down while the load goes up.</summary>
    internal static double FlowLeaves(int signal, int row) =>
        signal == Flow ? -RelationScene.LoadAt(row) : RelationScene.LoadAt(row);
}
