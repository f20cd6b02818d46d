using Telemetry.Model;
using static Telemetry.Rehearsal.Tests.StoredMine;

namespace Telemetry.Rehearsal.Tests;

public sealed class AlarmTallyTests
{
    private readonly SeriesCatalogue _catalogue = new();
    private readonly AlarmTally _tally;
    private long _offset;

    public AlarmTallyTests() => _tally = new AlarmTally(_catalogue, TimeZoneInfo.Utc);

    [Theory]
    [InlineData(20, 1)] // at 0, 20 and 40 s
    [InlineData(29, 1)]
    [InlineData(30, 0)] // the third is a minute after the first
    public void Three_calls_within_a_minute_are_chatter(int seconds, int expected)
    {
        for (int i = 0; i < 3; i++)
        {
            Tell("PU-1", FindingEdge.Began, i * seconds * Second);
            Tell("PU-1", FindingEdge.Ended, (i * seconds * Second) + Second);
        }

        Assert.Equal((expected, 3), (_tally.ChatteringCount, _tally.Alarms.Total));
    }

    [Fact]
    public void Three_alarms_within_a_minute_are_no_chatter()
    {
        TellEach(count: 3, 0, Second);
        Assert.Equal((0, 3), (_tally.ChatteringCount, _tally.Alarms.Total));
    }

    [Theory]
    [InlineData(10, 1, 0)]
    [InlineData(11, 1, 1)]
    [InlineData(100, 1, 1)] // one flood, however long
    [InlineData(100, 60, 0)] // ten in ten minutes, all day
    public void More_than_ten_within_ten_minutes_are_a_flood(int count, int everySeconds, int expected)
    {
        TellEach(count, 0, everySeconds * Second);
        Assert.Equal(expected, _tally.FloodsBegun);
    }

    [Fact]
    public void A_flood_after_a_quiet_hour_is_another()
    {
        TellEach(count: 15, 0, Second);
        TellEach(count: 15, Hour, Second, prefix: "B");
        Assert.Equal(2, _tally.FloodsBegun);
    }

    [Theory]
    [InlineData(24, 0)]
    [InlineData(25, 1)]
    public void What_is_present_for_more_than_a_day_is_stale_ended_or_not(int hours, int expected)
    {
        Tell("PU-1", FindingEdge.Began, 0);
        Tell("PU-2", FindingEdge.Began, 0);
        Tell("PU-1", FindingEdge.Ended, hours * Hour);
        _tally.End(Start + (hours * Hour));
        Assert.Equal(expected * 2, _tally.StaleCount);
    }

    [Fact]
    public void An_alarm_that_a_worse_one_covers_is_a_finding_only()
    {
        Tell("PU-1", FindingEdge.Began, 0, ConditionKind.HighHigh);
        Tell("PU-1", FindingEdge.Began, Second, ConditionKind.High);
        Assert.Equal((2, 1), (_tally.Findings.Total, _tally.Alarms.Total));
        Assert.Equal(
            [
                new KindCount(ConditionKind.HighHigh, FindingClass.Process, 1, 1),
                new(ConditionKind.High, FindingClass.Process, 1, 0),
            ],
            _tally.Kinds);
    }

    [Fact]
    public void Days_are_those_of_the_place()
    {
        var count = new DailyCount(TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(8), "east", "east"));
        count.Add(Start + (15 * Hour));
        count.Add(Start + (16 * Hour));
        count.Add(Start + (17 * Hour));
        Assert.Equal((new DateOnly(2026, 1, 11), 2), count.Worst);
    }

    private void TellEach(int count, long from, long every, string prefix = "A")
    {
        for (int i = 0; i < count; i++)
        {
            Tell($"{prefix}-{i}", FindingEdge.Began, from + (i * every));
        }
    }

    private void Tell(string asset, FindingEdge edge, long time, ConditionKind kind = ConditionKind.High)
    {
        SignalInstance signal = SiteOf(80, "test", asset).Signals[0];
        _catalogue.TryIntern(
            System.Text.Encoding.UTF8.GetBytes($"PU,asset={asset}"), "pressure", FieldType.Float, out Field? field);
        _catalogue.Bind(field!, signal);
        var finding = new Finding(new Condition(field!.Id, kind), edge, Start + time, ++_offset, 85, 80);
        _tally.OnFinding(signal, finding, Start + time);
    }
}
