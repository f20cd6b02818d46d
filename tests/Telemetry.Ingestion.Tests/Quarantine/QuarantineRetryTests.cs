using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Model;
using Telemetry.Spool;
using Telemetry.Store;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

/// <summary>Messages that failed with one site are decoded again with another.</summary>
public sealed class QuarantineRetryTests : IDisposable
{
    private const string Wrong = "json";
    private const string Right = "line-protocol";
    private readonly TestLog _log = new();
    private readonly TestLog _kept = new("/quarantine");
    private readonly string _directory = Directory.CreateTempSubdirectory("retry-").FullName;
    private Run _run;

    public QuarantineRetryTests() => _run = new Run(this, Wrong);

    public void Dispose()
    {
        _run.Dispose();
        _log.Dispose();
        _kept.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact(Timeout = 60_000)]
    public async Task After_a_mend_a_retry_stores_with_the_first_times_once()
    {
        _log.Arrival = 7_000;
        long without = await _log.AppendAsync("t", "m v=3"); // no time: that of arrival
        long with = await _log.AppendAsync("t", "m v=4 99");
        await _run.TakeAllAsync();
        Assert.Equal(2, _run.Quarantine.CountOf(QuarantineState.Waiting));

        _log.Arrival = 50_000_000_000;
        await RestartAsync(Right);
        RetryReport report = await _run.RetryAsync(new QuarantineFilter());
        Assert.Equal((2, 2, 0, 2, ""), (report.Retried, report.Resolved, report.Failed, report.Points, report.Error));
        Assert.Equal(["m v=3 7000 late", "m v=4 99 late"], _run.Points);
        Assert.Equal(2, _run.Quarantine.CountOf(QuarantineState.Resolved));

        RetryReport again = await _run.RetryAsync(without, with, 12345);
        Assert.Equal(0, again.Retried);
        Assert.Contains("was resolved by the retry at offset", again.Refusals[0], StringComparison.Ordinal);
        Assert.Equal("cannot retry message 12345: there is none of this number in quarantine", again.Refusals[2]);
        Assert.Equal(0, (await _run.RetryAsync(new QuarantineFilter())).Retried);
        Assert.Equal(2, _run.Points.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_retry_of_a_message_that_was_sent_twice_is_no_duplicate_of_itself()
    {
        await _log.AppendAsync("t", "m v=3", packetIdentifier: 5);
        await _log.AppendAsync("t", "m v=3", packetIdentifier: 5, dup: true);
        await _run.TakeAllAsync();
        Assert.Equal(1, _run.Quarantine.Count);
        await RestartAsync(Right);
        RetryReport report = await _run.RetryAsync(new QuarantineFilter());
        Assert.Equal((1, 1), (report.Resolved, report.Points));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_retry_is_counted_as_retried_and_not_as_received()
    {
        await _log.AppendAsync("t", "m v=3");
        await _run.TakeAllAsync();
        await RestartAsync(Right);
        await _run.RetryAsync(new QuarantineFilter());
        IngestionMetrics metrics = _run.Metrics;
        Assert.Equal((1, 0, 0), (metrics.MessagesRetried, metrics.MessagesDecoded, metrics.MessagesQuarantined));
        Assert.Equal(1, metrics.Points);
        Assert.Empty(_run.Gateways.All);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_fails_again_has_its_new_reason_and_may_be_tried_again()
    {
        long id = await _log.AppendAsync("t", "m v=");
        await _run.TakeAllAsync();
        RetryReport first = await _run.RetryAsync(id);
        Assert.Equal((1, 0, 1), (first.Retried, first.Resolved, first.Failed));

        await RestartAsync(Right);
        QuarantineEntry entry = Assert.Single(_run.Quarantine.Reader.List(new() { State = QuarantineState.Failed }));
        Assert.Equal(("json", "json"), (entry.Decoder, entry.Retry!.Decoder));
        RetryReport second = await _run.RetryAsync(id);
        QuarantineRetryView outcome = Assert.Single(second.Outcomes);
        Assert.Equal((false, "missing field value", Right), (outcome.Resolved, outcome.Reason, outcome.Decoder));
        Assert.Equal(1, _run.Quarantine.CountOf(QuarantineState.Failed));
        Assert.Equal(1, _run.Quarantine.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_topic_that_no_route_takes_any_more_fails_and_an_ignored_one_is_resolved()
    {
        await _log.AppendAsync("a/x", "m v=");
        await _log.AppendAsync("b/x", "m v=");
        await _run.TakeAllAsync();
        await RestartAsync("ignore", filter: "b/#");
        RetryReport report = await _run.RetryAsync(new QuarantineFilter());
        Assert.Equal(["no route takes the topic", ""], report.Outcomes.Select(outcome => outcome.Reason));
        Assert.Equal([false, true], report.Outcomes.Select(outcome => outcome.Resolved));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_write_over_HTTP_is_read_as_it_was_written()
    {
        _log.Arrival = 9;
        long id = await _log.AppendAsync("", "m v=1\nm v=\"x\" 4\nm w=", kind: RecordKind.HttpWrite);
        await _run.TakeAllAsync();
        RetryReport report = await _run.RetryAsync(id);
        Assert.Equal((1, "line-protocol"), (report.Failed, report.Outcomes[0].Decoder));
        Assert.Equal(["m v=1 9", "m v=1 9 late"], _run.Points); // the good point came twice, and is one in the store
        Assert.Equal(1, await _run.StoredCountAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task More_than_are_sent_at_once_are_mended_in_one_retry()
    {
        var payloads = Enumerable.Range(1, 2_500).Select(i => $"m v={i} {i}").ToArray();
        foreach (string payload in payloads)
        {
            _log.AppendUncommitted("t", payload);
        }

        await _log.CommittedAsync();
        await _run.TakeAllAsync();
        await RestartAsync(Right);
        RetryReport report = await _run.RetryAsync(new QuarantineFilter());
        Assert.Equal((2_500, 2_500, 1_000), (report.Retried, report.Resolved, report.Outcomes.Count));
        Assert.Equal(payloads.Select(payload => payload + " late"), _run.Points);
        Assert.Equal(2_500, await _run.StoredCountAsync());
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_kill_before_the_stores_checkpoint_neither_loses_nor_doubles(bool outcomeIsKept)
    {
        long id = await _log.AppendAsync("t", "m v=3");
        await _run.TakeAllAsync();
        await RestartAsync(Right);
        if (outcomeIsKept)
        {
            await _run.RetryAsync(id); // outcome on disk, store's checkpoint not
        }
        else
        {
            await _run.AppendRetryAsync(id); // in the spool, and nothing behind it has happened
        }

        Kill(Right);
        RetryReport report = await _run.RetryAsync(id); // waits until what was spooled before the start is taken
        Assert.Contains("was resolved", Assert.Single(report.Refusals), StringComparison.Ordinal);
        Assert.Equal(1, await _run.StoredCountAsync());
        QuarantineEntry entry = Assert.Single(_run.Quarantine.Reader.List(new()));
        Assert.Equal(("resolved", 1), (entry.State, entry.Retry!.Points));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_outcome_that_another_site_makes_another_after_a_kill_is_kept_as_it_is_stored()
    {
        long id = await _log.AppendAsync("t", "m v=3");
        await _run.TakeAllAsync();
        await RestartAsync(Right);
        await _run.RetryAsync(id);
        Assert.Equal(1, _run.Quarantine.CountOf(QuarantineState.Resolved));

        Kill(Wrong); // nothing of it was stored, and now it cannot be
        await _run.TakeAllAsync();
        Assert.Equal(1, _run.Quarantine.CountOf(QuarantineState.Failed));
        Kill(Right);
        await _run.TakeAllAsync();
        Assert.Equal(1, _run.Quarantine.CountOf(QuarantineState.Resolved));
        Assert.Equal(1, await _run.StoredCountAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task While_the_spool_takes_nothing_a_message_stays_where_it_is()
    {
        long id = await _log.AppendAsync("t", "m v=3");
        await _run.TakeAllAsync();
        await RestartAsync(Right);
        _log.Files.CapacityBytes = 0;
        _log.AppendUncommitted("t", "m v=9 9"); // finds the disk full
        while (_log.Log.State.Status == SpoolStatus.Running)
        {
            await Task.Yield();
        }

        RetryReport report = await _run.RetryAsync(id);
        Assert.StartsWith(
            $"cannot retry message {id}: the spool takes nothing, ", report.Error, StringComparison.Ordinal);
        Assert.Equal(1, _run.Quarantine.CountOf(QuarantineState.Waiting));
        _log.Files.CapacityBytes = long.MaxValue;
    }

    private async Task RestartAsync(string decoder, string filter = "#")
    {
        await _run.CheckpointAsync();
        Kill(decoder, filter);
    }

    private void Kill(string decoder, string filter = "#")
    {
        _run.Dispose();
        _log.Reopen();
        _kept.Reopen();
        _run = new Run(this, decoder, filter);
    }

    /// <summary>One life of the service, without its checkpoints unless asked for.</summary>
    private sealed class Run : IDisposable
    {
        private readonly TestLog _log;
        private readonly EmbeddedStore _store;
        private readonly SeriesCatalogue _catalogue = new();
        private readonly StoreConsumer _consumer;
        private readonly SpoolRelief _relief;
        private readonly CursorPump _pump;
        private readonly CancellationTokenSource _stop = new();
        private readonly QuarantineRetry _retry;
        private readonly ArrivalClock _clock;
        private readonly List<string> _points = [];
        private Task? _running;

        public Run(QuarantineRetryTests test, string decoder, string filter = "#")
        {
            _log = test._log;
            var options = new StoreOptions
            {
                Path = Path.Combine(test._directory, "store.db"),
                CheckpointSeconds = 1_000_000,
            };
            _store = EmbeddedStore.Open(options, _catalogue, TimeProvider.System, NullLogger<EmbeddedStore>.Instance);
            RouteDefinition route = SmallMine.Route(filter, decoder) with { Name = decoder };
            var context = new DecodingContext(
                new SiteCatalogue("pilot", [], [], [route], []), _catalogue, new UnboundNames(), long.MaxValue);
            Gateways = context.Gateways;
            var decoded = new DecodedLog(
                _log.Log, context, Metrics, new RefusedNames(), _log.OpenSnapshots(), TimeProvider.System);
            Quarantine = new Quarantine(_log.Log, test._kept.Log, NullLogger.Instance);
            var audit = new LedgerAudit(_log.Log, start: 0, NullLogger.Instance);
            _consumer = new StoreConsumer(
                _store,
                _log.Log.OpenHold("store", required: true, 0),
                Quarantine,
                new LedgerTally(_store.Ledger, Gateways, audit, start: 0),
                TimeProvider.System,
                NullLogger.Instance);
            _clock = new ArrivalClock(new ManualTime(), 90_000_000_000);
            _relief = new SpoolRelief(_log.Log, TimeProvider.System);
            var killed = new KilledStoreConsumer(_consumer, Note);
            _pump = new CursorPump(_log.Log, decoded, killed, _relief, NullLogger.Instance);
            _retry = new QuarantineRetry(_log.Log, Quarantine, _clock, _pump, TimeProvider.System);
        }

        public Quarantine Quarantine { get; }

        public IngestionMetrics Metrics { get; } = new();

        public GatewayRegistry Gateways { get; }

        /// <summary>What the store was given, in its order.</summary>
        public List<string> Points => _points;

        public async Task TakeAllAsync()
        {
            _running ??= Task.Run(() => Task.WhenAll(_pump.RunAsync(_stop.Token), _relief.RunAsync(_stop.Token)));
            await _pump.WaitForAsync(_log.Log.DurableOffset, CancellationToken.None);
            await Quarantine.CommitAsync(TimeProvider.System);
        }

        public async Task<RetryReport> RetryAsync(params long[] ids)
        {
            await TakeAllAsync();
            return await _retry.RetryAsync(ids, CancellationToken.None);
        }

        public async Task<RetryReport> RetryAsync(QuarantineFilter filter)
        {
            await TakeAllAsync();
            return await _retry.RetryAsync(filter, CancellationToken.None);
        }

        /// <summary>The first half of a retry.</summary>
        public async Task AppendRetryAsync(long id)
        {
            byte[] record = [];
            Quarantine.Reader.Visit(id, (_, in kept) =>
                record = RetryRecord.Write(id, kept.ArrivalTime, kept.Kind, kept.Body, kept.Lane, _clock.Now()));
            _log.Log.TryAppend(record, null, out _);
            await _log.CommittedAsync();
        }

        public async Task CheckpointAsync() => await _consumer.CompleteAsync();

        /// <summary>How many samples of <c>m.v</c> a query finds.</summary>
        public async Task<int> StoredCountAsync()
        {
            await TakeAllAsync();
            Assert.Equal(
                InternOutcome.Interned, _catalogue.TryIntern("m"u8, "v", FieldType.Float, out Field? field));
            var count = default(Count);
            _store.Read(field!.Id, long.MinValue, long.MaxValue, ref count);
            return count.Samples;
        }

        public void Dispose()
        {
            _stop.Cancel();
            _running?.GetAwaiter().GetResult();
            _relief.Dispose();
            _store.Dispose();
            _stop.Dispose();
        }

        private struct Count : ISampleVisitor
        {
            public int Samples { get; private set; }

            public readonly bool WantsProvenance => false;

            public readonly SummaryWish Summaries => SummaryWish.None;

            public bool OnSamples(scoped in SampleBlock block)
            {
                Samples += block.Count;
                return true;
            }
        }

        /// <summary>Notes points on their way into the store.</summary>
        private void Note(PointBatch batch)
        {
            string[] lines = BatchText.Of(batch, _catalogue);
            _points.AddRange(lines.Select((line, i) =>
                line + ((batch.Points[i].Flags & PointFlags.Late) != 0 ? " late" : "")));
        }
    }
}
