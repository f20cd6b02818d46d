using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Telemetry.Influx;

/// <summary>
/// What a server is asked besides writes: how long it keeps points, and to create the database or bucket. As documented
/// for InfluxDB 1.x and 2.x; InfluxDB 3.x makes databases by itself, and VictoriaMetrics has none.
/// </summary>
/// <param name="options">Where and how.</param>
/// <param name="transport">The transport; null for the network.</param>
public sealed partial class InfluxSetup(InfluxOptions options, HttpMessageHandler? transport = null) : IDisposable
{
    private readonly InfluxConnection _connection = new(options, transport);

    /// <summary>How long points are kept, zero for ever; null when the server does not say.</summary>
    public async Task<TimeSpan?> AskRetentionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return options.Api switch
            {
                InfluxApi.V1 => RetentionInV1(await QueryAsync(HttpMethod.Get, ShowPolicies, cancellationToken)),
                InfluxApi.V2 => RetentionInV2(await GetAsync(BucketPath, cancellationToken)),
                InfluxApi.VictoriaMetrics => RetentionInFlags(await GetAsync("/metrics", cancellationToken)),
                _ => null,
            };
        }
        catch (Exception cause) when (IsNoAnswer(cause, cancellationToken))
        {
            return null;
        }
    }

    /// <summary>Creates the database or bucket.</summary>
    /// <returns>Null when it is there now; else the server's words, or the network's.</returns>
    public async Task<string?> CreateAsync(CancellationToken cancellationToken)
    {
        try
        {
            switch (options.Api)
            {
                case InfluxApi.V1:
                    string answer = await QueryAsync(
                        HttpMethod.Post, $"CREATE DATABASE {Quoted(options.Bucket)}", cancellationToken);
                    return answer.Contains("\"error\"", StringComparison.Ordinal) ? answer.Trim() : null;
                case InfluxApi.V2:
                    return await CreateBucketAsync(cancellationToken);
                default:
                    return "this server has no way to create one";
            }
        }
        catch (Exception cause) when (IsNoAnswer(cause, cancellationToken))
        {
            return cause.Message;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private string ShowPolicies => $"SHOW RETENTION POLICIES ON {Quoted(options.Bucket)}";

    private string BucketPath =>
        $"/api/v2/buckets?name={Uri.EscapeDataString(options.Bucket)}&org={Uri.EscapeDataString(options.Org)}";

    /// <summary>Of the policy that is written to.</summary>
    private TimeSpan? RetentionInV1(string answer)
    {
        using JsonDocument document = JsonDocument.Parse(answer);
        JsonElement series = document.RootElement.GetProperty("results")[0].GetProperty("series")[0];
        string[] columns = [.. series.GetProperty("columns").EnumerateArray().Select(column => $"{column}")];
        int name = Array.IndexOf(columns, "name");
        int duration = Array.IndexOf(columns, "duration");
        int isDefault = Array.IndexOf(columns, "default");
        foreach (JsonElement policy in series.GetProperty("values").EnumerateArray())
        {
            bool isOurs = options.RetentionPolicy.Length > 0
                ? policy[name].GetString() == options.RetentionPolicy
                : policy[isDefault].GetBoolean();
            if (isOurs)
            {
                return DurationOf(policy[duration].GetString()!);
            }
        }

        return null;
    }

    private static TimeSpan? RetentionInV2(string answer)
    {
        using JsonDocument document = JsonDocument.Parse(answer);
        JsonElement buckets = document.RootElement.GetProperty("buckets");
        if (buckets.GetArrayLength() != 1)
        {
            return null;
        }

        JsonElement rules = buckets[0].GetProperty("retentionRules");
        return rules.GetArrayLength() == 0
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds(rules[0].GetProperty("everySeconds").GetInt64());
    }

    /// <summary>VictoriaMetrics: a number is of months, taken to be 31 days; else it has a unit.</summary>
    private static TimeSpan? RetentionInFlags(string answer)
    {
        Match flag = RetentionFlag().Match(answer);
        if (!flag.Success)
        {
            return null;
        }

        double count = double.Parse(flag.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return flag.Groups[2].Value switch
        {
            "h" => TimeSpan.FromHours(count),
            "d" => TimeSpan.FromDays(count),
            "w" => TimeSpan.FromDays(count * 7),
            "y" => TimeSpan.FromDays(count * 365),
            _ => TimeSpan.FromDays(count * 31),
        };
    }

    private async Task<string?> CreateBucketAsync(CancellationToken cancellationToken)
    {
        string orgs = await GetAsync($"/api/v2/orgs?org={Uri.EscapeDataString(options.Org)}", cancellationToken);
        using JsonDocument document = JsonDocument.Parse(orgs);
        string id = document.RootElement.GetProperty("orgs")[0].GetProperty("id").GetString()!;
        byte[] wanted = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["orgID"] = id,
            ["name"] = options.Bucket,
            ["retentionRules"] = Array.Empty<object>(), // for ever
        });
        using var content = new ByteArrayContent(wanted);
        content.Headers.ContentType = new("application/json");
        using HttpResponseMessage answer = await _connection.Client.PostAsync(
            _connection.AddressOf("/api/v2/buckets"), content, cancellationToken);
        string text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? null : $"HTTP {(int)answer.StatusCode}: {text.Trim()}";
    }

    private Task<string> QueryAsync(HttpMethod method, string statement, CancellationToken cancellationToken) =>
        AskAsync(method, "/query?q=" + Uri.EscapeDataString(statement), cancellationToken);

    private Task<string> GetAsync(string path, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, path, cancellationToken);

    private async Task<string> AskAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, _connection.AddressOf(path));
        using HttpResponseMessage answer = await _connection.Client.SendAsync(request, cancellationToken);
        string text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode
            ? text
            : throw new HttpRequestException($"HTTP {(int)answer.StatusCode}: {text.Trim()}");
    }

    private static bool IsNoAnswer(Exception cause, CancellationToken cancellationToken) =>
        cause is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException
            or IndexOutOfRangeException or FormatException or OverflowException
        || (cause is TaskCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>An identifier of InfluxQL.</summary>
    private static string Quoted(string name)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in name)
        {
            quoted.Append(c is '"' or '\\' ? "\\" : "").Append(c);
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>As Go writes durations: <c>720h0m0s</c>.</summary>
    private static TimeSpan? DurationOf(string text)
    {
        Match match = GoDuration().Match(text);
        return match.Success
            ? TimeSpan.FromSeconds(
                (Number(match.Groups[1]) * 3_600) + (Number(match.Groups[2]) * 60) + Number(match.Groups[3]))
            : null;

        static long Number(Group group) =>
            group.Success ? long.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"^(?:(\d{1,9})h)?(?:(\d{1,2})m)?(?:(\d{1,2})s)?$", RegexOptions.CultureInvariant)]
    private static partial Regex GoDuration();

    [GeneratedRegex(
        """flag\{name="retentionPeriod", ?value="(\d{1,6}(?:\.\d{1,6})?)([hdwy]?)""", RegexOptions.CultureInvariant)]
    private static partial Regex RetentionFlag();
}
