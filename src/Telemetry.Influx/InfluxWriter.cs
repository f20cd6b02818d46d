using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Telemetry.Influx;

/// <summary>One write request and its verdict. Keeps no queue: the cursor of whoever calls it is the queue.</summary>
public sealed partial class InfluxWriter : IDisposable
{
    private const int ErrorTextBytesMax = 2_000; // what of a server's words is worth keeping
    private readonly InfluxConnection _connection;
    private readonly InfluxOptions _options;
    private readonly ServerRetention? _retention;
    private readonly TimeProvider _time;

    /// <param name="options">Where and how.</param>
    /// <param name="transport">The transport; null for the network.</param>
    /// <param name="time">What a server's date is held against; null for the machine's clock.</param>
    /// <param name="retention">Told the server's time; null for nobody.</param>
    public InfluxWriter(
        InfluxOptions options,
        HttpMessageHandler? transport = null,
        TimeProvider? time = null,
        ServerRetention? retention = null)
    {
        _time = time ?? TimeProvider.System;
        _options = options;
        _retention = retention;
        _connection = new InfluxConnection(options, transport);
    }

    /// <summary>Sends lines.</summary>
    public async Task<WriteOutcome> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        try
        {
            using HttpContent content = ContentOf(lines);
            using HttpResponseMessage answer =
                await _connection.Client.PostAsync(_connection.WriteAddress, content, cancellationToken);
            string text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.Headers.Date is { } date)
            {
                _retention?.NoteServerTime(date);
            }

            return OutcomeOf(answer, text);
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
    public void Dispose() => _connection.Dispose();

    private WriteOutcome OutcomeOf(HttpResponseMessage answer, string text)
    {
        WriteVerdict verdict = VerdictOf(answer.StatusCode, text);
        if (verdict == WriteVerdict.Accepted)
        {
            return new WriteOutcome(WriteVerdict.Accepted, "", null);
        }

        int dropped = verdict == WriteVerdict.Refused ? DroppedIn(text) : 0;
        IReadOnlyList<RefusedLine> lines = verdict == WriteVerdict.Refused ? Refusal.LinesIn(text) : [];
        return new WriteOutcome(
            dropped > 0 ? WriteVerdict.BeyondRetention : verdict,
            string.Create(
                CultureInfo.InvariantCulture,
                $"HTTP {(int)answer.StatusCode}: {text[..Math.Min(text.Length, ErrorTextBytesMax)].Trim()}"),
            RetryAfterOf(answer.Headers),
            dropped,
            verdict == WriteVerdict.Refused ? Refusal.ConflictIn(text) : null,
            lines.Count > 0 ? lines : null);
    }

    /// <summary>
    /// A success has no words: a page that greets or asks for a login, from whatever stands between, is none.
    /// </summary>
    private static WriteVerdict VerdictOf(HttpStatusCode status, string text) => status switch
    {
        >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices =>
            text.Length == 0 ? WriteVerdict.Accepted : WriteVerdict.NotAllowed,
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity =>
            Refusal.IsOfPoints(text) ? WriteVerdict.Refused : WriteVerdict.Unclear,
        HttpStatusCode.NotFound when text.Contains("not found", StringComparison.Ordinal) => WriteVerdict.NoBucket,
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
