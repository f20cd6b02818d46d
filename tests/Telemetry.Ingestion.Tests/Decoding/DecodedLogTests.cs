using Telemetry.Model;
using Telemetry.Payloads;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

public sealed class DecodedLogTests : IDisposable
{
    private const long Swap = 400_000_002_000_000_000;
    private readonly TestLog _log = new();
    private readonly ManualTime _time = new();
    private readonly SeriesCatalogue _catalogue = new();
    private readonly IngestionMetrics _metrics = new();
    private readonly RefusedNames _refused = new();
    private readonly DecodedLog _decoded;
    private readonly DecodingContext _context;

    public DecodedLogTests()
    {
        SiteCatalogue site = SmallMine.With(
            SmallMine.Route("log/#", "ignore"),
            SmallMine.Route("mine/#") with { GatewayKey = "{2}" },
            SmallMine.Route("json/#", "json"),
            SmallMine.Route("sparkplug", "sparkplug"),
            SmallMine.Route("pack", "senml") with
            {
                Bindings =
                [
                    SmallMine.BindingOf("t", "CR-201.bearing_temp"),
                    SmallMine.BindingOf("i", "CR-201.motor_current") with { Until = Swap },
                    SmallMine.BindingOf("i", "CR-202.motor_current") with { Since = Swap },
                    SmallMine.BindingOf("i", "CR-202.bearing_temp") with { Gateway = "gw-9" },
                ],
            },
            SmallMine.Route("signal", "json") with { Tags = [new Tag("asset", "CR-201")], Measurement = "signal" },
            SmallMine.Route("tags/#", "json") with
            {
                Json = new JsonMapping { Samples = "values[]", Name = "id", Value = "v", Time = "t" },
            });
        _context = new DecodingContext(site, _catalogue, new UnboundNames(), long.MaxValue);
        _decoded = Open();
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Nothing_durable_means_no_batch()
    {
        Assert.Null(_decoded.TryNext(0, _decoded.OpenLagging()));
        await _log.AppendAsync("mine/1", "m v=1 1");
        using BatchLease lease = Next(0)!;
        Assert.Null(Next(lease.Batch.EndOffset));
    }

    [Fact]
    public async Task Two_consumers_at_the_tail_are_handed_the_same_batch()
    {
        await _log.AppendAsync("mine/1", "m v=1 1");
        using BatchLease first = Next(0)!;
        using BatchLease second = Next(0)!;
        Assert.Same(first, second);
        Assert.Equal(["m v=1 1"], BatchText.Of(first.Batch, _catalogue));
        Assert.Equal((0, _log.Log.DurableOffset), (first.Batch.StartOffset, first.Batch.EndOffset));
    }

    [Fact]
    public async Task A_lagging_consumer_reads_the_same_points_by_its_own_decoding()
    {
        const int Batches = 12;
        for (int i = 0; i < Batches; i++)
        {
            await _log.AppendAsync("mine/1", $"m v={i} {i}\nm,asset=CR-201 motor_current={i} {i}");
            await _log.TickAsync();
        }

        (List<string> atTail, List<BatchLease> leases) = ReadAll();
        (List<string> behind, List<BatchLease> again) = ReadAll();
        Assert.Equal(Batches * 2, atTail.Count);
        Assert.Equal(atTail, behind);
        Assert.NotSame(leases[0], again[0]);
        Assert.Same(leases[^1], again[^1]);
        Assert.Equal(Batches, _metrics.MessagesDecoded);
    }

    [Fact]
    public async Task Who_is_ahead_waits_before_a_batch_goes_that_another_has_still_to_take()
    {
        await AppendBatchesAsync(8);
        (LaggingDecoder fast, LaggingDecoder slow) = (_decoded.OpenLagging(true), _decoded.OpenLagging(true));
        long behind = Take(slow, 0); // it is at the tail, and rests
        long ahead = 0;
        int taken = 0;
        for (long next; (next = Take(fast, ahead)) > ahead; ahead = next)
        {
            taken++;
        }

        Assert.Equal(5, taken); // the one that the other has taken, and those that are kept
        ValueTask<bool> waiting = _decoded.WaitForOthersAsync(fast, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        behind = Take(slow, behind);
        Assert.True(await waiting);
        Assert.True(Take(fast, ahead) > ahead);
        Assert.Equal(6, _metrics.MessagesDecoded);
    }

    [Fact]
    public async Task Nobody_is_waited_for_longer_than_the_patience()
    {
        await AppendBatchesAsync(8);
        (LaggingDecoder fast, LaggingDecoder slow) = (_decoded.OpenLagging(true), _decoded.OpenLagging(true));
        long behind = Take(slow, 0);
        long ahead = 0;
        for (long next; (next = Take(fast, ahead)) > ahead; ahead = next)
        {
            // As far as it goes.
        }

        ValueTask<bool> waiting = _decoded.WaitForOthersAsync(fast, CancellationToken.None);
        _time.Advance(TimeSpan.FromMilliseconds(DecodedLog.PatienceMilliseconds));
        Assert.True(await waiting);
        for (int left = 3; left > 0; left--)
        {
            long next = Take(fast, ahead);
            Assert.True(next > ahead);
            ahead = next;
        }

        Assert.True(Take(slow, behind) > behind); // by its own decoding
        Assert.Equal(8, _metrics.MessagesDecoded);
    }

    [Fact]
    public async Task Who_may_take_long_is_not_waited_for()
    {
        await AppendBatchesAsync(8);
        (LaggingDecoder fast, LaggingDecoder slow) = (_decoded.OpenLagging(true), _decoded.OpenLagging());
        Take(slow, 0);
        long ahead = 0;
        for (int i = 0; i < 8; i++)
        {
            ahead = Take(fast, ahead);
        }

        Assert.Equal(_log.Log.DurableOffset, ahead);
    }

    [Fact]
    public async Task A_consumer_in_the_middle_of_a_kept_batch_comes_back_to_the_shared_ones()
    {
        await _log.AppendAsync("mine/1", "m v=1 1");
        long middle = await _log.AppendAsync("mine/1", "m v=2 2");
        await _log.TickAsync();
        await _log.AppendAsync("mine/1", "m v=3 3");
        ReadAll();

        LaggingDecoder lagging = _decoded.OpenLagging();
        using BatchLease rest = _decoded.TryNext(middle, lagging)!;
        Assert.Equal(["m v=2 2"], BatchText.Of(rest.Batch, _catalogue));
        using BatchLease next = _decoded.TryNext(rest.Batch.EndOffset, lagging)!;
        Assert.Equal(["m v=3 3"], BatchText.Of(next.Batch, _catalogue));
    }

    [Fact]
    public async Task A_batch_on_loan_is_not_written_over_while_the_log_goes_on()
    {
        await _log.AppendAsync("mine/1", "m v=0 0");
        BatchLease held = Next(0)!;
        for (int i = 1; i < 20; i++)
        {
            await _log.AppendAsync("mine/1", $"m v={i} {i}");
            ReadAll(held.Batch.EndOffset);
        }

        Assert.Equal(["m v=0 0"], BatchText.Of(held.Batch, _catalogue));
        held.Dispose();
    }

    [Fact]
    public async Task A_batch_ends_at_a_tick()
    {
        await _log.AppendAsync("mine/1", "m v=1 1");
        await _log.TickAsync();
        await _log.AppendAsync("mine/1", "m v=2 2");
        using BatchLease first = Next(0)!;
        RecordEntry last = first.Batch.Records[^1];
        Assert.Equal((Lanes.All, RecordFate.NotAMeasurement, 2), (last.Lane, last.Fate, first.Batch.Records.Length));
        using BatchLease second = Next(first.Batch.EndOffset)!;
        Assert.Equal(["m v=2 2"], BatchText.Of(second.Batch, _catalogue));
    }

    [Fact]
    public async Task A_batch_has_a_ceiling_of_records()
    {
        byte[] record = TestLog.Record(RecordKind.Publish, "mine/1", "m v=1 1", "g", 0, 1);
        byte[] block = [.. Enumerable.Repeat(record, 5_000).SelectMany(bytes => bytes)];
        _log.Log.TryAppend(block, null, out _);
        await _log.TickAsync();
        using BatchLease first = Next(0)!;
        using BatchLease second = Next(first.Batch.EndOffset)!;
        Assert.Equal((4_096, 905), (first.Batch.Records.Length, second.Batch.Records.Length));
    }

    [Fact]
    public async Task Every_fate_is_counted_once_however_often_it_is_read()
    {
        await _log.AppendAsync("mine/gw-a", "m v=1,w=2 1\nm v=2 2", "gw-1");
        await _log.AppendAsync("mine/gw-a", "m v=\"text\" 3", "gw-1");
        await _log.AppendAsync("mine/gw-a", "m v=4 4\nm broken\nm v=5 5", "gw-1");
        await _log.AppendAsync("log/x", "hello", "gw-2");
        await _log.AppendAsync("nowhere", "m v=1 1", "gw-2");
        await _log.AppendAsync("json/x", "{", "gw-2");
        await _log.AppendAsync("", "h v=1 1", "http", RecordKind.HttpWrite);
        await _log.TickAsync();
        ReadAll();
        ReadAll();

        Assert.Equal(2, _metrics.MessagesDecoded);
        Assert.Equal(1, _metrics.MessagesNotAMeasurement);
        Assert.Equal(1, _metrics.MessagesWithoutRoute);
        Assert.Equal(3, _metrics.MessagesQuarantined);
        Assert.Equal((5, 6, 1), (_metrics.Points, _metrics.Samples, _metrics.PointsRefused));
        Assert.Equal(1, _metrics.Ticks);
        CheckGateway("gw-a", messages: 3, points: 4, refused: 1, quarantined: 2);
        CheckGateway("gw-2", messages: 3, points: 0, refused: 0, quarantined: 1);
        CheckGateway("http", messages: 1, points: 1, refused: 0, quarantined: 0);
        Assert.Equal(3, _context.Gateways.All.Count);
    }

    [Fact]
    public async Task What_another_broker_had_retained_counts_only_with_a_time_of_its_own()
    {
        await _log.AppendStaleAsync("mine/1", "m v=1\nm v=2 2");
        await _log.AppendStaleAsync("mine/1", "m v=3");
        await _log.AppendAsync("mine/1", "m v=4");
        await _log.TickAsync();
        (List<string> points, _) = ReadAll();

        Assert.Equal(2, points.Count);
        Assert.Equal("m v=2 2", points[0]);
        Assert.StartsWith("m v=4 ", points[1], StringComparison.Ordinal);
        Assert.Equal((2, 1), (_metrics.MessagesDecoded, _metrics.MessagesNotAMeasurement));
    }

    [Fact]
    public async Task Values_are_bound_by_their_time_and_converted_from_the_unit_of_the_message()
    {
        await _log.AppendAsync("pack", """[{"n":"t","u":"K","v":300,"t":400000000},{"n":"i","v":1,"t":400000001}]""");
        await _log.AppendAsync("pack", """[{"n":"i","v":2,"t":400000002},{"n":"y","v":1,"t":400000003}]""");
        await _log.AppendAsync("pack", """[{"n":"i","v":3,"t":400000002}]""", client: "gw-9");
        using BatchLease lease = Next(0)!;
        Assert.Equal(
            [
                "CR1,area=crushing,asset=CR-201,site=pilot bearing_temp=26.850000000000023 400000000000000000",
                "CR1,area=crushing,asset=CR-201,site=pilot motor_current=1 400000001000000000",
                "CR1,area=crushing,asset=CR-202,site=pilot motor_current=2 400000002000000000",
                "pack y=1 400000003000000000",
                "CR1,area=crushing,asset=CR-202,site=pilot bearing_temp=3 400000002000000000",
            ],
            BatchText.Of(lease.Batch, _catalogue));
        SampleSource source = _catalogue.Sources.At(lease.Batch.Samples[0].Source)!;
        Assert.Equal(("t", "K", 1.0, -273.15), (source.Field, source.Unit, source.Scale, source.Offset));
    }

    [Fact]
    public async Task A_unit_that_does_not_fit_sets_the_message_aside_and_the_other_values_stay()
    {
        await _log.AppendAsync(
            "pack", """[{"n":"t","u":"kg","v":1,"t":400000000},{"n":"x","u":"kg","v":2,"t":400000000}]""");
        using BatchLease lease = Next(0)!;
        RecordEntry record = lease.Batch.Records[0];
        Assert.Equal((RecordFate.Quarantined, FaultReason.UnitDiffers), (record.Fate, (FaultReason)record.FaultReason));
        Assert.Equal(
            "unit \"kg\" does not convert to \"Cel\", field \"t\" of series \"pack\"",
            SmallMine.Text(lease.Batch.FaultTextOf(record)));
        Assert.Equal(["pack x=2 400000000000000000"], BatchText.Of(lease.Batch, _catalogue));
        Assert.Equal(InternOutcome.UnitDiffers, Assert.Single(_refused.Names).Key.Reason);
        UnboundTally unbound = Assert.Single(_context.Unbound.Tallies);
        Assert.Equal(("x", 1, 400_000_000_000_000_000), (unbound.Name.Field, unbound.Count, unbound.LastTime));
    }

    [Fact]
    public async Task A_refused_name_is_listed_with_both_types_and_its_last_sender()
    {
        await _log.AppendAsync("mine/a", "m v=1,w=2 1");
        await _log.AppendAsync("mine/a", "m v=t 2\nm v=f 3\nm w=4 4", "gw-1");
        await _log.AppendAsync("mine/b", "m v=t 5", "gw-2");
        ReadAll();

        (RefusedName name, RefusedTally tally) = Assert.Single(_refused.Names);
        Assert.Equal(new RefusedName("m", "v", FieldType.Boolean, InternOutcome.TypeConflict), name);
        Assert.Equal(new RefusedTally(FieldType.Float, 3, "gw-2", "mine/b"), tally);
    }

    [Theory]
    [InlineData("""{"data":[]}""", FaultReason.PathFoundNothing, "path \"values[]\" found nothing")]
    [InlineData("""{"values":[{"id":"a","x":1}]}""", FaultReason.PathFoundNothing, "path \"v\" found nothing")]
    [InlineData(
        """{"values":[{"id":"a","v":"off"}]}""",
        FaultReason.TextForNumber,
        "field \"a\" of series \"tags,level2=x\"")]
    public async Task A_message_its_mapping_finds_nothing_in_is_set_aside_and_says_why(
        string payload, FaultReason reason, string detail)
    {
        await _log.AppendAsync("tags/x", payload);
        using BatchLease lease = Next(0)!;
        RecordEntry record = lease.Batch.Records[0];
        Assert.Equal(
            (RecordFate.Quarantined, reason, detail),
            (record.Fate, (FaultReason)record.FaultReason, SmallMine.Text(lease.Batch.FaultTextOf(record))));
        Assert.Equal(0, lease.Batch.Points.Length);
        Assert.Empty(_context.Ignored.Newest());
    }

    [Fact]
    public async Task A_metric_by_an_alias_without_its_birth_is_set_aside_with_the_alias()
    {
        const string TwoTruths = "\u0012\u0004\u0010\u000Ep\u0001\u0012\u0005\u000A\u0001ap\u0001"; // of 14 and of "a"
        await _log.AppendAsync("sparkplug", TwoTruths);
        using BatchLease lease = Next(0)!;
        RecordEntry record = lease.Batch.Records[0];
        Assert.Equal(
            (RecordFate.Quarantined, FaultReason.UnknownAlias, "alias 14 is unknown: its birth has not been seen"),
            (record.Fate, (FaultReason)record.FaultReason, SmallMine.Text(lease.Batch.FaultTextOf(record))));
        Assert.Equal(1, lease.Batch.Samples.Length);
    }

    [Fact]
    public async Task Text_beside_a_number_is_refused_by_name_and_costs_nothing_else()
    {
        await _log.AppendAsync("tags/x", """{"values":[{"id":"a","v":"off","t":1},{"id":"b","v":2,"t":1}]}""");
        using BatchLease lease = Next(0)!;
        Assert.Equal(["tags,level2=x b=2 1000000"], BatchText.Of(lease.Batch, _catalogue));
        Assert.Equal(RecordFate.Decoded, lease.Batch.Records[0].Fate);
        (RefusedName name, RefusedTally tally) = Assert.Single(_refused.Names);
        Assert.Equal(new RefusedName("tags,level2=x", "a", FieldType.String, InternOutcome.NotANumber), name);
        Assert.Equal(1, tally.Count);
    }

    [Theory]
    [InlineData("""[{"n":"a","v":1},{"n":"a","v":2}]""", true)]
    [InlineData("""{"values":[{"id":"a","v":1},{"id":"a","v":2}]}""", true)]
    [InlineData("""[{"a":1},{"a":2}]""", true)]
    [InlineData("""[{"v":1,"t":1767225600},{"v":2,"t":1767225601},{"v":3,"t":1767225600}]""", true)]
    [InlineData("""[{"v":1,"t":1767225602},{"v":2,"t":1767225601},{"v":2,"t":1767225601}]""", false)]
    [InlineData("""[{"n":"a","v":1},{"n":"a","v":1},{"n":"b","v":2}]""", false)]
    [InlineData("""[{"n":"a","v":1,"t":1767225600},{"n":"a","v":2,"t":1767225601}]""", false)]
    public async Task Two_values_for_one_field_at_one_time_are_not_overwritten_in_silence(
        string payload, bool collides)
    {
        await _log.AppendAsync("json/x", payload);
        using BatchLease lease = Next(0)!;
        RecordEntry record = lease.Batch.Records[0];
        Assert.Equal(collides ? RecordFate.Quarantined : RecordFate.Decoded, record.Fate);
        Assert.Equal(collides ? FaultReason.ValuesCollide : FaultReason.None, (FaultReason)record.FaultReason);
        Assert.NotEqual(0, lease.Batch.Points.Length);
    }

    [Fact]
    public async Task A_number_in_quotes_is_taken_by_a_signal_and_by_nothing_else()
    {
        await _log.AppendAsync("json/x", """{"a":"1"}""");
        await _log.AppendAsync("signal", """{"motor_current":"91.5","mode":"3","speed":4}""");
        ReadAll();
        (List<string> lines, _) = ReadAll();
        Assert.Equal(
            [
                "CR1,area=crushing,asset=CR-201,site=pilot motor_current=91.5 1001",
                "signal,asset=CR-201 speed=4 1001",
            ],
            lines);
        Assert.Equal((1, 1), (_metrics.MessagesNotAMeasurement, _metrics.MessagesDecoded));
    }

    [Fact]
    public async Task Topics_that_give_nothing_are_listed_with_the_reason()
    {
        await _log.AppendAsync("json/x", """{"status":"online"}""", "gw-1");
        await _log.AppendAsync("nowhere", "m v=1 1", "gw-2");
        await _log.AppendAsync("log/x", "ignored by its route", "gw-2");
        await _log.AppendAsync("json/x", "", "gw-3");
        ReadAll();
        ReadAll();
        Assert.Equal(
            [
                ("json/x", "gw-3", "no number or truth value in it", 2L),
                ("nowhere", "gw-2", "no route takes the topic", 1L),
            ],
            _context.Ignored.Newest().Select(topic => (topic.Topic, topic.Client, topic.Reason, topic.Count)));
        GatewayStatus gateway = _context.Gateways.All.Single(status => status.Key == "gw-2");
        Assert.Equal((1, 1), (gateway.NotAMeasurement, gateway.NoRoute));
    }

    [Fact]
    public async Task A_log_opened_later_counts_only_what_came_later()
    {
        await _log.AppendAsync("mine/1", "m v=1 1");
        DecodedLog later = Open();
        long offset = await _log.AppendAsync("mine/1", "m v=2 2");
        LaggingDecoder lagging = later.OpenLagging();
        using BatchLease old = later.TryNext(0, lagging)!;
        using BatchLease fresh = later.TryNext(old.Batch.EndOffset, lagging)!;
        Assert.Equal(offset, old.Batch.EndOffset);
        Assert.Equal(["m v=2 2"], BatchText.Of(fresh.Batch, _catalogue));
        Assert.Equal(1, _metrics.MessagesDecoded);
    }

    [Fact]
    public async Task What_nobody_has_decoded_is_left_at_the_start_and_decoded_when_it_is_taken()
    {
        await _log.AppendAsync("mine/1", "m v=1 1");
        long second = Take(_decoded.OpenLagging(), 0);
        _decoded.Complete();
        await _log.AppendAsync("mine/1", "m v=2 2");
        _log.Reopen();
        DecodedLog later = Open();
        Assert.Equal(second, later.Tail);
        using BatchLease rest = later.TryNext(second, later.OpenLagging())!;
        Assert.Equal(["m v=2 2"], BatchText.Of(rest.Batch, _catalogue));
        Assert.Equal(_log.Log.DurableOffset, later.Tail);
    }

    [Fact]
    public async Task A_duplicate_is_one_for_whoever_decodes_it_and_whenever()
    {
        long first = await _log.AppendAsync("mine/1", "m v=1 1", packetIdentifier: 7);
        using (BatchLease lease = Next(0)!)
        {
            _decoded.Complete();
        }

        long again = await _log.AppendAsync("mine/1", "m v=1 1", packetIdentifier: 7, dup: true);
        CheckDuplicate(_decoded, again);
        Assert.Equal((1, 1), (_metrics.MessagesDecoded, _metrics.MessagesDuplicate));

        _log.Reopen();
        DecodedLog later = Open();
        Assert.Null(later.TryNext(_log.Log.DurableOffset, later.OpenLagging())); // it is behind the tail by now
        CheckDuplicate(later, again);
        using BatchLease anew = later.TryNext(first, later.OpenLagging())!;
        Assert.Equal([RecordFate.Decoded, RecordFate.Duplicate], anew.Batch.Records.ToArray().Select(r => r.Fate));
    }

    private static void CheckDuplicate(DecodedLog decoded, long offset)
    {
        using BatchLease lease = decoded.TryNext(offset, decoded.OpenLagging())!;
        RecordEntry record = Assert.Single(lease.Batch.Records.ToArray());
        Assert.Equal((RecordFate.Duplicate, 0), (record.Fate, record.PointCount));
    }

    private void CheckGateway(string key, long messages, long points, long refused, long quarantined)
    {
        GatewayStatus gateway = _context.Gateways.All.Single(status => status.Key == key);
        Assert.Equal(
            (messages, points, refused, quarantined),
            (gateway.Messages, gateway.Points, gateway.Refused, gateway.Quarantined));
    }

    private async Task AppendBatchesAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await _log.AppendAsync("mine/1", $"m v={i} {i}");
            await _log.TickAsync();
        }
    }

    /// <summary>Takes the batch at an offset, if there is one; gives where the next begins.</summary>
    private long Take(LaggingDecoder reader, long offset)
    {
        using BatchLease? lease = _decoded.TryNext(offset, reader);
        return lease?.Batch.EndOffset ?? offset;
    }

    private (List<string> Lines, List<BatchLease> Leases) ReadAll(long from = 0)
    {
        var lines = new List<string>();
        var leases = new List<BatchLease>();
        LaggingDecoder lagging = _decoded.OpenLagging();
        while (_decoded.TryNext(from, lagging) is { } lease)
        {
            lines.AddRange(BatchText.Of(lease.Batch, _catalogue));
            leases.Add(lease);
            Assert.Equal(from, lease.Batch.StartOffset);
            from = lease.Batch.EndOffset;
            lease.Dispose();
        }

        return (lines, leases);
    }

    private BatchLease? Next(long offset) => _decoded.TryNext(offset, _decoded.OpenLagging());

    private DecodedLog Open() =>
        new(_log.Log, _context, _metrics, _refused, _log.OpenSnapshots(), _time);
}
