using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace Telemetry.Influx;

/// <summary>One write request and its verdict. Keeps no queue: the cursor of whoever calls it is the queue.</summary>
public sealed partial class InfluxWriter : IDisposable
{
    private const int ErrorTextBytesMax = 2_000; // what of a server's words is worth keeping
    private readonly HttpClient _client;
    private readonly InfluxOptions _options;
    private readonly Uri _target;
    private readonly TimeProvider _time;

    /// <param name="options">Where and how.</param>
    /// <param name="transport">The transport; null for the network.</param>
    /// <param name="time">What a server's date is held against; null for the machine's clock.</param>
    public InfluxWriter(InfluxOptions options, HttpMessageHandler? transport = null, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _options = options;
        _target = TargetOf(options);
        _client = new HttpClient(transport ?? new SocketsHttpHandler(), disposeHandler: transport is null)
        {
            Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
        };
        if (options.Token.Length > 0)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", options.Token);
        }
        else if (options.User.Length > 0)
        {
            byte[] pair = Encoding.UTF8.GetBytes($"{options.User}:{options.Password}");
            _client.DefaultRequestHeaders.Authorization =
                new AuthenticationHeaderValue("Basic", Convert.ToBase64String(pair));
        }
    }

    /// <summary>Sends lines with nanosecond times.</summary>
    public async Task<WriteOutcome> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        try
        {
            using HttpContent content = ContentOf(lines);
            using HttpResponseMessage answer = await _client.PostAsync(_target, content, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return new WriteOutcome(WriteVerdict.Accepted, "", null);
            }

            string text = await answer.Content.ReadAsStringAsync(cancellationToken);
            WriteVerdict verdict = VerdictOf(answer.StatusCode);
            int dropped = verdict == WriteVerdict.Refused ? DroppedIn(text) : 0;
            return new WriteOutcome(
                dropped > 0 ? WriteVerdict.BeyondRetention : verdict,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"HTTP {(int)answer.StatusCode}: {text[..Math.Min(text.Length, ErrorTextBytesMax)].Trim()}"),
                RetryAfterOf(answer.Headers),
                dropped);
        }
        catch (HttpRequestException cause)
        {
            return new WriteOutcome(WriteVerdict.TryLater, cause.Message, null);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WriteOutcome(
                WriteVerdict.TryLater,
                string.Create(CultureInfo.InvariantCulture, $"no answer within {_options.TimeoutSeconds} s"),
                null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static Uri TargetOf(InfluxOptions options)
    {
        string bucket = Uri.EscapeDataString(options.Bucket);
        string path = options.Api == InfluxApi.V1
            ? $"/write?db={bucket}&precision=ns"
            : $"/api/v2/write?bucket={bucket}&org={Uri.EscapeDataString(options.Org)}&precision=ns";
        return new Uri(options.Url.TrimEnd('/') + path);
    }

    private static WriteVerdict VerdictOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => WriteVerdict.Refused,
        HttpStatusCode.RequestEntityTooLarge => WriteVerdict.TooLarge,
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout => WriteVerdict.TryLater,
        >= HttpStatusCode.InternalServerError => WriteVerdict.TryLater,
        _ => WriteVerdict.NotAllowed,
    };

    /// <summary>
    /// What InfluxDB 1.x and 2.x say of points that no retention policy takes. They have stored the rest by then; a
    /// fault in another point would be told instead.
    /// </summary>
    [GeneratedRegex(@"points beyond retention policy dropped=(\d{1,9})", RegexOptions.CultureInvariant)]
    private static partial Regex BeyondRetentionPattern();

    private static int DroppedIn(string text) => BeyondRetentionPattern().Match(text) is { Success: true } match
        ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
        : 0;

    /// <summary>
    /// Seconds, or a date (RFC 9110, 10.2.3), which is held against the server's own clock when it tells it.
    /// </summary>
    private TimeSpan? RetryAfterOf(HttpResponseHeaders headers) => headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } until } => until - (headers.Date ?? _time.GetUtcNow()),
        _ => null,
    };

    private ReadOnlyMemoryContent ContentOf(ReadOnlyMemory<byte> lines)
    {
        if (!_options.Gzip)
        {
            return new ReadOnlyMemoryContent(lines);
        }

        var packed = new MemoryStream(lines.Length / 3);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(lines.Span);
        }

        var content = new ReadOnlyMemoryContent(packed.GetBuffer().AsMemory(0, (int)packed.Length));
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}
