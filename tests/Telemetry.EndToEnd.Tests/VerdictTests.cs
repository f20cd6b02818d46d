using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

/// <summary>
/// A pump whose temperature jumps for half an hour, again and again, and what an operator says of it.
/// </summary>
public sealed class VerdictTests : ServiceTests
{
    private const string Signal = "P-1.temp";
    private const string Alarm = $"{Signal}/ANOMALY";
    private const string Judge = "/api/verdicts";
    private const int WarmUpMinutes = 3_000;
    private const int JumpMinutes = 30;
    private const int CalmMinutes = 300;
    private const int Jumps = 3;
    private const string Site = """
        site: test
        equipment:
          PU:
            name: Pump
            signals:
              temp: {name: Temperature, unit: Cel, range: [0, 200], normal: 50, noise: 0.5, period: 60, silence: 0}
        assets:
          - {id: P-1, type: PU}
        routes:
          - {name: all, topic: "#", decoder: line-protocol}
        """;

    private readonly Random _random = new(1);
    private DateTimeOffset _time;

    private protected override string SiteText => Site;

    private protected override string[] Arguments => JudgingHistory;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _time = DateTimeOffset.UtcNow.AddMinutes(-WarmUpMinutes - (Jumps * (JumpMinutes + CalmMinutes)));
        await WriteAsync(WarmUpMinutes, 50);
    }

    [Fact]
    public async Task What_is_expected_does_not_call_again_until_it_is_revoked_also_over_a_kill_9()
    {
        await JumpAsync();
        Assert.Equal(["alarm"], await LevelsAsync(1));
        JsonElement given = await SendAsync(Judge, new { alarm = Alarm, verdict = "expected", @operator = "Bat" });
        Assert.True(given.GetProperty("inForce").GetBoolean());
        Assert.StartsWith("the same again (above, up to ", given.GetProperty("effect").GetString());

        // A kill may take the last seconds of the audit log, and none of the verdicts.
        string log = Path.Combine(DataDirectory, "access", "audit.jsonl");
        await Until.Async(
            "the verdict is in the audit log",
            () => File.ReadAllTextAsync(log),
            text => text.Contains("\"event\":\"judge\",\"who\":\"Bat\"", StringComparison.Ordinal));
        await RestartAfterKillAsync();
        await JumpAsync();
        Assert.Equal(["held", "alarm"], await LevelsAsync(2));
        JsonElement[] verdicts = [.. (await Service.JsonAsync("/api/verdicts")).EnumerateArray()];
        Assert.Equal(1, Assert.Single(verdicts).GetProperty("heldBack").GetInt64());

        JsonElement revoked = await SendAsync("/api/verdicts/1/revoke", new { @operator = "Saraa" });
        Assert.Equal("none: revoked by Saraa", revoked.GetProperty("effect").GetString());
        await JumpAsync();
        Assert.Equal(["alarm", "held", "alarm"], await LevelsAsync(3));
        JsonElement notices = await Service.JsonAsync("/api/notices?limit=1");
        Assert.Contains("seen before: ", notices[0].GetProperty("why").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_said_is_refused_with_place_cause_and_what_holds_now()
    {
        await JumpAsync();
        Assert.Equal(["alarm"], await LevelsAsync(1));
        await CheckAsync(400, Judge, new { finding = 1, verdict = "true" }, "the operator's name is missing");
        await CheckAsync(400, Judge, new { finding = 1, verdict = "?" }, "expected true, false or expected");
        await CheckAsync(400, Judge, new { alarm = "P-1.temp/HH", verdict = "false" }, "only anomalies are judged");
        await CheckAsync(400, Judge, new { verdict = "false" }, "neither the finding nor its alarm is named");
        await CheckAsync(404, Judge, new { finding = 99, verdict = "false", @operator = "Bat" }, "no finding 99");
        await CheckAsync(404, "/api/verdicts/9/revoke", new { @operator = "Bat" }, "there is no verdict 9");
        await SendAsync(Judge, new { alarm = Alarm, verdict = false, @operator = "Bat" });
        await CheckAsync(409, Judge, new { alarm = Alarm, verdict = true, @operator = "Bat" }, "until verdict 1 is");
        await CheckAsync(415, Judge, "no JSON", "expected Content-Type application/json, found \"text/plain");
        await CheckAsync(400, "/api/findings?level=loud", null, "expected alarm, notice or held as level");
        using var foreign = new HttpRequestMessage(HttpMethod.Post, new Uri(Judge, UriKind.Relative));
        foreign.Headers.Add("Origin", "http://elsewhere.example");
        using HttpResponseMessage answer = await Service.Http.SendAsync(foreign);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private async Task JumpAsync()
    {
        await WriteAsync(JumpMinutes, 65);
        await WriteAsync(CalmMinutes, 50);
    }

    private async Task WriteAsync(int minutes, double mean)
    {
        var lines = new StringBuilder();
        for (int i = 0; i < minutes; i++)
        {
            _time = _time.AddMinutes(1);
            double value = mean + _random.NextDouble();
            lines.Append(
                CultureInfo.InvariantCulture, $"PU,asset=P-1 temp={value:0.000} {_time.ToUnixTimeSeconds()}\n");
        }

        await Service.WriteAsync(lines.ToString());
    }

    /// <summary>Who heard of what was found, newest first, once so much was found and is over.</summary>
    private async Task<string[]> LevelsAsync(int count)
    {
        JsonElement[] findings = await Until.Async(
            $"{count} findings are over",
            async () => (JsonElement[])
            [
                .. (await Service.JsonAsync($"/api/findings?signal={Signal}")).EnumerateArray()
                    .Where(finding => finding.GetProperty("untilMilliseconds").ValueKind == JsonValueKind.Number),
            ],
            found => found.Length >= count);
        return [.. findings.Select(finding => finding.GetProperty("level").GetString()!)];
    }

    private async Task<JsonElement> SendAsync(string path, object request)
    {
        using HttpResponseMessage answer =
            await Service.Http.PostAsJsonAsync(new Uri(path, UriKind.Relative), request);
        string body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, body);
        using JsonDocument document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    private async Task CheckAsync(int status, string path, object? request, string words)
    {
        var address = new Uri(path, UriKind.Relative);
        using var text = new StringContent($"{request}");
        using HttpResponseMessage answer = request switch
        {
            null => await Service.Http.GetAsync(address),
            string => await Service.Http.PostAsync(address, text),
            _ => await Service.Http.PostAsJsonAsync(address, request),
        };
        using JsonDocument document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Contains(words, document.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(status, (int)answer.StatusCode);
    }
}
