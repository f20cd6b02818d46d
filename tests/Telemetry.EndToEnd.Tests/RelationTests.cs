using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

/// <summary>A pump whose current and flow go together, until they do not.</summary>
public sealed class RelationTests : ServiceTests
{
    private const int RowsLearnt = 1_008; // 0.7 days of minutes
    private const int RowsBeforeTheKill = 700;
    private const string Site = """
        site: test
        equipment:
          PU:
            name: Pump
            signals:
              current: {unit: A, range: [0, 200], period: 60, silence: 0, anomalies: false}
              flow: {unit: m3/h, range: [0, 200], period: 60, silence: 0, anomalies: false}
        assets:
          - {id: P-1, type: PU, relations: {signals: [current, flow], learn: 0.7}}
          - {id: P-2, type: PU}
        routes:
          - {name: all, topic: "#", decoder: line-protocol}
        """;

    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow.AddMinutes(-2_000);
    private int _row;

    private protected override string SiteText => Site;

    private protected override string[] Arguments => JudgingHistory;

    [Fact]
    public async Task A_relation_that_breaks_is_a_notice_though_the_service_was_killed_while_it_learned()
    {
        await WriteAsync(RowsBeforeTheKill, flowFollows: true);
        await RestartAfterKillAsync();
        await WriteAsync(RowsLearnt + 100 - RowsBeforeTheKill, flowFollows: true);
        await WriteAsync(100, flowFollows: false);

        JsonElement notices = await Until.Async(
            "a notice", () => Service.JsonAsync("/api/notices"), found => found.GetArrayLength() > 0);
        JsonElement notice = Assert.Single(notices.EnumerateArray());
        Assert.Equal("P-1.relations", notice.GetProperty("signal").GetString());
        string why = notice.GetProperty("why").GetString()!;
        Assert.StartsWith($"the signals of P-1 do not go together as they did in the {RowsLearnt} rows learnt", why);
        Assert.Contains(" in place of ", why, StringComparison.Ordinal);
        Assert.Empty((await Service.JsonAsync("/alarms")).EnumerateArray());
        string metrics = await Service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("telemetry_detection_relation_rows_total{fate=\"judged\"} ", metrics, StringComparison.Ordinal);

        using HttpResponseMessage said = await Service.Http.PostAsJsonAsync(
            new Uri("/api/verdicts", UriKind.Relative),
            new { finding = notice.GetProperty("finding").GetInt64(), verdict = "true", @operator = "Bat" });
        using JsonDocument verdict = JsonDocument.Parse(await said.Content.ReadAsStringAsync());
        Assert.True(verdict.RootElement.GetProperty("callsNobody").GetBoolean());
        Assert.StartsWith("none: relations", verdict.RootElement.GetProperty("effect").GetString());
    }

    private async Task WriteAsync(int rows, bool flowFollows)
    {
        var lines = new StringBuilder();
        for (int i = 0; i < rows; i++, _row++)
        {
            double load = 10 * Math.Sin(_row / 10.0);
            double flow = 100 + (flowFollows ? load : -load);
            long time = _start.AddMinutes(_row).ToUnixTimeSeconds();
            foreach (string asset in new[] { "P-1", "P-2" })
            {
                string values = string.Create(
                    CultureInfo.InvariantCulture, $"current={90 + load:0.000},flow={flow:0.000}");
                lines.Append(CultureInfo.InvariantCulture, $"PU,asset={asset} {values} {time}\n");
            }
        }

        await Service.WriteAsync(lines.ToString());
    }
}
