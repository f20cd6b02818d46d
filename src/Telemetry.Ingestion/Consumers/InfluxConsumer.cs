using System.Buffers;
using Microsoft.Extensions.Logging;
using Telemetry.Influx;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Batches → InfluxDB, from a cursor of its own. While the server is away the cursor waits and nothing else slows; the
/// cursor moves only over what the server has answered for. One refused point costs one point.
/// </summary>
public sealed class InfluxConsumer : IBatchConsumer
{
    private readonly InfluxWriter _writer;
    private readonly LineProtocolWriter _lines;
    private readonly InfluxOptions _options;
    private readonly InfluxMetrics _metrics;
    private readonly Cursor _cursor;
    private readonly TimeProvider _time;
    private readonly RetrySchedule _schedule;
    private readonly ILogger _logger;
    private readonly ArrayBufferWriter<byte> _body = new(64 * 1024);
    private readonly long[] _offsets = new long[Limits.LaneCount];
    private int _bodyLines;
    private long _bodyStarted;
    private long _taken;
    private bool _isCursorStuck;

    /// <param name="writer">Sends one request.</param>
    /// <param name="catalogue">Names of series and fields.</param>
    /// <param name="options">Sizes and ages of requests.</param>
    /// <param name="metrics">Counted by this consumer.</param>
    /// <param name="cursor">Where it goes on after a restart.</param>
    /// <param name="time">For ages and waits.</param>
    /// <param name="logger">For outages.</param>
    public InfluxConsumer(
        InfluxWriter writer,
        SeriesCatalogue catalogue,
        InfluxOptions options,
        InfluxMetrics metrics,
        Cursor cursor,
        TimeProvider time,
        ILogger logger)
    {
        _writer = writer;
        _lines = new LineProtocolWriter(catalogue);
        _options = options;
        _metrics = metrics;
        _cursor = cursor;
        _time = time;
        _logger = logger;
        var random = new Random(options.Url.Length);
        _schedule = new RetrySchedule(random.NextDouble);
        _taken = cursor.Minimum;
    }

    /// <inheritdoc/>
    public bool IsQuick => false;

    /// <inheritdoc/>
    public string Name => "influx";

    /// <inheritdoc/>
    public long DurableOffset => _cursor.Minimum;

    /// <inheritdoc/>
    public async ValueTask ConsumeAsync(PointBatch batch, CancellationToken cancellationToken)
    {
        if (_bodyLines == 0)
        {
            _bodyStarted = _time.GetTimestamp();
        }

        _bodyLines += _lines.Write(batch, _body);
        _taken = batch.EndOffset;
        bool isDue = _body.WrittenCount >= _options.BatchBytes
            || _time.GetElapsedTime(_bodyStarted).TotalSeconds >= _options.BatchSeconds;
        if (isDue)
        {
            await FlushAsync(cancellationToken);
        }
    }

    /// <summary>What is not sent yet is sent after the restart: the cursor has not moved over it.</summary>
    public ValueTask CompleteAsync() => ValueTask.CompletedTask;

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_bodyLines > 0)
        {
            await SendAsync(_body.WrittenMemory, _bodyLines, cancellationToken);
        }

        _body.ResetWrittenCount();
        _bodyLines = 0;
        _offsets.AsSpan().Fill(_taken);
        try
        {
            _cursor.Advance(_offsets);
            _isCursorStuck = false;
        }
        catch (IOException cause)
        {
            // The server has the points: after a restart it gets some of them again, which changes nothing there.
            NoteStuck(cause);
        }
    }

    private void NoteStuck(IOException cause)
    {
        if (!_isCursorStuck)
        {
            _isCursorStuck = true;
            IngestionLog.InfluxCursorStuck(_logger, cause.Message);
        }
    }

    /// <summary>
    /// Sends until the server has answered for every line; halves what it refuses to find the point it means.
    /// </summary>
    private async Task SendAsync(ReadOnlyMemory<byte> lines, int count, CancellationToken cancellationToken)
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
                case WriteVerdict.Refused or WriteVerdict.TooLarge when count > 1:
                    NoteRecovered();
                    int half = LineCut.After(lines.Span, count / 2);
                    await SendAsync(lines[..half], count / 2, cancellationToken);
                    await SendAsync(lines[half..], count - (count / 2), cancellationToken);
                    return;
                case WriteVerdict.Refused or WriteVerdict.TooLarge:
                    NoteRecovered();
                    _metrics.Count(0, 1, 0);
                    IngestionLog.InfluxRefusedPoint(_logger, outcome.Text);
                    return;
                default:
                    await WaitAsync(outcome, cancellationToken);
                    break;
            }
        }
    }

    private async Task WaitAsync(WriteOutcome outcome, CancellationToken cancellationToken)
    {
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
        if (_metrics.Fault is not null)
        {
            IngestionLog.InfluxBack(_logger, _options.Url, _schedule.Failures);
            _metrics.Fault = null;
            _schedule.Succeeded();
        }
    }
}
