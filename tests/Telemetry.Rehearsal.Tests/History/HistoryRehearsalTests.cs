using System.Globalization;
using Telemetry.Model;
using Telemetry.Store;
using static Telemetry.Rehearsal.Tests.StoredMine;

namespace Telemetry.Rehearsal.Tests;

public sealed class HistoryRehearsalTests
{
    private static double HighAtNoon(long time) => time >= 12 * Hour && time < 13 * Hour ? 85 : 50;

    [Fact]
    public void A_limit_that_was_passed_is_one_alarm_and_a_higher_limit_none()
    {
        using var mine = new StoredMine();
        mine.AddMinutes("PU-1", 0, Day, HighAtNoon);
        var rows = new StringWriter(CultureInfo.InvariantCulture);
        RehearsalReport report = mine.Rehearse(Day, target: rows);

        Assert.Equal((1440, 1, 0, 0), (report.SampleCount, report.SignalCount, report.LateCount, report.OutageCount));
        Assert.Equal(new KindCount(ConditionKind.High, FindingClass.Process, 1, 1), Assert.Single(report.Alarms.Kinds));
        Assert.Equal((new DateOnly(2026, 1, 10), 1), report.Alarms.Alarms.Worst);
        Assert.Equal(("PU-1.pressure", 1), Assert.Single(report.Alarms.Loudest(10)));
        string[] lines = rows.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [
                "time,signal,kind,edge,class,value,limit,explanation",
                "2026-01-10T12:00:00.000Z,PU-1.pressure,H,began,process,85,80,",
                "2026-01-10T13:00:00.000Z,PU-1.pressure,H,ended,process,50,80,",
            ],
            lines);
        Assert.Empty(mine.Rehearse(Day, SiteOf(high: 90)).Alarms.Kinds);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void Relations_are_rehearsed_where_the_site_chooses_them(bool isChosen, int expected)
    {
        using var mine = new StoredMine();
        for (int minute = 0; minute < 600; minute++)
        {
            double load = 10 * Math.Sin(minute / 10.0);
            mine.Add("PU-1", minute * Minute, 50 + load);
            mine.Add("PU-1", minute * Minute, 50 + (minute < 566 ? load : -load), signal: "flow");
        }

        SignalInstance pressure = SiteOf().Signals[0];
        SignalDefinition flow = pressure.Definition with { Key = "flow" };
        Asset asset = pressure.Asset with
        {
            Type = pressure.Asset.Type with { Signals = [pressure.Definition, flow] },
            Relations = isChosen ? new RelationRule(["pressure", "flow"], PeriodSeconds: 60, WarmUpRows: 300) : null,
        };
        SignalInstance[] signals = [new(asset, pressure.Definition), new(asset, flow)];
        var site = new SiteCatalogue("test", [asset], [], [RouteDefinition.CatchAll], signals);
        var rows = new StringWriter(CultureInfo.InvariantCulture);
        RehearsalReport report = mine.Rehearse(600 * Minute, site, target: rows);

        Assert.Equal(expected, report.Alarms.NoticeCount);
        Assert.Equal(expected, rows.ToString().Split("PU-1.relations,ANOMALY,notice").Length - 1);
    }

    [Fact]
    public void Samples_come_by_arrival_then_by_event_time_and_field_however_they_are_stored()
    {
        using var mine = new StoredMine();
        foreach (string asset in new[] { "PU-2", "PU-1" })
        {
            // From 2 h to 5 h the link is away, and all of it comes at 5 h: chunks lie by event time.
            mine.AddMinutes(asset, 0, 12 * Hour, delayOf: time => Held(time, 2 * Hour, 5 * Hour));
        }

        using StoreHistory history = mine.Open();
        Field[] fields = [history.Catalogue.FieldAt(0), history.Catalogue.FieldAt(1)];
        ArrivedSample[] given = [.. new ArrivalOrder(history, fields, Over(12 * Hour)).Read()];

        Assert.Equal(2 * 12 * 60, given.Length);
        Assert.Equal(
            given.OrderBy(sample => sample.Arrival).ThenBy(sample => sample.Time).ThenBy(sample => sample.FieldId),
            given);
        Assert.Equal(2 * 181, given.Count(sample => sample.Arrival == Start + (5 * Hour)));
        RehearsalOptions part = Over((5 * Hour) + 1, from: 2 * Hour);
        Assert.Equal(given[240..600], new ArrivalOrder(history, fields, part).Read().Take(360));
    }

    [Fact]
    public void What_was_buffered_before_the_span_counts_when_it_arrives_in_it()
    {
        using var mine = new StoredMine();
        mine.AddMinutes("PU-1", 0, 12 * Hour, delayOf: time => Held(time, 2 * Hour, 5 * Hour));
        RehearsalReport report = mine.Rehearse(12 * Hour, from: 4 * Hour);
        Assert.Equal(180 + 420, report.SampleCount);
        Assert.Equal(Start + (5 * Hour), report.First);
    }

