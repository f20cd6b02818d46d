using System.Globalization;
using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

/// <summary>What a real InfluxDB 1.6 is spared, and what one bad point costs.</summary>
public sealed class InfluxFirewallTests : InfluxTests
{
    /// <summary>Either of them ends the process of InfluxDB 1.6.7.</summary>
    private static readonly string[] DeadlyLines = ["m \\\\=\"=\"", "m \\0=\",\"=3,\"=\""];

    private protected override string[] Settings => ["Influx:Bucket=telemetry", "Influx:BatchBytes=16000000"];

    [Fact]
    public async Task One_bad_point_in_five_thousand_costs_one_point_and_its_like_are_not_sent_again()
    {
        await Influx.WriteAsync("odd v=\"text\" 1");
        const int Count = 5_000;
        await Service.PublishAsync("any", string.Concat(Enumerable.Range(1, Count).Select(i =>
            i == 3_210 ? $"odd v={i} {i}\n" : $"pump,n=a v={i} {i}\n")));

        await Influx.ExpectAsync("SELECT count(v) FROM pump", Count - 1);
        await Influx.ExpectAsync("SELECT sum(v) FROM pump", (Count * (Count + 1.0) / 2) - 3_210);
        await Service.ExpectMetricAsync("telemetry_influx_lines_refused_total ", 1);
        await Service.ExpectMetricAsync("telemetry_influx_lines_accepted_total ", Count - 1);
        Assert.InRange(await Service.MetricAsync("telemetry_influx_requests_total "), 2, 10);
        JsonElement apart = Assert.Single(await SetApartAsync());
        Assert.Equal(("odd", "TypeConflict"), (Text(apart, "series"), Text(apart, "reason")));
        Assert.Contains("already exists as type string", Text(apart, "words"), StringComparison.Ordinal);

        await RestartAfterKillAsync();
        await Service.PublishAsync("any", "odd v=2 2\npump,n=b v=1 1");
        await Influx.ExpectAsync("SELECT count(v) FROM pump WHERE n = 'b'", 1);
        await Service.ExpectMetricAsync("telemetry_influx_points_withheld_total ", 1);
        await Service.ExpectMetricAsync("telemetry_influx_lines_refused_total ", 0);
        await Service.ExpectAsync("SELECT count(v) FROM odd", 2);
    }

    [Fact]
    public async Task Lines_that_end_InfluxDB_never_reach_it_and_those_beside_them_do()
    {
        foreach (string line in DeadlyLines)
        {
            await Service.PublishAsync("any", line + " 1\n"); // to the quarantine
        }

        await Service.PublishAsync("any", """{"\\\\": 5}"""); // the same key, where it is well-formed
        await Service.PublishAsync("any", "pump v=1 1");
        await Service.PublishAsync("any", "pump,time=now v=2 2\npump time=3,v=3 3\npump v=4 4");
        await Service.PublishAsync("any", "pump n=18446744073709551615u 5\npump n=7u 6");

        await Influx.ExpectAsync("SELECT count(v) FROM pump", 2);
        await Influx.ExpectAsync("SELECT last(n) FROM pump", 7);
        await Service.ExpectMetricAsync("telemetry_influx_points_withheld_total ", 4);
        await Service.ExpectMetricAsync("telemetry_influx_lines_refused_total ", 0);
        Assert.Contains(await SetApartAsync(), apart => Text(apart, "words").Contains("backslash: InfluxDB 1.x ends"));
        Assert.False(Influx.HasExited);
        await Service.ExpectAsync("SELECT count(v) FROM pump", 4);

        await Influx.EndByAsync(DeadlyLines[0]); // else the test would prove nothing
    }

