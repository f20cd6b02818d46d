using System.Net;
using System.Text;
using Telemetry.Influx;
using Telemetry.Model;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

/// <summary>
/// What a sender makes of refusals. The server is scripted where a real one cannot be made to answer so; its words are
/// those that InfluxDB 2.x and 3.x are documented to have, and such as proxies have.
/// </summary>
public sealed class LineSenderTests : IDisposable
{
    private const int Many = 5_000;
    private readonly ScriptedInflux _influx = new();
    private readonly HurriedTime _time = new();
    private readonly TestLog _log = new();
    private readonly InfluxMetrics _metrics = new();
    private readonly RecordedLog _words = new();
    private readonly InfluxOptions _options = new() { Url = "http://db", Gzip = false };
    private readonly CancellationTokenSource _stop = new();
    private SinkServer? _server;

    public LineSenderTests() => _time.Advance(TimeSpan.FromDays(20_000));

    public void Dispose()
    {
        _server?.Dispose();
        _influx.Dispose();
        _log.Dispose();
        _stop.Dispose();
    }

    [Theory]
    [InlineData(418, "I am a teapot")]
    [InlineData(402, "")]
    [InlineData(403, "forbidden")]
    [InlineData(302, "")]
    [InlineData(200, "<html>Please log in</html>")]
    public async Task What_is_not_known_is_held_and_told_and_nothing_is_dropped(int status, string words)
    {
        _influx.Judge = _ => _influx.Bodies.Count > 7 ? null : ((HttpStatusCode)status, words);
        _influx.OnRequest = () =>
        {
            if (_influx.Bodies.Count == 7)
            {
                Assert.True(_metrics.IsHeld);
                Assert.StartsWith($"HTTP {status}: {words}", _metrics.Fault, StringComparison.Ordinal);
            }

            return Task.CompletedTask;
        };
        SinkCounts counts = await SendAsync(Many);

        Assert.Equal(new SinkCounts { Stored = Many }, counts);
        Assert.Equal((7, 8), (_metrics.Failures, _metrics.Requests));
        Assert.Equal((false, null), (_metrics.IsHeld, _metrics.Fault));
        Assert.Single(_words.Lines, line => line.StartsWith("cannot write to InfluxDB", StringComparison.Ordinal));
        Assert.Contains(_words.Lines, line => line.Contains("someone must look", StringComparison.Ordinal));
        Assert.Empty(_server!.SetApart.All);
    }

    [Theory]
    [InlineData(400, "<h1>The plain HTTP request was sent to HTTPS port</h1>")]
    [InlineData(422, "")]
    [InlineData(413, "")]
    public async Task A_proxy_that_refuses_everything_costs_no_point_and_few_requests(int status, string words)
    {
        const int Refusals = 100;
        _influx.Judge = _ => _influx.Bodies.Count > Refusals ? null : ((HttpStatusCode)status, words);
        SinkCounts counts = await SendAsync(Many);

        Assert.Equal(new SinkCounts { Stored = Many }, counts);
        Assert.Empty(_server!.SetApart.All);
        Assert.InRange(_time.Waits.Count, Refusals / 30, Refusals / 10);
        Assert.False(_metrics.IsHeld);
    }

