using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Alarms;
using Telemetry.Model;
using Telemetry.Spool;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

public sealed class AlarmDeskTests : IDisposable
{
    private const string Id = "CR-201.motor_current/HH";
    private readonly TestLog _journal = new("/alarms");
    private readonly SeriesCatalogue _catalogue = new();
    private readonly SiteCatalogue _site = SmallMine.With();
    private readonly Field _field;

    public AlarmDeskTests()
    {
        var binder = new CatalogueBinder(RouteDefinition.CatchAll, _site, _catalogue, new UnboundNames());
        _field = binder.Bind("c,asset=CR-201"u8, SmallMine.Current, FieldType.Float).Target!;
        _catalogue.Bind(_field, _site.SignalOf(_field));
    }

    public void Dispose() => _journal.Dispose();

    [Fact]
    public async Task A_finding_goes_to_the_journal_then_the_board_then_the_listeners()
    {
        var ears = new Ears(_journal.Log);
        await WithDesk(desk => desk.Add(ears), async desk =>
        {
            await desk.TellAsync(Find(100, FindingEdge.Began), default);
            await desk.JournalledAsync();
            Assert.Equal("unacknowledged", StateIn(desk));
        });
        Assert.Equal([$"{Id} Unacknowledged, journal durable: True"], ears.Heard);
    }

    [Fact]
    public async Task A_restart_folds_the_journal()
    {
        await WithDesk(null, async desk =>
        {
            await desk.TellAsync(Find(100, FindingEdge.Began), default);
            Assert.Equal(DecisionOutcome.Moves, await desk.AcknowledgeAsync(Id, "Bat", "on my way", default));
        });
        long journalled = _journal.Log.AppendedOffset;
        _journal.Reopen();
        var ears = new Ears(_journal.Log);
        await WithDesk(desk => desk.Add(ears), async desk =>
        {
            Assert.Equal("acknowledged", StateIn(desk));
            await desk.TellAsync(Find(100, FindingEdge.Began), default);
            await desk.JournalledAsync();
        });
        Assert.Empty(ears.Heard);
        Assert.Equal(journalled, _journal.Log.AppendedOffset);
    }

    [Fact]
    public async Task An_acknowledgement_is_answered_with_what_became_of_it()
    {
        await WithDesk(null, async desk =>
        {
            await desk.TellAsync(Find(100, FindingEdge.Began), default);
            Assert.Equal(DecisionOutcome.UnknownAlarm, await desk.AcknowledgeAsync("CR-9.x/HH", "Bat", "", default));
            Assert.Equal(DecisionOutcome.NameMissing, await desk.AcknowledgeAsync(Id, "", "", default));
            string tooLong = new('x', AlarmBoard.TextBytesMax + 1);
            Assert.Equal(DecisionOutcome.TextTooLong, await desk.AcknowledgeAsync(Id, "Bat", tooLong, default));
            Assert.Equal("unacknowledged", StateIn(desk));
            Assert.Equal(DecisionOutcome.Moves, await desk.AcknowledgeAsync(Id, "Bat", "", default));
            Assert.Equal(DecisionOutcome.NotUnacknowledged, await desk.AcknowledgeAsync(Id, "Bat", "", default));
            Assert.Equal("acknowledged", StateIn(desk));
        });
    }

    [Fact]
    public async Task An_alarm_the_site_no_longer_watches_is_withdrawn_when_the_desk_starts()
    {
        await WithDesk(null, async desk => await desk.TellAsync(Find(100, FindingEdge.Began), default));
        var ears = new Ears(_journal.Log);
        await WithDesk(desk => desk.Add(ears), _ => Task.CompletedTask, SiteCatalogue.Empty);
        Assert.Equal([$"{Id} Normal, journal durable: True"], ears.Heard);
    }

