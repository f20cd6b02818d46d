using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Telemetry.Influx.Tests;

public sealed class InfluxWriterTests
{
    [Fact]
    public async Task Each_dialect_has_its_own_address()
    {
        await CheckAddress("http://db:8086/write?db=a%20b&precision=ns", InfluxApi.V1, "http://db:8086", "a b");
        await CheckAddress("http://db/x/write?db=t&precision=ns", InfluxApi.V1, "http://db/x/", "t");
        await CheckAddress(
            "http://db:8086/api/v2/write?bucket=a%26b&org=our%2Fmine&precision=ns",
            InfluxApi.V2, "http://db:8086", "a&b", "our/mine");
        await CheckAddress(
            "http://db:8428/api/v2/write?bucket=t&org=&precision=ns", InfluxApi.VictoriaMetrics, "http://db:8428", "t");
        await CheckAddress(
            "http://db/api/v3/write_lp?db=a%20b&precision=nanosecond", InfluxApi.V3, "http://db", "a b");
    }

    [Theory]
    [InlineData(InfluxApi.V1, InfluxPrecision.Us, "/write?db=telemetry&rp=two%20years&precision=u")]
    [InlineData(InfluxApi.V1, InfluxPrecision.S, "/write?db=telemetry&rp=two%20years&precision=s")]
    [InlineData(InfluxApi.V2, InfluxPrecision.Us, "/api/v2/write?bucket=telemetry&org=&precision=us")]
    [InlineData(InfluxApi.V3, InfluxPrecision.Ms, "/api/v3/write_lp?db=telemetry&precision=millisecond")]
    public async Task Precision_and_retention_policy_stand_in_the_address(
        InfluxApi api, InfluxPrecision precision, string expected)
    {
        var server = new Server(HttpStatusCode.NoContent);
        await Send(server, new InfluxOptions { Api = api, Precision = precision, RetentionPolicy = "two years" });
        Assert.Equal(expected, server.Address?.PathAndQuery);
    }

    [Fact]
    public async Task Headers_go_with_each_request_and_newer_servers_are_shown_a_bearer_token()
    {
        var server = new Server(HttpStatusCode.NoContent);
        await Send(server, new InfluxOptions
        {
            Api = InfluxApi.V3,
            Token = "secret",
            Headers = ["X-Site: north pit", "X-Empty:"],
        });
        Assert.Equal("Bearer secret", server.Authorization);
        Assert.Equal(["north pit"], server.HeaderOf("X-Site"));
        Assert.Equal([""], server.HeaderOf("X-Empty"));
    }

    [Theory]
    [InlineData(200, "<html>Please log in</html>")]
    [InlineData(204, "moved")]
    public async Task A_success_with_words_is_not_believed(int status, string words)
    {
        WriteOutcome outcome = await Send(new Server((HttpStatusCode)status, words), new InfluxOptions());
        Assert.Equal((WriteVerdict.NotAllowed, $"HTTP {status}: {words}"), (outcome.Verdict, outcome.Text));
    }

    [Fact]
    public void An_answer_that_sends_elsewhere_is_not_followed()
    {
        using SocketsHttpHandler handler = InfluxConnection.HandlerOf(new InfluxOptions());
        Assert.False(handler.AllowAutoRedirect);
    }

    [Theory]
    [InlineData(400, "database is required", WriteVerdict.Unclear)]
    [InlineData(400, "unable to parse 'm': missing fields", WriteVerdict.Refused)]
    [InlineData(422, "partial write: x dropped=1", WriteVerdict.Refused)]
    [InlineData(404, "{\"code\":\"not found\",\"message\":\"bucket \\\"b\\\" not found\"}", WriteVerdict.NoBucket)]
    [InlineData(404, "<html>", WriteVerdict.NotAllowed)]
    [InlineData(418, "unable to parse", WriteVerdict.NotAllowed)]
    public async Task What_a_status_means_may_hang_on_the_words(int status, string words, WriteVerdict expected)
    {
        WriteOutcome outcome = await Send(new Server((HttpStatusCode)status, words), new InfluxOptions());
        Assert.Equal(expected, outcome.Verdict);
    }

