using Telemetry.Model;

namespace Telemetry.Alarms.Tests;

public sealed class AlarmBoardTests
{
    private const string HighHigh = Mine.First + "/HH";
    private const string High = Mine.First + "/H";

    [Fact]
    public void Began_acknowledged_ended_is_the_usual_life()
    {
        var mine = new Mine();
        Assert.Equal(DecisionOutcome.Moves, mine.Take(Mine.Find(1, FindingEdge.Began)));
        Assert.Equal(DecisionOutcome.Moves, mine.Acknowledge(HighHigh));
        Assert.Equal(DecisionOutcome.Moves, mine.Take(Mine.Find(2, FindingEdge.Ended)));
        Assert.Equal(
            [
                $"{HighHigh} Unacknowledged [Annunciate]",
                $"{HighHigh} Acknowledged [Hush]",
                $"{HighHigh} Normal [Returned, Clear]",
            ],
            mine.Told);
        Assert.Empty(mine.Board.Snapshot.Standing);
    }

    [Fact]
    public void What_ended_before_anyone_saw_it_waits_for_its_acknowledgement()
    {
        var mine = new Mine();
        mine.Take(Mine.Find(1, FindingEdge.Began));
        mine.Take(Mine.Find(2, FindingEdge.Ended));
        Assert.Equal(AlarmState.ReturnedUnacknowledged, mine.StateOf(HighHigh));
        Assert.Equal(DecisionOutcome.Moves, mine.Acknowledge(HighHigh));
        Assert.Equal(AlarmState.Normal, mine.StateOf(HighHigh));
    }

    [Fact]
    public void An_alarm_says_what_whom_when_and_why()
    {
        var mine = new Mine();
        mine.Take(Mine.Find(7, FindingEdge.Began));
        mine.Acknowledge(HighHigh, "Bat", "greasing");
        Assert.True(mine.Board.Snapshot.TryFind(HighHigh, out Alarm? alarm));
        Assert.Equal(
            ("CR-201", "crushing", "Cel", AlarmPriority.High, 95, 90),
            (alarm!.Definition.Asset,
                alarm.Definition.Area,
                alarm.Definition.Unit,
                alarm.Definition.Priority,
                alarm.Value,
                alarm.Limit));
        Assert.Equal(
            ("Bat", "greasing", Mine.Now + 1_000),
            (alarm.AcknowledgedBy, alarm.Comment, alarm.AcknowledgedAt));
        Assert.Equal((Mine.Now + 7, 1), (alarm.BeganAt, alarm.BeganCount));
    }

    [Fact]
    public void Deciding_changes_nothing()
    {
        var mine = new Mine();
        AlarmDecision first = mine.Board.Decide(Mine.Find(1, FindingEdge.Began), Mine.Now);
        AlarmDecision again = mine.Board.Decide(Mine.Find(1, FindingEdge.Began), Mine.Now);
        Assert.Equal(first, again);
        Assert.Equal(0, mine.Board.Snapshot.Count);
    }

    [Fact]
    public void A_finding_that_is_in_the_journal_is_known_again()
    {
        var mine = new Mine();
        mine.Take(Mine.Find(1, FindingEdge.Began));
        mine.Take(Mine.Find(1, FindingEdge.Ended, time: 1));
        mine.Take(Mine.Find(5, FindingEdge.Began));
        mine.Restart();
        Assert.Equal(DecisionOutcome.AlreadyJournalled, mine.Take(Mine.Find(1, FindingEdge.Began)));
        Assert.Equal(DecisionOutcome.AlreadyJournalled, mine.Take(Mine.Find(1, FindingEdge.Ended, time: 1)));
        Assert.Equal(DecisionOutcome.AlreadyJournalled, mine.Take(Mine.Find(5, FindingEdge.Began)));
        Assert.Equal(DecisionOutcome.Moves, mine.Take(Mine.Find(5, FindingEdge.Ended, time: 1)));
    }

    [Fact]
    public void Edges_of_one_record_at_one_time_are_told_apart()
    {
        var mine = new Mine();
        Assert.Equal(DecisionOutcome.Moves, mine.Take(Mine.Find(1, FindingEdge.Began, ConditionKind.Silence)));
        Assert.Equal(DecisionOutcome.Moves, mine.Take(Mine.Find(1, FindingEdge.Ended, ConditionKind.Silence)));
    }