    [Fact(Timeout = 20_000)]
    public async Task Whoever_waits_for_a_desk_that_has_failed_is_given_the_fault()
    {
        AlarmDesk desk = Open();
        desk.Add(new DeafEars());
        await desk.TellAsync(Find(100, FindingEdge.Began), default);
        Task waiting = desk.JournalledAsync();
        Task running = desk.RunAsync(_site);

        await FailsAsync(() => waiting);
        await FailsAsync(() => running);
        await FailsAsync(desk.JournalledAsync);
        await FailsAsync(() => desk.AcknowledgeAsync(Id, "Bat", "", default));
        await FailsAsync(() => desk.TellAsync(Find(200, FindingEdge.Ended), default).AsTask());
        HealthCheck health = HealthReport.Alarms(desk);
        Assert.Equal(HealthStatus.Fail, health.Status);
        Assert.EndsWith("it cannot hear", health.Message, StringComparison.Ordinal);

        static async Task FailsAsync(Func<Task> act)
        {
            var failure = await Assert.ThrowsAsync<InvalidOperationException>(act);
            Assert.EndsWith("it cannot hear", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_record_that_is_missing_from_the_journal_is_named_once_and_numbers_go_on()
    {
        await WithDesk(null, async desk =>
        {
            await desk.TellAsync(Find(100, FindingEdge.Began), default);
            await desk.AcknowledgeAsync(Id, "Bat", "on my way", default);
            await desk.TellAsync(Find(200, FindingEdge.Ended), default);
        });
        Damage("Bat");
        _journal.Reopen();
        var words = new RecordedLog();

        AlarmDesk again = Open(words);

        Assert.Equal(3, again.Snapshot.Sequence);
        Assert.Equal(2, words.Lines.Count);
        Assert.StartsWith("cannot find 1 transitions in alarm journal: before offset 308 ", words.Lines[0]);
        Assert.Contains("expected number 2, found 3", words.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("cannot apply alarm journal record at offset 308: ", words.Lines[1]);
        Assert.Equal("unacknowledged", StateIn(again));
    }

    [Fact]
    public async Task A_watcher_sees_the_board_and_then_every_change()
    {
        AlarmFeed? feed = null;
        await WithDesk(desk => feed = new AlarmFeed(desk), async desk =>
        {
            await desk.TellAsync(Find(100, FindingEdge.Began), default);
            await desk.JournalledAsync();
            (IReadOnlyList<AlarmMessage> board, System.Threading.Channels.ChannelReader<AlarmMessage> changes) =
                feed!.Watch();
            Assert.Equal("unacknowledged", Assert.Single(board).State);
            await desk.TellAsync(Find(200, FindingEdge.Ended), default);
            Assert.Equal("returned-unacknowledged", (await changes.ReadAsync()).State);
        });
    }

    /// <summary>Flips a bit of a text in the journal.</summary>
    private void Damage(string text)
    {
        foreach (string path in _journal.Files.Paths.Where(path => path.EndsWith(".seg", StringComparison.Ordinal)))
        {
            var bytes = new byte[_journal.Files.LengthOf(path)];
            using IFile file = _journal.Files.Open(path, FileIntent.Read);
            file.Read(bytes, 0);
            int at = bytes.AsSpan().IndexOf(SmallMine.Bytes(text));
            if (at >= 0)
            {
                _journal.Files.FlipBit(path, 8L * at);
                return;
            }
        }

        Assert.Fail($"'{text}' is not in the journal");
    }

    private AlarmDesk Open(ILogger? logger = null) => new(
        new AlarmBoard(_catalogue), _journal.Log, new ArrivalClock(new HurriedTime()), logger ?? NullLogger.Instance);

    private async Task WithDesk(Action<AlarmDesk>? prepare, Func<AlarmDesk, Task> act, SiteCatalogue? site = null)
    {
        AlarmDesk desk = Open();
        prepare?.Invoke(desk);
        Task running = desk.RunAsync(site ?? _site);
        await act(desk);
        desk.Complete();
        await running;
    }

    private Finding Find(long offset, FindingEdge edge) =>
        new(new Condition(_field.Id, ConditionKind.HighHigh), edge, 1_000 + offset, offset, 95, 90);

    private static string StateIn(AlarmDesk desk) =>
        desk.Snapshot.TryFind(Id, out Alarm? alarm) ? AlarmMessage.NameOf(alarm!.State) : "normal";

    private sealed class DeafEars : IAlarmListener
    {
        public void OnChange(in AlarmChange change) => throw new InvalidOperationException("it cannot hear");
    }

    private sealed class Ears(Spool.Spool journal) : IAlarmListener
    {
        public List<string> Heard { get; } = [];

        public void OnChange(in AlarmChange change)
        {
            bool isDurable = journal.DurableOffset > 0 && journal.DurableOffset == journal.AppendedOffset;
            Heard.Add($"{change.Alarm.Id} {change.Alarm.State}, journal durable: {isDurable}");
        }
    }
}