    [Fact]
    public async Task A_token_goes_before_a_user_and_without_either_nothing_is_sent()
    {
        await CheckAuthorization(null, "", "", "");
        await CheckAuthorization("Token secret", "secret", "", "");
        await CheckAuthorization("Token secret", "secret", "u", "p");
        await CheckAuthorization("Basic dTpww7w=", "", "u", "pü");
    }

    [Fact]
    public async Task The_body_is_compressed_when_asked_for()
    {
        var plain = new Server(HttpStatusCode.NoContent);
        await Send(plain, new InfluxOptions { Gzip = false });
        Assert.Equal("m v=1 1\n", Encoding.UTF8.GetString(plain.Body));
        Assert.Empty(plain.Encodings);

        var packed = new Server(HttpStatusCode.NoContent);
        await Send(packed, new InfluxOptions { Gzip = true });
        using var gzip = new GZipStream(new MemoryStream(packed.Body), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        Assert.Equal("m v=1 1\n", await reader.ReadToEndAsync());
        Assert.Equal(["gzip"], packed.Encodings);
    }

    [Fact]
    public async Task A_status_is_a_verdict()
    {
        await CheckVerdict(WriteVerdict.Accepted, 200, 204);
        await CheckVerdict(WriteVerdict.Unclear, 400, 422);
        await CheckVerdict(WriteVerdict.TooLarge, 413);
        await CheckVerdict(WriteVerdict.TryLater, 408, 429, 500, 502, 503, 504);
        await CheckVerdict(WriteVerdict.NotAllowed, 301, 401, 403, 404, 405);
    }

    [Theory]
    [InlineData(400, "{\"error\":\"partial write: points beyond retention policy dropped=12\"}", 12)]
    [InlineData(422, "partial write: points beyond retention policy dropped=1", 1)]
    [InlineData(400, "partial write: points beyond retention policy dropped=0", 0)]
    [InlineData(400, "partial write: points beyond retention policy dropped=12345678901", 123456789)]
    [InlineData(400, "partial write: points beyond retention policy", 0)]
    [InlineData(400, "partial write: field type conflict: input field \"v\" is type float dropped=12", 0)]
    [InlineData(503, "points beyond retention policy dropped=12", 0)]
    public async Task Points_beyond_the_retention_are_a_verdict_of_their_own(int status, string words, int dropped)
    {
        WriteOutcome outcome = await Send(new Server((HttpStatusCode)status, words), new InfluxOptions());
        Assert.Equal(dropped, outcome.DroppedCount);
        Assert.Equal(dropped > 0, outcome.Verdict == WriteVerdict.BeyondRetention);
    }

    [Fact]
    public async Task The_servers_words_and_its_wait_are_handed_on()
    {
        var server = new Server(HttpStatusCode.TooManyRequests, "{\"error\":\"slow down\"}\n", TimeSpan.FromSeconds(9));
        WriteOutcome outcome = await Send(server, new InfluxOptions());
        Assert.Equal(
            new WriteOutcome(
                WriteVerdict.TryLater, "HTTP 429: {\"error\":\"slow down\"}", TimeSpan.FromSeconds(9)),
            outcome);
        var wordy = new Server(HttpStatusCode.BadRequest, new string('x', 100_000));
        Assert.InRange((await Send(wordy, new InfluxOptions())).Text.Length, 1, 2_100);
    }

    [Fact]
    public async Task A_wait_that_is_named_as_a_date_is_a_wait_by_the_servers_clock()
    {
        // The server's clock is years ahead of ours: what counts is the time between its two dates.
        var date = new DateTimeOffset(2040, 2, 1, 12, 0, 0, TimeSpan.Zero);
        var server = new Server(HttpStatusCode.ServiceUnavailable) { RetryAt = date.AddSeconds(30), Date = date };
        Assert.Equal(TimeSpan.FromSeconds(30), (await Send(server, new InfluxOptions())).RetryAfter);

        var dateless = new Server(HttpStatusCode.ServiceUnavailable) { RetryAt = date };
        using var writer = new InfluxWriter(new InfluxOptions { Url = "http://db" }, dateless, new StoppedTime(date));
        WriteOutcome outcome = await writer.WriteAsync("m v=1 1\n"u8.ToArray(), default);
        Assert.Equal(TimeSpan.Zero, outcome.RetryAfter);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_or_cannot_be_reached_is_tried_later()
    {
        var silent = new Server(HttpStatusCode.NoContent) { IsSilent = true };
        WriteOutcome outcome = await Send(silent, new InfluxOptions { TimeoutSeconds = 0.01 });
        Assert.Equal(new WriteOutcome(WriteVerdict.TryLater, "no answer within 0.01 s", null), outcome);

        var gone = new Server(HttpStatusCode.NoContent) { Fault = new HttpRequestException("connection refused") };
        outcome = await Send(gone, new InfluxOptions());
        Assert.Equal(new WriteOutcome(WriteVerdict.TryLater, "connection refused", null), outcome);
    }

    [Fact]
    public async Task A_caller_who_stops_is_told_so()
    {
        var silent = new Server(HttpStatusCode.NoContent) { IsSilent = true };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Send(silent, new InfluxOptions(), new CancellationToken(canceled: true)));
    }

    private static async Task CheckAddress(string expected, InfluxApi api, string url, string bucket, string org = "")
    {
        var server = new Server(HttpStatusCode.NoContent);
        await Send(server, new InfluxOptions { Api = api, Url = url, Bucket = bucket, Org = org });
        Assert.Equal(expected, server.Address?.AbsoluteUri);
    }

    private static async Task CheckAuthorization(string? expected, string token, string user, string password)
    {
        var server = new Server(HttpStatusCode.NoContent);
        await Send(server, new InfluxOptions { Token = token, User = user, Password = password });
        Assert.Equal(expected, server.Authorization);
    }

    private static async Task CheckVerdict(WriteVerdict expected, params int[] statuses)
    {
        foreach (int status in statuses)
        {
            WriteOutcome outcome = await Send(new Server((HttpStatusCode)status), new InfluxOptions());
            Assert.Equal((status, expected), (status, outcome.Verdict));
        }
    }

    private static async Task<WriteOutcome> Send(
        Server server, InfluxOptions options, CancellationToken cancellationToken = default)
    {
        options.Url = options.Url.Length > 0 ? options.Url : "http://db";
        using var writer = new InfluxWriter(options, server);
        return await writer.WriteAsync("m v=1 1\n"u8.ToArray(), cancellationToken);
    }

    private sealed class Server(HttpStatusCode status, string words = "", TimeSpan? retryAfter = null)
        : HttpMessageHandler
    {
        private HttpRequestHeaders? _headers;

        public bool IsSilent { get; init; }

        public Exception? Fault { get; init; }

        public DateTimeOffset? RetryAt { get; init; }

        public DateTimeOffset? Date { get; init; }

        public Uri? Address { get; private set; }

        public string? Authorization { get; private set; }

        public byte[] Body { get; private set; } = [];

        public IEnumerable<string> HeaderOf(string name) => _headers!.GetValues(name);

        public IReadOnlyList<string> Encodings { get; private set; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (IsSilent)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            if (Fault is not null)
            {
                throw Fault;
            }

            Address = request.RequestUri;
            _headers = request.Headers;
            Authorization = request.Headers.Authorization?.ToString();
            Body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            Encodings = [.. request.Content.Headers.ContentEncoding];
            var answer = new HttpResponseMessage(status) { Content = new StringContent(words) };
            answer.Headers.RetryAfter = retryAfter is { } wait ? new RetryConditionHeaderValue(wait) : null;
            answer.Headers.RetryAfter ??= RetryAt is { } at ? new RetryConditionHeaderValue(at) : null;
            answer.Headers.Date = Date;
            return answer;
        }
    }

    private sealed class StoppedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
