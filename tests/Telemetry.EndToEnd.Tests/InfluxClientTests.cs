using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

public sealed class InfluxClientTests : ServiceTests
{
    [Fact]
    public async Task The_influx_shell_lists_measurements_and_reads_values()
    {
        const string lines = "crusher,asset=CR-201 temp=61.5 1\nmill power=7 1";
        await RequireAsync(HttpStatusCode.NoContent, "/write?db=telemetry", lines);

        string measurements = await ShellAsync("SHOW MEASUREMENTS");
        Assert.Contains("crusher", measurements, StringComparison.Ordinal);
        Assert.Contains("mill", measurements, StringComparison.Ordinal);
        Assert.Contains("61.5", await ShellAsync("SELECT temp FROM crusher"), StringComparison.Ordinal);
        Assert.Contains("CR-201", await ShellAsync("SHOW TAG VALUES WITH KEY = asset"), StringComparison.Ordinal);
        Assert.Contains("telemetry", await ShellAsync("SHOW DATABASES"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/write?db=telemetry", false)]
    [InlineData("/write?db=telegraf", false)]
    [InlineData("/write?db=telemetry&precision=ns", true)]
    [InlineData("/api/v2/write?bucket=telemetry&org=any", false)]
    [InlineData("/api/v2/write?bucket=telemetry&org=any&precision=ns", true)]
    public async Task What_was_written_is_in_the_next_answer(string path, bool isCompressed)
    {
        for (int i = 1; i <= 20; i++)
        {
            await RequireAsync(HttpStatusCode.NoContent, path, $"pump v={i} {i}", isCompressed);
            JsonElement[] rows = await Service.RowsAsync("SELECT count(v), last(v) FROM pump");
            Assert.Equal(i, rows[0][1].GetInt32());
            Assert.Equal(i, rows[0][2].GetInt32());
        }
    }

    [Fact]
    public async Task A_partly_bad_body_is_answered_400_and_its_good_lines_are_stored()
    {
        string error = await RequireAsync(
            HttpStatusCode.BadRequest, "/write?db=telemetry", "pump v=1 1\nthis is no line\npump v=3 3");

        Assert.Contains("unable to parse", error, StringComparison.Ordinal);
        Assert.Contains("this is no line", error, StringComparison.Ordinal);
        await Service.ExpectAsync("SELECT count(v) FROM pump", 2);
    }

    [Theory]
    [InlineData("/write?db=elsewhere")]
    [InlineData("/api/v2/write?bucket=elsewhere")]
    public async Task An_unknown_database_is_answered_404_with_the_names_there_are(string path)
    {
        string error = await RequireAsync(HttpStatusCode.NotFound, path, "pump v=1 1");

        Assert.Contains("database not found: \"elsewhere\"", ErrorOf(error), StringComparison.Ordinal);
        Assert.Contains("telemetry", error, StringComparison.Ordinal);
        Assert.Contains("telegraf", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_of_an_unknown_database_is_refused_in_the_words_of_InfluxDB()
    {
        JsonElement answer = await Service.QueryAsync("SELECT v FROM pump", "elsewhere");

        Assert.Contains("database not found", answer.ToString(), StringComparison.Ordinal);
        Assert.Contains("telemetry", answer.ToString(), StringComparison.Ordinal);
    }

    private Task<string> ShellAsync(string statement) => ToolRun.RunAsync(
        "influx",
        ["-host", "127.0.0.1", "-port", $"{Service.HttpPort}", "-database", "telemetry", "-execute", statement]);

    private async Task<string> RequireAsync(
        HttpStatusCode status, string path, string lines, bool isCompressed = false)
    {
        using HttpContent content = isCompressed ? Compress(lines) : new StringContent(lines);
        using HttpResponseMessage answer = await Service.Http.PostAsync(new Uri(path, UriKind.Relative), content);
        string body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{path}: {answer.StatusCode}: {body}");
        return body;
    }

    private static string ErrorOf(string body)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("error").GetString()!;
    }

    private static ByteArrayContent Compress(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        var content = new ByteArrayContent(bytes.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}
