using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion.Tests;

public sealed class FindingDeskTests : IDisposable
{
    private const long Minute = 60 * Timestamp.NanosecondsPerSecond;
    private const long Hour = 60 * Minute;
    private const string Signal = "CR-201.motor_current";
    private static readonly long Monday = Timestamp.From(new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));

    private static readonly AnomalyFacts Facts = new()
    {
        Channel = AnomalyChannel.Shift,
        IsUp = true,
        Surprise = 0.7,
        Size = 10,
        Tolerance = 4,
        HistoryDays = 30,
        Air = new AnomalyCondition(-20, 50),
    };

    private readonly TestLog _log = new("/findings");
    private readonly ArrivalClock _clock = new(TimeProvider.System);
    private readonly List<string> _audit = [];
    private readonly IReadOnlyList<SignalInstance> _signals = SmallMine.With().Signals;
    private FindingDesk _desk;

    public FindingDeskTests() => _desk = Open();

    public void Dispose()
    {
        _desk.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task A_verdict_outlives_a_restart_with_all_that_came_of_it_and_is_undone_when_it_is_revoked()
    {
        await TakeAsync(FindingLevel.Alarm, Monday);
        await GrowAsync(Monday + Minute, size: 12);
        VerdictAnswer given = await JudgeAsync(OperatorVerdict.Expected);
        await EndAsync(Monday + Hour);
        await TakeAsync(FindingLevel.Held, Monday + (5 * Hour), heldBy: 1);
        KeptVerdict before = Assert.Single(_desk.Verdicts());
        await RestartAsync();

        Assert.Equal(before, Assert.Single(_desk.Verdicts()));
        Assert.Equal(("Bat", 12, 1), (before.Operator, before.Judged.Size, before.HeldCount));
        Assert.Equal(90 * 24 * Hour, before.ExpiresAt - before.GivenAt);
        Assert.Equal(1, PatternAt(_desk.Now));
        Assert.Equal(0, PatternAt(given.Verdict!.GivenAt)); // in force behind its time
        Assert.Equal([0, Monday + Hour], _desk.Latest(Signal, null, 10).Select(finding => finding.EndedAt));

        VerdictAnswer revoked = await _desk.RevokeAsync(1, "Saraa", "over", default);
        Assert.Equal("Saraa", revoked.Verdict!.RevokedBy);
        Assert.Equal(0, PatternAt(_desk.Now));
        Assert.Equal(1, PatternAt(revoked.Verdict.RevokedAt)); // a replay of the time before goes by it
        await RestartAsync();
        Assert.Equal(0, PatternAt(_desk.Now));
        Assert.Equal(1, PatternAt(revoked.Verdict.RevokedAt));
        Assert.Equal(
            [$"Bat judge expected: finding 1 of {Signal}", $"Saraa revoke_judgement expected: finding 1 of {Signal}"],
            _audit);
    }

    [Fact]
    public async Task What_cannot_be_judged_is_refused_with_the_reason_and_nothing_changes()
    {
        await TakeAsync(FindingLevel.Alarm, Monday);
        await CheckAsync(VerdictOutcome.Invalid, Of(1) with { Operator = " " }, "the operator's name is missing");
        await CheckAsync(VerdictOutcome.Invalid, Of(1) with { Comment = new string('x', 1_001) }, "found 1001");
        await CheckAsync(VerdictOutcome.Invalid, Of(1) with { Days = 367 }, "expected 1 to 366 days, found 367");
        await CheckAsync(VerdictOutcome.Unknown, Of(9), "there is no finding 9 among the last 20000");
        await CheckAsync(
            VerdictOutcome.Unknown, Of(0) with { Signal = "CR-9.x" }, "there is no anomaly of CR-9.x");
        Assert.Empty(_desk.Verdicts());

        await JudgeAsync(OperatorVerdict.True);
        await CheckAsync(
            VerdictOutcome.Refused, Of(1), "Bat said \"true\" of it; that stands until verdict 1 is revoked");
        Assert.Equal(VerdictOutcome.Unknown, (await _desk.RevokeAsync(7, "Bat", "", default)).Outcome);
        Assert.Equal(VerdictOutcome.Invalid, (await _desk.RevokeAsync(1, "", "", default)).Outcome);
        await _desk.RevokeAsync(1, "Bat", "", default);
        VerdictAnswer twice = await _desk.RevokeAsync(1, "Bat", "", default);
        Assert.Equal(VerdictOutcome.Refused, twice.Outcome);
        Assert.EndsWith("it is no longer in force; nothing has changed", twice.Error);
        await CheckAsync(VerdictOutcome.Done, Of(1), "");

        async Task CheckAsync(VerdictOutcome expected, VerdictRequest request, string words)
        {
            VerdictAnswer answer = await _desk.JudgeAsync(request, default);
            Assert.Equal(expected, answer.Outcome);
            Assert.Contains(words, answer.Error);
        }
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_is_said_and_the_verdict_has_no_effect()
    {
        await TakeAsync(FindingLevel.Alarm, Monday);
        _log.Files.CapacityBytes = 0;
        while (_log.Log.State.Status == SpoolStatus.Running)
        {
            _log.AppendUncommitted("t", "x");
            await Task.Yield();
        }

        VerdictAnswer answer = await _desk.JudgeAsync(Of(1), default);
        Assert.Equal(VerdictOutcome.NotKept, answer.Outcome);
        Assert.StartsWith("cannot keep the verdict: ", answer.Error);
        Assert.Empty(_desk.Verdicts());
    }

    [Fact]
    public async Task What_a_replay_brings_again_is_not_kept_twice()
    {
        for (int run = 0; run < 2; run++)
        {
            await TakeAsync(FindingLevel.Notice, Monday);
            await TakeAsync(FindingLevel.Alarm, Monday);
            await GrowAsync(Monday + Minute, size: 12);
            await EndAsync(Monday + Hour);
            await TakeAsync(FindingLevel.Notice, Monday + Hour);
            await RestartAsync();
        }

        Assert.Equal(["Notice", "Alarm", "Notice"], _desk.Latest("", null, 10).Select(one => one.Level.ToString()));
    }

    [Fact]
    public async Task What_was_held_back_and_calls_after_all_ends_as_held_and_begins_as_an_alarm()
    {
        await TakeAsync(FindingLevel.Held, Monday, heldBy: 1);
        await TakeAsync(FindingLevel.Alarm, Monday + Hour);
        Assert.Equal([0, Monday + Hour], _desk.Latest("", null, 10).Select(finding => finding.EndedAt));
        Assert.Equal(1, _desk.HeldCount);
    }

    [Fact]
    public async Task A_finding_names_up_to_three_like_it_with_their_length_and_verdict()
    {
        await TakeAsync(FindingLevel.Alarm, Monday, place: 1);
        await TakeAsync(FindingLevel.Alarm, Monday + Hour);
        await EndAsync(Monday + Hour + (40 * Minute));
        await JudgeAsync(OperatorVerdict.False);
        await TakeAsync(FindingLevel.Alarm, Monday + (30 * Hour), Facts with { IsUp = false });
        await EndAsync(Monday + (33 * Hour));
        await TakeAsync(FindingLevel.Notice, Monday + (50 * Hour));
        Finding told = await TakeAsync(FindingLevel.Alarm, Monday + (50 * Hour) + Minute);
        Assert.Equal(
            "why; seen before: 2026-11-02 09:00 UTC for 40 min (false); 2026-11-03 14:00 UTC for 3 h; "
            + "2026-11-02 08:00 UTC on CR-201.bearing_temp",
            told.Explanation);
        Assert.Equal(told.Explanation, _desk.Latest(Signal, FindingLevel.Alarm, 1)[0].Finding.Explanation);
    }

    [Fact]
    public async Task Beyond_the_ceiling_findings_are_remembered_and_counted_and_verdicts_are_kept()
    {
        _desk.Dispose();
        _desk = Open(bytesMax: 1);
        await TakeAsync(FindingLevel.Alarm, Monday);
        await JudgeAsync(OperatorVerdict.False);
        Assert.Equal((1, 1), (_desk.NotKept, _desk.Latest("", null, 10).Count));
        await RestartAsync();
        Assert.Empty(_desk.Latest("", null, 10));
        Assert.Equal(1, _desk.StepsOf(Signal));
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_passed_over()
    {
        await _log.AppendAsync("t", "no finding");
        await TakeAsync(FindingLevel.Alarm, Monday);
        await RestartAsync();
        Assert.Single(_desk.Latest("", null, 10));
    }

    private FindingDesk Open(long bytesMax = IngestionLimits.FindingsBytesMax) =>
        new(_log.Log, _clock, NullLogger.Instance, bytesMax)
        {
            Audit = (who, what, words) => _audit.Add($"{who} {what} {words}"),
        };

    private async Task RestartAsync()
    {
        await _desk.CommittedAsync();
        _desk.Dispose();
        _log.Reopen();
        _desk = Open();
    }

    private static VerdictRequest Of(long number) => new(number, "", OperatorVerdict.False, "Bat", "", 0);

    private async Task<VerdictAnswer> JudgeAsync(OperatorVerdict verdict)
    {
        var request = new VerdictRequest(0, Signal, verdict, "Bat", "blasting", 0);
        VerdictAnswer answer = await _desk.JudgeAsync(request, default);
        Assert.Equal("", answer.Error);
        return answer;
    }

    private long PatternAt(long now) =>
        _desk.VerdictsAsync(default).AsTask().Result[Signal].PatternOf(Facts, now);

    private ValueTask<Finding> TakeAsync(
        FindingLevel level, long time, AnomalyFacts? facts = null, long heldBy = 0, int place = 0) => _desk.TakeAsync(
        level, heldBy, _signals[place], Find(time, FindingEdge.Began, facts ?? Facts), default);

    private ValueTask EndAsync(long time) =>
        _desk.TakeEndAsync(_signals[0], Find(time, FindingEdge.Ended, Facts), default);

    private ValueTask GrowAsync(long time, double size) =>
        _desk.TakeGrowthAsync(_signals[0], Find(time, FindingEdge.Began, Facts with { Size = size }), default);

    /// <summary>Offsets ascend with time.</summary>
    private static Finding Find(long time, FindingEdge edge, AnomalyFacts facts) => new(
        new Condition(0, ConditionKind.Anomaly), edge, time, time - Monday, 60, 54, FindingClass.Process, "why", facts);
}