    [Fact]
    public void Late_samples_sound_no_alarm_and_are_counted()
    {
        using var mine = new StoredMine();
        mine.AddMinutes("PU-1", 0, Day, HighAtNoon, time => Held(time, 11 * Hour, 15 * Hour));
        mine.AddMinutes("PU-2", 0, Day); // somebody listened
        RehearsalReport report = mine.Rehearse(Day, SiteOf(80, "test", "PU-1", "PU-2"));

        Assert.Equal(235, report.LateCount); // the last five minutes before 15 h are not late
        KindCount silence = Assert.Single(report.Alarms.Kinds);
        Assert.Equal((ConditionKind.Silence, 1, 1), (silence.Kind, silence.Findings, silence.Alarms));
    }

    [Fact]
    public void Nobody_is_silent_while_nobody_listened()
    {
        using var mine = new StoredMine();
        mine.AddMinutes("PU-1", 0, Day, delayOf: time => time >= 3 * Hour && time < 9 * Hour ? -1 : 0);
        RehearsalReport report = mine.Rehearse(Day);

        Assert.Equal((1, 6 * Hour + Minute), (report.OutageCount, report.OutageTime.Ticks * 100));
        Assert.Empty(report.Alarms.Kinds);
    }

    [Fact]
    public void A_span_that_goes_on_behind_the_last_sample_is_no_outage()
    {
        using var mine = new StoredMine();
        mine.AddMinutes("PU-1", 0, 6 * Hour);
        RehearsalReport report = mine.Rehearse(3 * Day);
        Assert.Equal((0, Start + (6 * Hour) - Minute), (report.OutageCount, report.Last));
        Assert.Equal(0.25, report.Days, 2);
        Assert.Empty(report.Alarms.Kinds);
    }

    [Fact]
    public void A_clock_far_ahead_is_counted()
    {
        using var mine = new StoredMine();
        mine.AddMinutes("PU-1", 0, 12 * Hour);
        mine.AddMinutes("PU-2", 0, 12 * Hour, delayOf: _ => -1);
        mine.Add("PU-2", 11 * Hour, 50, delay: -8 * Hour);
        RehearsalReport report = mine.Rehearse(12 * Hour, SiteOf(80, "test", "PU-1", "PU-2"));
        Assert.Equal((721, 1), (report.SampleCount, report.AheadCount));
    }

    [Fact]
    public void Labels_are_found_or_missed_with_delay_and_class()
    {
        using var mine = new StoredMine();
        mine.AddMinutes("PU-1", 0, Day, HighAtNoon);
        mine.AddMinutes("PU-2", 0, Day, time => time >= 6 * Hour && time < 7 * Hour ? 85 : 50);
        mine.AddMinutes("PU-3", 0, Day);
        FailureLabel[] labels =
        [
            Label("M-1", FindingClass.Process, "PU-1", 11.5, 14),
            Label("M-1", FindingClass.Process, "PU-3", 11.5, 14),
            Label("M-2", FindingClass.Sensor, "PU-1", 11.75, 14),
            Label("M-3", FindingClass.Process, "PU-1", 30, 40), // after the span
        ];
        RehearsalReport report = mine.Rehearse(Day, SiteOf(80, "test", "PU-1", "PU-2", "PU-3"), labels);

        Assert.Equal(
            [new ModeScore("M-1", 2, 1, TimeSpan.FromMinutes(30), 1), new("M-2", 1, 1, TimeSpan.FromMinutes(15), 0)],
            report.Modes);
        Assert.Equal(1, report.BesideLabels); // PU-2
    }

    [Fact]
    public void What_cannot_be_rehearsed_says_why()
    {
        using var mine = new StoredMine();
        mine.AddMinutes("PU-1", 0, Hour);
        Check("none of the store's 1 fields is one of the 1 signals of site 'other'", Day, SiteOf(80, "other"));
        Check("of 1 signals no sample arrived in it", 3 * Day, SiteOf(), from: 2 * Day);
        Check("expected a beginning before the end", Day, SiteOf(), from: Day);
        Check("expected times from 1970-01-02", Day, SiteOf(), from: -Start);

        void Check(string expected, long length, SiteCatalogue site, long from = 0) => Assert.Contains(
            expected,
            Assert.Throws<RehearsalException>(() => mine.Rehearse(length, site, from: from)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>How long a sample waits whose link is away.</summary>
    private static long Held(long time, long from, long to) => time >= from && time < to ? to - time : 0;

    private static FailureLabel Label(string mode, FindingClass origin, string asset, double from, double to) => new(
        mode, origin, asset, [$"{asset}.pressure"], Start + (long)(from * Hour), Start + (long)(to * Hour));
}
