using System.Buffers;
using Telemetry.Influx;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// New batches → InfluxDB. While the server is away it waits and nothing else slows; once it is back, what has waited
/// too long is left to <see cref="BacklogDrain"/>, and new data goes first.
/// </summary>
internal sealed class InfluxConsumer : IBatchConsumer
{
    private readonly LineSender _sender;
    private readonly LineProtocolWriter _lines;
    private readonly InfluxMetrics _metrics;
    private readonly InfluxOptions _options;
    private readonly SinkBacklog _backlog;
    private readonly ArrivalClock _clock;
    private readonly TimeProvider _time;
    private readonly ArrayBufferWriter<byte> _body = new(64 * 1024);
    private SinkCounts _counts; // of the batches in the body
    private int _bodyLines;
    private long _bodyStarted;
    private long _lastArrival;

    /// <param name="sender">Sends the lines.</param>
    /// <param name="lines">Writes the lines.</param>
    /// <param name="metrics">Counted here.</param>
    /// <param name="options">Sizes and ages of requests.</param>
    /// <param name="backlog">Knows what the server has had.</param>
    /// <param name="clock">What the arrival of batches is held against.</param>
    /// <param name="time">For ages.</param>
    public InfluxConsumer(
        LineSender sender,
        LineProtocolWriter lines,
        InfluxMetrics metrics,
        InfluxOptions options,
        SinkBacklog backlog,
        ArrivalClock clock,
        TimeProvider time)
    {
        _sender = sender;
        _lines = lines;
        _metrics = metrics;
        _options = options;
        _backlog = backlog;
        _clock = clock;
        _time = time;
        _lastArrival = clock.Now();
    }

    /// <inheritdoc/>
    public bool IsQuick => false;

    /// <inheritdoc/>
    public string Name => "influx";

    /// <inheritdoc/>
    public long DurableOffset => _backlog.DurableOffset;

    /// <inheritdoc/>
    public long GoOnAt(long position, long tail)
    {
        position = Math.Min(Math.Max(position, _backlog.LiveOffset), tail);
        long now = _clock.Now();
        long oldest = now - (long)(_options.BacklogAfterSeconds * Timestamp.NanosecondsPerSecond);
        bool isBehind = position < tail && _lastArrival < oldest && _backlog.ArrivalAt(position, otherwise: 0) < oldest;
        if (!isBehind)
        {
            return position;
        }

        DropBody();
        _backlog.LeaveBehind(tail, _lastArrival);
        _lastArrival = now;
        return tail;
    }

    /// <inheritdoc/>
    public async ValueTask ConsumeAsync(PointBatch batch, CancellationToken cancellationToken)
    {
        _backlog.PassTrimmed(); // what the batch may be missing was deleted before it was read
        if (_bodyLines == 0)
        {
            _bodyStarted = _time.GetTimestamp();
        }

        _bodyLines += _lines.Write(batch, _body, ref _counts, _metrics);
        _lastArrival = batch.Records is [.., var last] ? last.ArrivalTime : _lastArrival;
        bool isDue = _body.WrittenCount >= _options.BatchBytes
            || _time.GetElapsedTime(_bodyStarted).TotalSeconds >= _options.BatchSeconds;
        if (!isDue)
        {
            return;
        }

        if (_bodyLines > 0)
        {
            _counts.Add(await _sender.SendAsync(_body.WrittenMemory, _bodyLines, cancellationToken));
        }

        _backlog.Deliver(batch.EndOffset, _lastArrival, _counts);
        DropBody();
    }

    /// <summary>What is not sent yet is sent after the restart: its place has not moved over it.</summary>
    public ValueTask CompleteAsync()
    {
        _backlog.Complete();
        return ValueTask.CompletedTask;
    }

    private void DropBody()
    {
        _counts = default;
        _body.ResetWrittenCount();
        _bodyLines = 0;
    }
}
