using Telemetry.Alarms;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion.Tests;

public sealed class AlarmHistoryTests : IDisposable
{
    private static readonly HashSet<string> Any = [];
    private readonly TestLog _journal = new("/alarms");
    private long _sequence;

    public void Dispose() => _journal.Dispose();

    [Fact]
    public async Task An_episode_lasts_from_the_beginning_of_the_condition_to_its_end()
    {
        Journal("P-1.temp/HH", AlarmTrigger.ConditionBegan, 1_000);
        AlarmHistory history = await OpenAsync();
        Assert.Equal(["P-1.temp/HH 1000-"], Found(history, 0, 5_000));
        Journal("P-1.temp/HH", AlarmTrigger.Acknowledge, 1_500);
        Journal("P-1.temp/HH", AlarmTrigger.ConditionEnded, 2_000);
        Journal("P-1.temp/HH", AlarmTrigger.ConditionBegan, 3_000);
        Journal("P-2.temp/HH", AlarmTrigger.ConditionBegan, 2_500);
        Journal("P-2.temp/HH", AlarmTrigger.Withdraw, 2_600);
        await _journal.Log.WaitForCommitAsync(_journal.Log.AppendedOffset - 1, default);
        string[] all = ["P-1.temp/HH 1000-2000", "P-2.temp/HH 2500-2600", "P-1.temp/HH 3000-"];
        Assert.Equal(all, Found(history, 0, 5_000));
        Assert.Equal(all, Found(await OpenAsync(), 0, 5_000));
    }

    [Theory]
    [InlineData(0, 1_000, "")]
    [InlineData(0, 1_001, "a b")]
    [InlineData(2_000, 2_001, "a b")]
    [InlineData(2_001, 9_000, "b")]
    public async Task It_is_found_by_the_time_that_it_touches(long from, long to, string expected)
    {
        Journal("a.x/HH", AlarmTrigger.ConditionBegan, 1_000);
        Journal("b.x/HH", AlarmTrigger.ConditionBegan, 1_000);
        Journal("a.x/HH", AlarmTrigger.ConditionEnded, 2_000);
        IEnumerable<string> found = Found(await OpenAsync(), from, to).Select(text => text[..1]);
        Assert.Equal(expected, string.Join(' ', found));
    }

    [Fact]
    public async Task Signals_that_are_named_are_given_and_no_others()
    {
        Journal("P-1.temp/HH", AlarmTrigger.ConditionBegan, 1_000);
        Journal("P-1.temp/H", AlarmTrigger.ConditionBegan, 900);
        Journal("P-1.flow/L", AlarmTrigger.ConditionBegan, 1_000);
        AlarmHistory history = await OpenAsync();
        Assert.Equal(["P-1.temp/H 900-", "P-1.temp/HH 1000-"], Found(history, 0, 5_000, ["P-1.temp"]));
        Assert.Empty(Found(history, 0, 5_000, ["P-9.temp"]));
    }

    [Fact]
    public async Task Of_too_many_the_newest_are_given_and_it_is_said()
    {
        int count = IngestionLimits.EpisodesPerAnswerMax + 1;
        for (int i = 0; i < count; i++)
        {
            Journal("P-1.temp/HH", AlarmTrigger.ConditionBegan, (10 * i) + 1);
            Journal("P-1.temp/HH", AlarmTrigger.ConditionEnded, (10 * i) + 2);
        }

        AlarmHistory history = await OpenAsync();
        AlarmEpisodes cut = history.Find(Any, 0, long.MaxValue);
        Assert.Equal((true, count - 1, 11L), (cut.IsCut, cut.Episodes.Count, cut.Episodes[0].SinceMilliseconds));
        AlarmEpisodes whole = history.Find(Any, 5, long.MaxValue);
        Assert.Equal((false, count - 1), (whole.IsCut, whole.Episodes.Count));
    }

    [Fact]
    public async Task What_is_not_remembered_any_more_is_said_to_be_missing()
    {
        for (int i = 0; i < IngestionLimits.EpisodesMax + 1; i++)
        {
            Journal("P-1.temp/HH", AlarmTrigger.ConditionBegan, (10 * i) + 1);
            Journal("P-1.temp/HH", AlarmTrigger.ConditionEnded, (10 * i) + 2);
        }

        AlarmHistory history = await OpenAsync();
        Assert.Equal((true, 0), Counted(history.Find(Any, 2, 11)));
        Assert.Equal((false, 1), Counted(history.Find(Any, 3, 12)));
    }

    private async Task<AlarmHistory> OpenAsync()
    {
        await _journal.Log.WaitForCommitAsync(_journal.Log.AppendedOffset - 1, default);
        return new AlarmHistory(_journal.Log);
    }

    private static (bool IsCut, int Count) Counted(AlarmEpisodes found) => (found.IsCut, found.Episodes.Count);

    private static IEnumerable<string> Found(
        AlarmHistory history, long from, long to, HashSet<string>? signals = null) =>
        history.Find(signals ?? Any, from, to).Episodes
            .Select(episode => $"{episode.Id} {episode.SinceMilliseconds}-{episode.UntilMilliseconds}");

    private void Journal(string id, AlarmTrigger trigger, long milliseconds)
    {
        string[] parts = id.Split('.', '/');
        bool begins = trigger == AlarmTrigger.ConditionBegan;
        var record = new AlarmRecord
        {
            Sequence = ++_sequence,
            AlarmId = id,
            Trigger = trigger,
            From = begins ? AlarmState.Normal : AlarmState.Unacknowledged,
            To = begins ? AlarmState.Unacknowledged : AlarmState.Normal,
            DecidedAt = milliseconds * Timestamp.NanosecondsPerMillisecond,
            Time = milliseconds * Timestamp.NanosecondsPerMillisecond,
            Offset = 0,
            Definition = !begins ? null : new AlarmDefinition(
                id, ConditionKind.HighHigh, AlarmPriority.High, parts[0], "", parts[1], "Signal", "Cel", new("Pump")),
        };
        var block = new byte[SpoolRecord.Measure(AlarmRecordFormat.Measure(record))];
        AlarmRecordFormat.Write(record, block.AsSpan(SpoolRecord.HeaderBytes));
        SpoolRecord.Seal(block, kind: 1, lane: 0, record.DecidedAt);
        while (_journal.Log.TryAppend(block, listener: null, out _) != AppendOutcome.Appended)
        {
            _journal.Log.WaitForRoomAsync(CancellationToken.None).AsTask().Wait();
        }
    }
}
