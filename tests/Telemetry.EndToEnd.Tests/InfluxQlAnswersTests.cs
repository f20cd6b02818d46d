using System.Net;
using System.Net.Http.Headers;
using Telemetry.EndToEnd.Tests.Queries;

namespace Telemetry.EndToEnd.Tests;

/// <summary>The same points and the same questions to a real influxd and to the service: the same answers.</summary>
public sealed class InfluxQlAnswersTests : ServiceTests
{
    private const int Seed = 7;
    private const int GeneratedNightly = 1_000;
    private const int StatementsInCi = 60;

    private InfluxServer _influx = null!;

    private static bool IsNightly => Environment.GetEnvironmentVariable("TELEMETRY_NIGHTLY") == "1";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _influx = await InfluxServer.StartAsync(Directory.Path);
        string lines = string.Join('\n', QueryPoints.Lines());
        await _influx.WriteAsync(lines);
        using var content = new StringContent(lines);
        using HttpResponseMessage answer =
            await Service.Http.PostAsync(new Uri("/write?db=telemetry", UriKind.Relative), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public override async Task DisposeAsync()
    {
        await _influx.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Statements_are_answered_as_influxd_answers_them()
    {
        var generator = new StatementGenerator(Seed);
        string[] all =
            [.. LinesOf("Statements.txt"), .. Enumerable.Range(0, GeneratedNightly).Select(_ => generator.Next())];
        int step = IsNightly ? 1 : all.Length / StatementsInCi;

        await RequireSameAsync(all
            .Where((_, i) => i % step == 0)
            .Select(statement => $"GET /query?db=telemetry&epoch=ns&q={statement}"));
    }

    [Fact]
    public Task Requests_of_clients_are_answered_as_influxd_answers_them() =>
        RequireSameAsync(LinesOf("ClientRequests.txt"));

    private async Task RequireSameAsync(IEnumerable<string> requests)
    {
        var differences = new List<string>();
        foreach (string request in requests)
        {
            (HttpStatusCode Status, string? Type, string Body) expected = await AnswerAsync(_influx.Http, request);
            (HttpStatusCode Status, string? Type, string Body) found = await AnswerAsync(Service.Http, request);
            string difference = (expected.Status, expected.Type) == (found.Status, found.Type)
                ? AnswerComparison.FirstDifference(expected.Body, found.Body)
                : $"influxd {expected}, here {found}";
            if (difference.Length > 0)
            {
                differences.Add($"{request}\n    {difference}\n");
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static IEnumerable<string> LinesOf(string name) => File
        .ReadLines(Path.Combine(RunningService.Repository, "tests", "Telemetry.EndToEnd.Tests", "Queries", name))
        .Where(line => line.Length > 0 && line[0] != '#');

    /// <summary>Sends a request written as in ClientRequests.txt.</summary>
    private static async Task<(HttpStatusCode Status, string? Type, string Body)> AnswerAsync(
        HttpClient client, string request)
    {
        string[] parts = request.Split(' ', 2);
        string[] pathAndBody = parts[1].Split(" | ");
        string[] path = pathAndBody[0].Split('?', 2);
        using var message = new HttpRequestMessage(
            parts[0] == "POST" ? HttpMethod.Post : HttpMethod.Get,
            new Uri($"{path[0]}?{Escaped(path[1])}", UriKind.Relative));
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(
            parts[0] == "CSV" ? "application/csv" : "application/json"));
        if (pathAndBody.Length > 1)
        {
            message.Content = new StringContent(
                Escaped(pathAndBody[1]), new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        }

        using HttpResponseMessage answer = await client.SendAsync(message);
        return (
            answer.StatusCode,
            answer.Content.Headers.ContentType?.MediaType,
            await answer.Content.ReadAsStringAsync());
    }

    private static string Escaped(string parameters) => string.Join(
        '&', parameters.Split('&').Select(parameter => parameter.Split('=', 2))
            .Select(pair => $"{pair[0]}={Uri.EscapeDataString(pair[1])}"));
}
