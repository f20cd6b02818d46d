using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Telemetry.Ingestion.Tests;

/// <summary>An InfluxDB that answers as told and keeps what it accepted.</summary>
internal sealed class ScriptedInflux : HttpMessageHandler
{
    private readonly Queue<(HttpStatusCode Status, TimeSpan? RetryAfter, string Words)> _script = new();

    /// <summary>Lines that hold this text are refused, and everything sent with them.</summary>
    public string Refuses { get; set; } = "\0";

    /// <summary>What it says then.</summary>
    public string RefusalWords { get; set; } = """{"error":"partial write: unable to parse 'x': y dropped=0"}""";

    /// <summary>What it answers to questions.</summary>
    public Func<string, HttpResponseMessage> Answers { get; set; } =
        _ => new HttpResponseMessage(HttpStatusCode.MethodNotAllowed);

    /// <summary>What it answers to a body; null for what it would answer otherwise.</summary>
    public Func<string, (HttpStatusCode Status, string Words)?> Judge { get; set; } = _ => null;

    public List<string> Questions { get; } = [];

    /// <summary>Bodies longer than this are too large.</summary>
    public int BytesMax { get; set; } = int.MaxValue;

    /// <summary>Lines with times before this are older than it keeps: it drops them and takes the rest.</summary>
    public long KeepsFrom { get; set; } = long.MinValue;

    /// <summary>Done before each answer.</summary>
    public Func<Task>? OnRequest { get; set; }

    public List<string> Bodies { get; } = [];

    public StringBuilder Accepted { get; } = new();

    public void Answer(HttpStatusCode status, TimeSpan? retryAfter = null, string words = "") =>
        _script.Enqueue((status, retryAfter, words));

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Get || request.RequestUri!.AbsolutePath is "/query" or "/api/v2/buckets")
        {
            Questions.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
            return Answers(request.RequestUri!.PathAndQuery);
        }

        string body = await request.Content!.ReadAsStringAsync(cancellationToken);
        Bodies.Add(body);
        await (OnRequest?.Invoke() ?? Task.CompletedTask);
        if (_script.TryDequeue(out (HttpStatusCode Status, TimeSpan? RetryAfter, string Words) told))
        {
            var answer = new HttpResponseMessage(told.Status) { Content = new StringContent(told.Words) };
            answer.Headers.RetryAfter = told.RetryAfter is { } wait ? new RetryConditionHeaderValue(wait) : null;
            return answer;
        }

        if (Judge(body) is { } judged)
        {
            return new HttpResponseMessage(judged.Status) { Content = new StringContent(judged.Words) };
        }

        if (body.Length > BytesMax)
        {
            return new HttpResponseMessage(HttpStatusCode.RequestEntityTooLarge);
        }

        if (body.Contains(Refuses, StringComparison.Ordinal))
        {
            return new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent(RefusalWords) };
        }

        if (KeepsFrom > long.MinValue)
        {
            return TakeWhatIsKept(body);
        }

        Accepted.Append(body);
        return new HttpResponseMessage(HttpStatusCode.NoContent);
    }

    private HttpResponseMessage TakeWhatIsKept(string body)
    {
        string[] lines = body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] kept = [.. lines.Where(line => TimeOf(line) >= KeepsFrom)];
        Accepted.Append(string.Concat(kept.Select(line => line + "\n")));
        if (kept.Length == lines.Length)
        {
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        }

        int dropped = lines.Length - kept.Length;
        return new HttpResponseMessage(HttpStatusCode.BadRequest)
        {
            Content = new StringContent(
                $$"""{"error":"partial write: points beyond retention policy dropped={{dropped}}"}"""),
        };
    }

    private static long TimeOf(string line) =>
        long.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture);
}
