using Telemetry.Model;

namespace Telemetry.Ingestion.Tests;

public sealed class DecodedLogTests : IDisposable
{
    private readonly TestLog _log = new();
    private readonly SeriesCatalogue _catalogue = new();
    private readonly IngestionMetrics _metrics = new();
    private readonly GatewayRegistry _gateways = new();
    private readonly RefusedNames _refused = new();
    private readonly DecodedLog _decoded;
    private readonly DecodingContext _context;

    public DecodedLogTests()
    {
        SiteCatalogue site = SmallMine.With(
            SmallMine.Route("log/#", "ignore"),
            SmallMine.Route("mine/#") with { GatewayKey = "{2}" },
            SmallMine.Route("json/#", "json"));
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
        Assert.Equal(3, _gateways.All.Count);
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

    private void CheckGateway(string key, long messages, long points, long refused, long quarantined)
    {
        GatewayStatus gateway = _gateways.All.Single(status => status.Key == key);
        Assert.Equal(
            (messages, points, refused, quarantined),
            (gateway.Messages, gateway.Points, gateway.Refused, gateway.Quarantined));
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

    private DecodedLog Open() => new(_log.Log, _context, _gateways, _metrics, _refused);
}
