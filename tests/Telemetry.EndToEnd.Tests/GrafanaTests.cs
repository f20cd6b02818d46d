using System.Globalization;
using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace Telemetry.EndToEnd.Tests;

/// <summary>The dashboards below deploy/grafana: sound in form, and every statement in them has an answer.</summary>
public sealed class GrafanaTests : ServiceTests
{
    private const string Source = "telemetry";
    private static string Folder { get; } = Path.Combine(RunningService.Repository, "deploy", "grafana");

    [Theory]
    [MemberData(nameof(Dashboards))]
    public async Task Every_statement_of_a_dashboard_is_answered_with_data(string name)
    {
        await WriteSamplesAsync();
        using JsonDocument dashboard = Read(name);
        string asset = "";
        JsonElement variables = dashboard.RootElement.GetProperty("templating").GetProperty("list");
        foreach (JsonElement variable in variables.EnumerateArray())
        {
            JsonElement values = await AskAsync(variable.GetProperty("query").GetString()!);
            asset = values[0].GetProperty("values")[0][1].GetString()!;
        }

        Assert.NotEmpty(asset);
        foreach (string statement in Targets(dashboard).Select(target => target.GetProperty("query").GetString()!))
        {
            JsonElement series = await AskAsync(statement
                .Replace("$timeFilter", "time >= now() - 6h and time <= now()", StringComparison.Ordinal)
                .Replace("$__interval", "20s", StringComparison.Ordinal)
                .Replace("$asset", asset, StringComparison.Ordinal));
            Assert.True(series.GetArrayLength() > 0, $"no data for {statement}");
        }
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void A_dashboard_names_the_provisioned_source_and_its_panels_do_not_overlap(string name)
    {
        using JsonDocument dashboard = Read(name);
        var places = new HashSet<(int X, int Y)>();
        var numbers = new HashSet<int>();
        foreach (JsonElement panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
        {
            Assert.Equal(Source, panel.GetProperty("datasource").GetProperty("uid").GetString());
            Assert.True(numbers.Add(panel.GetProperty("id").GetInt32()));
            JsonElement place = panel.GetProperty("gridPos");
            (int x, int y) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32());
            for (int i = 0; i < place.GetProperty("w").GetInt32(); i++)
            {
                Assert.InRange(x + i, 0, 23);
                Assert.True(places.Add((x + i, y)), $"two panels at {x + i}, {y}");
            }
        }

        IEnumerable<JsonElement> sources = Targets(dashboard).Select(target => target.GetProperty("datasource"));
        Assert.All(sources, source => Assert.Equal(Source, source.GetProperty("uid").GetString()));
    }

    [Fact]
    public void The_provisioned_source_speaks_InfluxQL_to_the_database_there_is()
    {
        var yaml = new YamlStream();
        using var text = new StreamReader(Path.Combine(Folder, "provisioning", "datasources", "telemetry.yaml"));
        yaml.Load(text);
        YamlNode source = yaml.Documents[0].RootNode["datasources"][0];
        YamlNode options = source["jsonData"];
        Assert.Equal((Source, "influxdb"), ($"{source["uid"]}", $"{source["type"]}"));
        Assert.Equal(("InfluxQL", "telemetry"), ($"{options["version"]}", $"{options["dbName"]}"));
    }

    public static TheoryData<string> Dashboards() =>
    [
        .. System.IO.Directory.GetFiles(Path.Combine(Folder, "dashboards"))
            .Select(path => Path.GetFileName(path))
            .Order(),
    ];

    private static JsonDocument Read(string name) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "dashboards", name)));

    private static IEnumerable<JsonElement> Targets(JsonDocument dashboard) =>
        dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray());

    private async Task<JsonElement> AskAsync(string statement)
    {
        string answer = await Service.TextAsync($"/query?db=telemetry&epoch=ms&q={Uri.EscapeDataString(statement)}");
        JsonElement result = JsonDocument.Parse(answer).RootElement.GetProperty("results")[0];
        Assert.False(result.TryGetProperty("error", out JsonElement error), $"{statement}: {error}");
        return result.TryGetProperty("series", out JsonElement series) ? series : default;
    }

    /// <summary>What the dashboards ask of the two measurements.</summary>
    private async Task WriteSamplesAsync()
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string lines = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            CR1,asset=CR-201 motor_current=92,motor_power=48,bearing_de_temp=58,bearing_nde_temp=56 {now - 60}
            WX,asset=WX-001 air_temp=-31,wind_speed=2.4,wind_gust=5,rel_humidity=60 {now - 60}

            """);
        await Service.WriteAsync(lines);
    }
}
