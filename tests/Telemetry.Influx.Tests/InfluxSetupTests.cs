using System.Net;
using Telemetry.Testing;

namespace Telemetry.Influx.Tests;

/// <summary>
/// Answers of InfluxDB 1.6.7 and VictoriaMetrics 1.79 as real ones gave them; those of 2.x as documented.
/// </summary>
public sealed class InfluxSetupTests
{
    private const string Policies = """
        {"results":[{"statement_id":0,"series":[{
          "columns":["name","duration","shardGroupDuration","replicaN","default"],
          "values":[["autogen","0s","168h0m0s",1,false],["month","720h0m0s","24h0m0s",1,true]]}]}]}
        """;

    [Theory]
    [InlineData(InfluxApi.V1, "", Policies, 720)]
    [InlineData(InfluxApi.V1, "month", Policies, 720)]
    [InlineData(InfluxApi.V1, "autogen", Policies, 0)]
    [InlineData(InfluxApi.V1, "none", Policies, -1)]
    [InlineData(InfluxApi.V1, "", """{"results":[{"error":"database not found: b"}]}""", -1)]
    [InlineData(InfluxApi.V2, "", """{"buckets":[{"name":"b","retentionRules":[{"everySeconds":7200}]}]}""", 2)]
    [InlineData(InfluxApi.V2, "", """{"buckets":[{"name":"b","retentionRules":[]}]}""", 0)]
    [InlineData(InfluxApi.V2, "", """{"buckets":[]}""", -1)]
    [InlineData(InfluxApi.VictoriaMetrics, "", "flag{name=\"retentionPeriod\", value=\"1\", is_set=\"false\"} 1", 744)]
    [InlineData(InfluxApi.VictoriaMetrics, "", "flag{name=\"retentionPeriod\", value=\"10d\", is_set=\"true\"} 1", 240)]
    [InlineData(InfluxApi.VictoriaMetrics, "", "vm_rows 1", -1)]
    [InlineData(InfluxApi.V3, "", "", -1)]
    [InlineData(InfluxApi.V2, "", "<html>", -1)]
    public async Task How_long_points_are_kept_is_read_or_unknown(
        InfluxApi api, string policy, string answer, double hours)
    {
        TimeSpan? found = await AskAsync(new Server((HttpStatusCode.OK, answer)), api, policy);
        Assert.Equal(hours < 0 ? null : TimeSpan.FromHours(hours), found);
    }

    [Fact]
    public async Task A_server_that_does_not_say_leaves_it_unknown()
    {
        Assert.Null(await AskAsync(new Server((HttpStatusCode.Unauthorized, "no")), InfluxApi.V2, ""));
        Assert.Null(await AskAsync(new Server(), InfluxApi.V1, ""));
    }

    [Fact]
    public async Task A_database_is_created_by_its_name_as_it_is()
    {
        var server = new Server((HttpStatusCode.OK, """{"results":[{"statement_id":0}]}"""));
        using var setup = new InfluxSetup(
            new InfluxOptions { Url = "http://db", Api = InfluxApi.V1, Bucket = "a\"b" }, server);
        Assert.Null(await setup.CreateAsync(default));
        Assert.Equal(["POST http://db/query?q=CREATE DATABASE \"a\\\"b\""], server.Requests);

        var strict = new Server((HttpStatusCode.OK, """{"results":[{"error":"not allowed"}]}"""));
        using var refused = new InfluxSetup(new InfluxOptions { Url = "http://db", Api = InfluxApi.V1 }, strict);
        Assert.Contains("not allowed", await refused.CreateAsync(default), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_is_created_in_its_organisation()
    {
        var server = new Server(
            (HttpStatusCode.OK, """{"orgs":[{"id":"0a","name":"mine"}]}"""), (HttpStatusCode.Created, "{}"));
        using var setup = new InfluxSetup(
            new InfluxOptions { Url = "http://db", Api = InfluxApi.V2, Bucket = "b", Org = "mine" }, server);
        Assert.Null(await setup.CreateAsync(default));
        Assert.Equal(["GET http://db/api/v2/orgs?org=mine", "POST http://db/api/v2/buckets"], server.Requests);
        Assert.Equal("""{"orgID":"0a","name":"b","retentionRules":[]}""", server.LastBody);
    }

    [Fact]
    public void Oldest_goes_by_the_servers_clock_and_leaves_an_hour()
    {
        var time = new HurriedTime();
        time.Advance(TimeSpan.FromDays(20_000));
        var retention = new ServerRetention(time);
        retention.Learn(TimeSpan.FromDays(30));
        Assert.Equal(long.MinValue, retention.Oldest); // its clock is not known yet

        DateTimeOffset there = time.GetUtcNow().AddDays(-400);
        retention.NoteServerTime(there);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(Model.Timestamp.From(there.AddDays(1 - 30).AddHours(-1)), retention.Oldest);

        retention.Learn(TimeSpan.Zero);
        Assert.Equal((long.MinValue, null), (retention.Oldest, retention.Keeps));
    }

    private static async Task<TimeSpan?> AskAsync(Server server, InfluxApi api, string policy)
    {
        using var setup = new InfluxSetup(
            new InfluxOptions { Url = "http://db", Api = api, Bucket = "b", RetentionPolicy = policy }, server);
        return await setup.AskRetentionAsync(default);
    }

    private sealed class Server(params (HttpStatusCode Status, string Words)[] answers) : HttpMessageHandler
    {
        private int _next;

        public List<string> Requests { get; } = [];

        public string LastBody { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add($"{request.Method} {Uri.UnescapeDataString(request.RequestUri!.AbsoluteUri)}");
            LastBody = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : "";
            if (_next == answers.Length)
            {
                throw new HttpRequestException("connection refused");
            }

            (HttpStatusCode status, string words) = answers[_next++];
            return new HttpResponseMessage(status) { Content = new StringContent(words) };
        }
    }
}