    [Fact]
    public async Task A_lone_point_refused_in_unknown_words_is_held()
    {
        _influx.Judge = _ => (HttpStatusCode.BadRequest, "no");
        _influx.OnRequest = () => _influx.Bodies.Count < 5 ? Task.CompletedTask : _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(1));
        Assert.Equal((0, true), (_metrics.LinesRefused, _metrics.IsHeld));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_234)]
    [InlineData(Many - 1)]
    public async Task One_bad_point_costs_one_point_even_in_words_that_nobody_knows(int bad)
    {
        _influx.Judge = body =>
            body.Contains($"m v={bad} ", StringComparison.Ordinal) ? (HttpStatusCode.BadRequest, "not this one") : null;
        SinkCounts counts = await SendAsync(Many);

        Assert.Equal(new SinkCounts { Stored = Many - 1, Refused = 1 }, counts);
        Assert.InRange(_influx.Bodies.Count, 2, 30);
        SetApartSeries apart = Assert.Single(_server!.SetApart.All);
        Assert.Equal((SetApartReason.Refused, 1L, bad), (apart.Reason, apart.Count, (int)apart.FirstTime));
        Assert.Equal("HTTP 400: not this one", apart.Words);
        Assert.Equal(Many - 1, Taken().Distinct().Count());
    }

    [Fact]
    public async Task A_field_of_another_type_costs_two_requests_however_many_points_it_has()
    {
        const string words = """
            {"code":"unprocessable entity","message":"failure writing points to database: partial write: field type
             conflict: input field \"v\" on measurement \"odd\" is type float, already exists as type string dropped=9"}
            """;
        _influx.Judge = body => body.Contains("odd", StringComparison.Ordinal)
            ? (HttpStatusCode.UnprocessableEntity, words.ReplaceLineEndings(""))
            : null;
        string lines = string.Concat(Enumerable.Range(0, Many).Select(i =>
            i % 3 == 0 ? $"odd,n=a\\ b w=1,v={i} {i}\n" : $"m v={i} {i}\n"));
        SinkCounts counts = await SendAsync(lines, Many);

        Assert.Equal((3_333, 1_667), (counts.Stored, counts.Refused));
        Assert.Equal(2, _influx.Bodies.Count);
        Assert.Equal(SetApartReason.TypeConflict, Assert.Single(_server!.SetApart.All).Reason);
        ServerFieldType learnt = Assert.Single(_server.Types.All);
        Assert.Equal(("odd", "v", FieldType.String), (learnt.Measurement, learnt.Field, learnt.Type));

        Assert.Equal(learnt, Assert.Single(Open().Types.All)); // a restart
        _options.Bucket = "another";
        Assert.Empty(Open().Types.All);
    }

    [Fact]
    public async Task Lines_that_InfluxDB_3_names_are_taken_out_and_their_columns_learnt()
    {
        const string words = """
            {"error":"partial write of line protocol occurred","data":[
            {"original_line":"odd v=1","line_number":2,"error_message":"invalid column type for column 'v',
             expected iox::column_type::field::string, got iox::column_type::field::float"},
            {"original_line":"m","line_number":4,"error_message":"whatever else"}]}
            """;
        _options.Api = InfluxApi.V3;
        _influx.Judge = body => body.Contains("odd", StringComparison.Ordinal)
            ? (HttpStatusCode.BadRequest, words.ReplaceLineEndings(""))
            : null;
        SinkCounts counts = await SendAsync("m t=\"a\nb\" 1\nodd v=1 2\nm v=3 3\nm v=4 4\nm v=5 5\n", 5);

        Assert.Equal(new SinkCounts { Stored = 3, Refused = 2 }, counts);
        Assert.Equal("m t=\"a\nb\" 1\nm v=3 3\nm v=5 5\n", _influx.Accepted.ToString());
        SetApartSeries[] apart = [.. _server!.SetApart.All.OrderBy(series => series.Series)];
        Assert.Equal([("m", 4L), ("odd", 2L)], apart.Select(series => (series.Series, series.FirstTime)));
        Assert.Equal("whatever else", apart[0].Words);
        Assert.StartsWith("invalid column type", apart[1].Words, StringComparison.Ordinal);
        ServerFieldType learnt = Assert.Single(_server.Types.All);
        Assert.Equal(("odd", "v", FieldType.String), (learnt.Measurement, learnt.Field, learnt.Type));
    }

    [Fact]
    public async Task A_server_that_names_what_is_not_there_is_halved()
    {
        _influx.Judge = body => body.Contains("bad", StringComparison.Ordinal)
            ? (HttpStatusCode.BadRequest, """{"error":"partial write","data":[{"line_number":99}]}""")
            : null;
        SinkCounts counts = await SendAsync("m v=1 1\nm bad=1 2\nm v=3 3\n", 3);
        Assert.Equal(new SinkCounts { Stored = 2, Refused = 1 }, counts);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task A_bucket_that_is_missing_is_created_only_when_that_is_allowed(bool isAllowed, int created)
    {
        _options.CreateBucket = isAllowed;
        _options.Api = InfluxApi.V1;
        int asked = 0;
        _influx.Answers = path =>
        {
            asked += path.Contains("CREATE", StringComparison.Ordinal) ? 1 : 0;
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{\"results\":[{}]}") };
        };
        _influx.Judge = _ => asked == created && _influx.Bodies.Count > 1
            ? null
            : (HttpStatusCode.NotFound, """{"error":"database not found: \"telemetry\""}""");
        Assert.Equal(2, (await SendAsync(2)).Stored);
        Assert.Equal((created, isAllowed ? 0 : 1), (asked, _time.Waits.Count));
    }

    [Fact]
    public async Task How_long_it_keeps_points_is_asked_once_an_hour_unless_it_is_set()
    {
        _influx.Answers = _ => new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent("""{"buckets":[{"retentionRules":[{"everySeconds":3600}]}]}"""),
        };
        LineSender sender = new(Open());
        await sender.SendAsync("m v=1 1\n"u8.ToArray(), 1, default);
        await sender.SendAsync("m v=2 2\n"u8.ToArray(), 1, default);
        Assert.Single(_influx.Questions);
        Assert.Equal(TimeSpan.FromHours(1), _server!.Retention.Keeps);
        _time.Advance(TimeSpan.FromHours(1));
        await sender.SendAsync("m v=3 3\n"u8.ToArray(), 1, default);
        Assert.Equal(2, _influx.Questions.Count);

        _options.RetentionHours = 5;
        await new LineSender(Open()).SendAsync("m v=4 4\n"u8.ToArray(), 1, default);
        Assert.Equal((2, TimeSpan.FromHours(5)), (_influx.Questions.Count, _server.Retention.Keeps));
    }

    [Fact]
    public async Task Points_set_apart_have_their_times_whatever_the_precision()
    {
        _options.Precision = InfluxPrecision.S;
        _influx.Judge = _ => (HttpStatusCode.BadRequest, "unable to parse");
        await SendAsync("m v=1 1700000000\n", 1);
        Assert.Equal(1_700_000_000_000_000_000, Assert.Single(_server!.SetApart.All).FirstTime);
    }

    private Task<SinkCounts> SendAsync(int count) =>
        SendAsync(string.Concat(Enumerable.Range(0, count).Select(i => $"m v={i} {i}\n")), count);

    private Task<SinkCounts> SendAsync(string lines, int count) =>
        new LineSender(Open()).SendAsync(Encoding.UTF8.GetBytes(lines), count, _stop.Token);

    private SinkServer Open()
    {
        _server?.Dispose();
        _server = new SinkServer(_options, _metrics, _log.Files, "/influx", _time, _words, _influx);
        return _server;
    }

    private string[] Taken() =>
        _influx.Accepted.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
