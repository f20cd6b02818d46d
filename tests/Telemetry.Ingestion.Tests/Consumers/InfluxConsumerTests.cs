using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Influx;
using Telemetry.Model;
using Telemetry.Spool;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

public sealed class InfluxConsumerTests : IDisposable
{
    private readonly TestLog _log = new();
    private readonly SeriesCatalogue _catalogue = new();
    private readonly ScriptedInflux _server = new();
    private readonly HurriedTime _time = new();
    private readonly InfluxMetrics _metrics = new();
    private readonly InfluxOptions _options = new() { Url = "http://db", Gzip = false, BatchBytes = 1 };
    private readonly Cursor _cursor;
    private SinkServer? _sink;
    private readonly DecodedLog _decoded;

    public InfluxConsumerTests()
    {
        _cursor = _log.Log.OpenCursor("influx", required: false);
        _decoded = new DecodedLog(
            _log.Log,
            new DecodingContext(SiteCatalogue.Empty, _catalogue, new UnboundNames(), long.MaxValue),
            new IngestionMetrics(),
            new RefusedNames(),
            _log.OpenSnapshots(),
            TimeProvider.System);
    }

    public void Dispose()
    {
        _sink?.Dispose();
        _server.Dispose();
        _cursor.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task What_the_server_accepted_moves_the_cursor()
    {
        await CheckAsync("m v=1 1\nm v=2 2\n", refused: 0);
        Assert.Single(_server.Bodies);
        Assert.Empty(_time.Waits);
    }

    [Fact]
    public async Task A_server_that_is_away_is_sent_the_same_body_again()
    {
        _server.Answer(HttpStatusCode.InternalServerError);
        _server.Answer(HttpStatusCode.ServiceUnavailable);
        _server.Answer(HttpStatusCode.Unauthorized);
        await CheckAsync("m v=1 1\n", refused: 0);
        Assert.Equal(["m v=1 1\n", "m v=1 1\n", "m v=1 1\n", "m v=1 1\n"], _server.Bodies);
        Assert.Equal((3, 4), (_metrics.Failures, _metrics.Requests));
        Assert.Null(_metrics.Fault);
        Assert.InRange(_time.Waits[2], _time.Waits[0], TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_server_that_names_a_wait_is_given_it_up_to_an_hour()
    {
        _server.Answer(HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(17));
        _server.Answer(HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5_000_000));
        await CheckAsync("m v=1 1\n", refused: 0);
        Assert.Equal([TimeSpan.FromSeconds(17), TimeSpan.FromHours(1)], _time.Waits);
    }

    [Fact]
    public async Task The_cursor_stands_while_the_server_is_away()
    {
        using var stop = new CancellationTokenSource();
        _server.Answer(HttpStatusCode.NotFound);
        InfluxConsumer consumer = Open();
        await _log.AppendAsync("t", "m v=1 1\n");
        using BatchLease lease = _decoded.TryNext(0, _decoded.OpenLagging())!;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await consumer.ConsumeAsync(lease.Batch, stop.Token));
        Assert.Equal(0, consumer.DurableOffset);
    }

    [Fact]
    public async Task One_refused_line_costs_one_line_wherever_it_stands()
    {
        for (int bad = 0; bad < 7; bad++)
        {
            string[] lines = [.. Enumerable.Range(0, 7).Select(i => $"m v={i},bad{i}=1 {i}\n")];
            _server.Refuses = $"bad{bad}=";
            await CheckAsync(string.Concat(lines), refused: 1, string.Concat(lines.Where((_, i) => i != bad)));
        }
    }

    [Fact]
    public async Task A_body_too_large_is_halved_until_it_passes()
    {
        _server.BytesMax = 20;
        await CheckAsync("m v=1 1\nm v=2 2\nm v=3 3\nm v=4 4\nm v=5 5\n", refused: 0);
        Assert.Equal(3, _server.Bodies.Count(body => body.Length <= 20));
    }

    [Fact]
    public async Task A_text_with_a_newline_is_never_cut()
    {
        _server.Refuses = "bad";
        await CheckAsync(
            "m t=\"a\nb\\\"\nc\\\\\" 1\nm bad=1 2\nm t=\"\n\n\" 3\n",
            refused: 1,
            "m t=\"a\nb\\\"\nc\\\\\" 1\nm t=\"\n\n\" 3\n");
    }

    [Fact]
    public async Task A_quote_in_a_name_is_no_text()
    {
        _server.Refuses = "bad";
        await CheckAsync(
            "m,size=5\" v=1 1\nm,size=6\" bad=1 2\nm,size=\"7 v=3 3\nm a\"b=4 4\nq\"m v=5 5\n",
            refused: 1,
            "m,size=5\" v=1 1\nm,size=\"7 v=3 3\nm a\"b=4 4\nq\"m v=5 5\n");
        await CheckAsync("m,a\\ b=\"c\\=\" v=1 1\nm bad=1 2\n", refused: 1, "m,a\\ b=\"c\\=\" v=1 1\n");
        await CheckAsync("m k\\=\"=1,k\\ \"=2 1\nm bad=1 2\n", refused: 1, "m k\\=\"=1,k\\ \"=2 1\n");
    }

    [Fact]
    public async Task Batches_are_gathered_until_they_are_large_or_old_enough()
    {
        _options.BatchBytes = 1_000_000;
        InfluxConsumer consumer = Open();
        await ConsumeAsync(consumer, "m v=1 1\n");
        Assert.Empty(_server.Bodies);
        Assert.Equal(0, consumer.DurableOffset);
        _time.Advance(TimeSpan.FromSeconds(_options.BatchSeconds));
        await ConsumeAsync(consumer, "m v=2 2\n");
        Assert.Equal(["m v=1 1\nm v=2 2\n"], _server.Bodies);
        Assert.Equal(_log.Log.DurableOffset, consumer.DurableOffset);
    }

    [Fact]
    public async Task A_cursor_that_finds_no_room_stands_and_moves_with_the_next_request()
    {
        var words = new RecordedLog();
        InfluxConsumer consumer = Open(words);
        for (int i = 1; i <= 2; i++)
        {
            long offset = await _log.AppendAsync("t", $"m v={i} {i}\n");
            using BatchLease lease = _decoded.TryNext(offset, _decoded.OpenLagging())!;
            _log.Files.CapacityBytes = 0;
            await consumer.ConsumeAsync(lease.Batch, default);
            _log.Files.CapacityBytes = long.MaxValue;
            Assert.Equal(0, consumer.DurableOffset);
        }

        Assert.StartsWith("cannot move the InfluxDB cursor: ", Assert.Single(words.Lines), StringComparison.Ordinal);
        await ConsumeAsync(consumer, "m v=3 3\n");
        Assert.Equal(_log.Log.DurableOffset, consumer.DurableOffset);
        Assert.Equal("m v=1 1\nm v=2 2\nm v=3 3\n", _server.Accepted.ToString());
    }

    private async Task CheckAsync(string lines, int refused, string? accepted = null)
    {
        InfluxConsumer consumer = Open();
        _server.Accepted.Clear();
        long before = _metrics.LinesRefused;
        await ConsumeAsync(consumer, lines);
        Assert.Equal(accepted ?? lines, _server.Accepted.ToString());
        Assert.Equal(refused, _metrics.LinesRefused - before);
        Assert.Equal(_log.Log.DurableOffset, consumer.DurableOffset);
    }

    private async Task ConsumeAsync(InfluxConsumer consumer, string lines)
    {
        long offset = await _log.AppendAsync("t", lines);
        using BatchLease lease = _decoded.TryNext(offset, _decoded.OpenLagging())!;
        await consumer.ConsumeAsync(lease.Batch, default);
    }

    private InfluxConsumer Open(ILogger? logger = null)
    {
        logger ??= NullLogger.Instance;
        var clock = new ArrivalClock(_time);
        var backlog = new SinkBacklog(_log.Log, _cursor, _log.Files, "/influx", clock, logger, TimeSpan.Zero);
        _sink?.Dispose();
        _sink = new SinkServer(_options, _metrics, _log.Files, "/influx", _time, logger, _server);
        return new InfluxConsumer(
            new LineSender(_sink), _sink.NewLines(_catalogue), _metrics, _options, backlog, clock, _time);
    }
}