    [Fact]
    public void An_acknowledgement_is_refused_by_name()
    {
        var mine = new Mine();
        Assert.Equal(DecisionOutcome.UnknownAlarm, mine.Acknowledge(HighHigh));
        mine.Take(Mine.Find(1, FindingEdge.Began));
        Assert.Equal(DecisionOutcome.NameMissing, mine.Acknowledge(HighHigh, name: " "));
        Assert.Equal(DecisionOutcome.TextTooLong, mine.Acknowledge(HighHigh, comment: new string('х', 501)));
        Assert.Equal(DecisionOutcome.Moves, mine.Acknowledge(HighHigh, comment: new string('х', 500)));
        Assert.Equal(DecisionOutcome.NotUnacknowledged, mine.Acknowledge(HighHigh));
        mine.Take(Mine.Find(2, FindingEdge.Ended));
        Assert.Equal(DecisionOutcome.NotUnacknowledged, mine.Acknowledge(HighHigh));
    }

    [Fact]
    public void High_does_not_call_while_high_high_is_present()
    {
        var mine = new Mine();
        mine.Take(Mine.Find(1, FindingEdge.Began, ConditionKind.HighHigh));
        mine.Take(Mine.Find(1, FindingEdge.Began, ConditionKind.High));
        Assert.Equal($"{High} Unacknowledged [None]", mine.Told[^1]);
        Assert.True(mine.Board.Snapshot.TryFind(High, out Alarm? high));
        Assert.True(mine.Board.Snapshot.IsCovered(high!));
        mine.Take(Mine.Find(2, FindingEdge.Ended, ConditionKind.HighHigh));
        Assert.False(mine.Board.Snapshot.IsCovered(high!));
    }