    [Fact]
    public async Task Points_older_than_it_keeps_are_not_sent_once_it_has_said_so()
    {
        await Influx.CommandAsync("ALTER RETENTION POLICY autogen ON telemetry DURATION 30d");
        await Service.PublishAsync("any", "pump v=1");
        await Influx.ExpectAsync("SELECT count(v) FROM pump", 1);
        JsonElement status = await Service.JsonAsync("/api/influx");
        Assert.Equal(720, status.GetProperty("retentionHours").GetDouble());

        await Service.PublishAsync("any", "fan v=1 1000\npump v=2");
        await Influx.ExpectAsync("SELECT count(v) FROM pump", 2);
        await Service.ExpectMetricAsync("telemetry_influx_points_withheld_total ", 1);
        await Service.ExpectMetricAsync("telemetry_influx_lines_beyond_retention_total ", 0);
        Assert.Equal("BeyondRetention", Text(Assert.Single(await SetApartAsync()), "reason"));
    }

    [Fact]
    public async Task Each_point_is_accounted_for_whatever_became_of_it_and_over_a_kill()
    {
        await Influx.WriteAsync("odd v=\"text\" 1");
        await Service.PublishAsync("any", "pump v=1 1\nodd v=2 2\nm a\\b=1 3");
        await Influx.ExpectAsync("SELECT count(v) FROM pump", 1);
        await RestartAfterKillAsync();
        const int Count = 2_000;
        for (int start = 0; start < Count; start += 100)
        {
            await Service.PublishAsync("any", string.Concat(
                Enumerable.Range(start, 100).Select(i => $"belt v={i} {i + 1}\n")));
            if (start == 1_000)
            {
                await RestartAfterKillAsync();
            }
        }

        await Influx.ExpectAsync("SELECT count(v) FROM belt", Count);
        JsonElement ledger = await Until.Async(
            "the ledger has all points",
            async () => (await Service.JsonAsync("/api/influx")).GetProperty("ledger"),
            found => found.GetProperty("points").GetInt64() == Count + 3);
        JsonElement messages = await Service.JsonAsync("/api/ledger");
        long stored = messages.GetProperty("rows").EnumerateArray().Sum(row => row.GetProperty("stored").GetInt64());
        Assert.Equal(stored, ledger.GetProperty("points").GetInt64());
        Assert.Equal(
            (Count + 1, 2), // what was refused before the kill may have been withheld behind it
            (Number(ledger, "stored"), Number(ledger, "refused") + Number(ledger, "withheld")));
        Assert.True(ledger.GetProperty("closes").GetBoolean());
    }

    [Fact]
    public async Task Queries_are_passed_on_when_asked_for_but_for_such_as_change_something()
    {
        await Influx.WriteAsync("elsewhere v=42 1");

        Assert.Contains("42", await AskAsync("SELECT v FROM elsewhere"), StringComparison.Ordinal);
        Assert.Contains("elsewhere", await AskAsync("SHOW MEASUREMENTS"), StringComparison.Ordinal);
        string own = await Service.TextAsync(PathOf("SELECT v FROM elsewhere"));
        Assert.DoesNotContain("42", own, StringComparison.Ordinal);
        Assert.Contains("only reading", await AskAsync("DROP MEASUREMENT elsewhere"), StringComparison.Ordinal);
        Assert.Contains("only reading", await AskAsync("SELECT v INTO b FROM elsewhere"), StringComparison.Ordinal);
        await Influx.KillAsync();
        Assert.Contains("cannot ask InfluxDB", await AskAsync("SHOW MEASUREMENTS"), StringComparison.Ordinal);
    }

    private static string PathOf(string statement) => $"/query?db=telemetry&q={Uri.EscapeDataString(statement)}";

    private async Task<string> AskAsync(string statement)
    {
        var address = new Uri(PathOf(statement) + "&source=influx", UriKind.Relative);
        using HttpResponseMessage answer = await Service.Http.GetAsync(address);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<JsonElement[]> SetApartAsync() =>
        [.. (await Service.JsonAsync("/api/influx")).GetProperty("setApart").EnumerateArray()];

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static int Number(JsonElement element, string name) =>
        int.Parse(element.GetProperty(name).ToString(), CultureInfo.InvariantCulture);
}
