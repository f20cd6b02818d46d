using Microsoft.Extensions.Logging;
using Telemetry.Influx;

namespace Telemetry.Ingestion;

/// <summary>
/// Sends lines until the server has answered for every one. What it refuses is halved to find the point it means; what
/// is older than it keeps is set apart. One sender belongs to one task; several share the counts.
/// </summary>
internal sealed class LineSender
{
    private readonly InfluxWriter _writer;
    private readonly InfluxOptions _options;
    private readonly InfluxMetrics _metrics;
    private readonly SetApartPoints _setApart;
    private readonly RetrySchedule _schedule;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile bool _isWaiting;

    public LineSender(
        InfluxWriter writer,
        InfluxOptions options,
        InfluxMetrics metrics,
        SetApartPoints setApart,
        TimeProvider time,
        ILogger logger)
    {
        _writer = writer;
        _options = options;
        _metrics = metrics;
        _setApart = setApart;
        _time = time;
        _logger = logger;
        _schedule = new RetrySchedule(new Random(options.Url.Length).NextDouble);
    }

    /// <summary>True while the server takes nothing of this sender.</summary>
    public bool IsWaiting => _isWaiting;

    /// <summary>Completes when the server has answered for every line.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> lines, int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            WriteOutcome outcome = await _writer.WriteAsync(lines, cancellationToken);
            switch (outcome.Verdict)
            {
                case WriteVerdict.Accepted:
                    NoteRecovered();
                    _metrics.Count(count, 0, 0);
                    return;
                case WriteVerdict.BeyondRetention:
                    NoteRecovered();
                    SetApart(lines.Span, count, Math.Min(outcome.DroppedCount, count), outcome.Text);
                    return;
                case WriteVerdict.Refused or WriteVerdict.TooLarge when count > 1:
                    NoteRecovered();
                    int half = LineCut.After(lines.Span, count / 2);
                    await SendAsync(lines[..half], count / 2, cancellationToken);
                    await SendAsync(lines[half..], count - (count / 2), cancellationToken);
                    return;
                case WriteVerdict.Refused or WriteVerdict.TooLarge:
                    NoteRecovered();
                    _metrics.Count(0, 1, 0);
                    _setApart.AddOldest(lines.Span, 1, SetApartReason.Refused, outcome.Text);
                    IngestionLog.InfluxRefusedPoint(_logger, outcome.Text);
                    return;
                default:
                    await WaitAsync(outcome, cancellationToken);
                    break;
            }
        }
    }

    private void SetApart(ReadOnlySpan<byte> lines, int count, int dropped, string words)
    {
        _metrics.Count(count - dropped, 0, 0);
        _metrics.CountBeyondRetention(dropped);
        _setApart.AddOldest(lines, dropped, SetApartReason.BeyondRetention, words);
        IngestionLog.InfluxBeyondRetention(_logger, dropped, count);
    }

    private async Task WaitAsync(WriteOutcome outcome, CancellationToken cancellationToken)
    {
        _isWaiting = true;
        _metrics.Count(0, 0, 1);
        if (_metrics.Fault is null)
        {
            IngestionLog.InfluxAway(_logger, _options.Url, outcome.Text);
        }

        _metrics.Fault = outcome.Text;
        await Task.Delay(_schedule.NextDelay(outcome.RetryAfter), _time, cancellationToken);
    }

    private void NoteRecovered()
    {
        _isWaiting = false;
        if (_metrics.Fault is not null)
        {
            IngestionLog.InfluxBack(_logger, _options.Url, _schedule.Failures);
            _metrics.Fault = null;
        }

        _schedule.Succeeded();
    }
}