    [Fact]
    public void High_calls_when_it_comes_first_and_on_another_signal()
    {
        var mine = new Mine();
        mine.Take(Mine.Find(1, FindingEdge.Began, ConditionKind.High));
        mine.Take(Mine.Find(2, FindingEdge.Began, ConditionKind.HighHigh));
        mine.Take(Mine.Find(3, FindingEdge.Began, ConditionKind.High, field: 1));
        Assert.All(mine.Told, line => Assert.EndsWith("[Annunciate]", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_finding_on_a_field_without_a_signal_has_no_alarm()
    {
        var mine = new Mine();
        mine.Catalogue.TryIntern("x"u8, "f", FieldType.Float, out Field? unbound);
        Assert.Equal(DecisionOutcome.NoSignal, mine.Take(Mine.Find(1, FindingEdge.Began, field: unbound!.Id)));
    }

    [Fact]
    public void An_end_belongs_to_the_alarm_that_began_when_the_field_has_changed_hands()
    {
        var mine = new Mine();
        mine.Take(Mine.Find(1, FindingEdge.Began));
        mine.Bind(field: 0, signal: 9);
        mine.Take(Mine.Find(2, FindingEdge.Ended));
        Assert.Equal(AlarmState.ReturnedUnacknowledged, mine.StateOf(HighHigh));
    }

    [Fact]
    public void At_the_ceiling_new_alarms_are_refused_and_counted_and_old_ones_go_on()
    {
        var mine = new Mine(alarmCountMax: 1);
        mine.Take(Mine.Find(1, FindingEdge.Began));
        Assert.Equal(DecisionOutcome.BoardFull, mine.Take(Mine.Find(2, FindingEdge.Began, ConditionKind.LowLow)));
        Assert.Equal(1, mine.Board.RefusedCount);
        Assert.Equal(DecisionOutcome.Moves, mine.Take(Mine.Find(3, FindingEdge.Ended)));
    }

    [Fact]
    public void A_record_that_does_not_follow_is_a_bug_of_the_caller()
    {
        var mine = new Mine();
        AlarmRecord record = mine.Board.Decide(Mine.Find(1, FindingEdge.Began), Mine.Now).Record!;
        Assert.Throws<ArgumentException>(() => mine.Board.Apply(record with { Sequence = 2 }));
        Assert.Throws<ArgumentException>(() => mine.Board.Apply(record with { To = AlarmState.Acknowledged }));
        Assert.Throws<ArgumentException>(() => mine.Board.Apply(record with { Definition = null }));
        Assert.Throws<ArgumentException>(() => mine.Board.Apply(record with { AlarmId = "other/HH" }));
        mine.Board.Apply(record);
        Assert.Throws<ArgumentException>(() => mine.Board.Apply(record));
    }

    [Fact]
    public void Alarms_that_nothing_watches_any_more_are_orphans_and_can_be_withdrawn()
    {
        var mine = new Mine();
        mine.Take(Mine.Find(1, FindingEdge.Began));
        mine.Take(Mine.Find(2, FindingEdge.Began, ConditionKind.High, field: 1));
        AlarmRule lessWatched = new(LimitSet.None with { High = 80 }, 0, 0, 0, double.NaN, 0, 0);
        var site = new SiteCatalogue(
            "pilot", [], [], [], [Mine.SignalOf(0, lessWatched), Mine.SignalOf(1, lessWatched)]);
        Alarm orphan = Assert.Single(mine.Board.FindOrphans(site));
        Assert.Equal(HighHigh, orphan.Id);
        Assert.Equal(DecisionOutcome.Moves, mine.Withdraw(orphan.Id));
        Assert.Equal(DecisionOutcome.Stays, mine.Withdraw(orphan.Id));
        Assert.Empty(mine.Board.FindOrphans(site));
    }

    [Fact]
    public void Late_data_of_a_gateway_is_watched_for_as_long_as_there_are_signals_behind_it()
    {
        var mine = new Mine();
        mine.Take(Mine.Find(1, FindingEdge.Began, ConditionKind.LateData));
        string gateway = Assert.Single(mine.Board.Snapshot.Standing).Definition.Asset;
        SignalInstance signal = Mine.SignalOf(0, new AlarmRule(LimitSet.None, 0, 0, 0, double.NaN, 0, 0));
        SignalInstance behind = signal with { Asset = signal.Asset with { Id = "X-1", Gateway = gateway } };
        Assert.Empty(mine.Board.FindOrphans(new SiteCatalogue("pilot", [], [], [], [behind])));
        Assert.Single(mine.Board.FindOrphans(SiteCatalogue.Empty));
    }

    [Fact]
    public void An_alarm_on_a_lane_needs_no_signal_and_is_watched_for_as_long_as_its_messages_may_give_way()
    {
        var mine = new Mine();
        var definition = AlarmDefinition.ForLane("raw");
        Finding finding = Mine.Find(1, FindingEdge.Began, ConditionKind.Dropped, field: 99) with { Value = 7 };
        mine.Board.Apply(mine.Board.Decide(definition, finding, Mine.Now).Record!);
        Assert.Equal(DecisionOutcome.AlreadyJournalled, mine.Board.Decide(definition, finding, Mine.Now).Outcome);
        Alarm alarm = Assert.Single(mine.Board.Snapshot.Standing);
        Assert.Equal(("raw.spool/DROPPED", 7, "{message}"), (alarm.Id, alarm.Value, alarm.Definition.ValueUnit));
        Assert.Empty(mine.Board.FindOrphans(SiteWith(WhenFull.DropOldest)));
        Assert.Single(mine.Board.FindOrphans(SiteWith(WhenFull.Refuse)));
        Assert.Single(mine.Board.FindOrphans(SiteCatalogue.Empty));

        Finding end = finding with { Edge = FindingEdge.Ended };
        mine.Board.Apply(mine.Board.Decide(definition, end, Mine.Now).Record!);
        Assert.Equal(AlarmState.ReturnedUnacknowledged, Assert.Single(mine.Board.Snapshot.Standing).State);

        static SiteCatalogue SiteWith(WhenFull policy) =>
            new("pilot", [], [], [], []) { Lanes = [new TrafficLane("raw", ["a"], [], policy)] };
    }

    [Fact]
    public void A_snapshot_does_not_change_under_its_reader()
    {
        var mine = new Mine();
        mine.Take(Mine.Find(1, FindingEdge.Began));
        AlarmSnapshot before = mine.Board.Snapshot;
        mine.Acknowledge(HighHigh);
        Assert.Equal(AlarmState.Unacknowledged, Assert.Single(before.Standing).State);
        Assert.Equal((1, 2), (before.Sequence, mine.Board.Snapshot.Sequence));
    }

    [Fact]
    public void Half_a_surrogate_pair_reads_back_as_it_is_shown()
    {
        var mine = new Mine();
        mine.Take(Mine.Find(1, FindingEdge.Began));
        mine.Acknowledge(HighHigh, "Bat\ud83d", "\udc00");
        Assert.Equal(Mine.Sorted(mine.Board.Snapshot), Mine.Sorted(mine.Replay().Snapshot));
    }
}
