using System.Buffers;
using Microsoft.Extensions.Logging;
using Telemetry.Influx;
using Telemetry.Store;

namespace Telemetry.Ingestion;

/// <summary>
/// Sends what a sink was left behind with, beside its new data and under a budget of bytes: first the ranges that the
/// spool still has, since they are at stake, then those it let go of, from the embedded store. While the sink's new
/// data waits, so does this.
/// </summary>
internal sealed class BacklogDrain
{
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(1);
    private readonly Spool.Spool _spool;
    private readonly SinkBacklog _backlog;
    private readonly LaggingDecoder _decoder;
    private readonly LineProtocolWriter _lines;
    private readonly StoreRefill _refill;
    private readonly LineSender _live;
    private readonly LineSender _sender;
    private readonly BytePacer _pacer;
    private readonly InfluxOptions _options;
    private readonly InfluxMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ArrayBufferWriter<byte> _body = new(64 * 1024);
    private bool _isUnreadable; // the store, at the last attempt

    /// <param name="spool">Where the ranges are.</param>
    /// <param name="log">Decodes them.</param>
    /// <param name="backlog">Knows the ranges.</param>
    /// <param name="refill">Reads what the spool let go of.</param>
    /// <param name="lines">Writes the lines of the ranges.</param>
    /// <param name="live">The sender of the sink's new data, which goes first.</param>
    /// <param name="sender">The sender of the backlog.</param>
    /// <param name="options">Sizes of requests, and the budget.</param>
    /// <param name="metrics">Counted by this drain.</param>
    /// <param name="time">For waits.</param>
    /// <param name="logger">For a store that cannot be read.</param>
    public BacklogDrain(
        Spool.Spool spool,
        DecodedLog log,
        SinkBacklog backlog,
        StoreRefill refill,
        LineProtocolWriter lines,
        LineSender live,
        LineSender sender,
        InfluxOptions options,
        InfluxMetrics metrics,
        TimeProvider time,
        ILogger logger)
    {
        _spool = spool;
        _backlog = backlog;
        _decoder = log.OpenLagging();
        _lines = lines;
        _refill = refill;
        _live = live;
        _sender = sender;
        _pacer = new BytePacer(options.BacklogBytesPerSecond, time);
        _options = options;
        _metrics = metrics;
        _time = time;
        _logger = logger;
    }

    /// <summary>Runs until cancelled; what is not sent by then is sent after the restart.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!await TurnAsync(cancellationToken))
                {
                    await Task.Delay(IdleInterval, _time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    /// <summary>Sends one body at most.</summary>
    /// <returns>False when there is nothing to do now.</returns>
    internal async Task<bool> TurnAsync(CancellationToken cancellationToken)
    {
        _backlog.PassTrimmed();
        if (_live.IsWaiting)
        {
            return false;
        }

        if (_backlog.Ranges is [var range, ..])
        {
            return await DrainAsync(range, cancellationToken);
        }

        if (_backlog.Missed is [var missed, ..])
        {
            return await RefillAsync(missed, cancellationToken);
        }

        return false;
    }

    /// <summary>A second's worth at most, so that a slow budget does not come in bursts.</summary>
    private long BodyBytes => _options.BacklogBytesPerSecond > 0
        ? Math.Min(_options.BatchBytes, _options.BacklogBytesPerSecond)
        : _options.BatchBytes;

    private async Task<bool> DrainAsync(BacklogRange range, CancellationToken cancellationToken)
    {
        long position = range.From;
        long arrival = range.FirstArrival;
        int count = 0;
        var counts = default(SinkCounts);
        while (position < range.To && _body.WrittenCount < BodyBytes)
        {
            using BatchLease? lease = _decoder.TryNext(position, range.To);
            if (lease is null)
            {
                break;
            }

            count += _lines.Write(lease.Batch, _body, ref counts, _metrics);
            position = lease.Batch.EndOffset;
            arrival = lease.Batch.Records is [.., var last] ? last.ArrivalTime : arrival;
        }

        _backlog.PassTrimmed(); // what was deleted while it was read is missing in the lines
        counts.Add(await SendAsync(count, cancellationToken));
        _backlog.Drain(position, arrival, counts);
        return position > range.From;
    }

    private async Task<bool> RefillAsync(MissedRange range, CancellationToken cancellationToken)
    {
        _refill.Begin(range);
        long before = _refill.RefilledTo;
        if (!TryFill(out int count))
        {
            return false;
        }

        await SendAsync(count, cancellationToken);
        _metrics.CountRefilled(count);
        if (_refill.RefilledTo != before)
        {
            _backlog.Refill(range, _refill.RefilledTo);
        }

        _backlog.CountRefilled(count);

        return true;
    }

    private bool TryFill(out int count)
    {
        count = 0;
        try
        {
            count = _refill.Fill(_body);
            _isUnreadable = false;
        }
        catch (StoreException cause)
        {
            if (!_isUnreadable)
            {
                IngestionLog.RefillUnreadable(_logger, cause.Message);
            }

            _isUnreadable = true;
        }

        return !_isUnreadable;
    }

    private async Task<SinkCounts> SendAsync(int count, CancellationToken cancellationToken)
    {
        var counts = default(SinkCounts);
        if (count > 0)
        {
            await _pacer.TakeAsync(_body.WrittenCount, cancellationToken);
            counts = await _sender.SendAsync(_body.WrittenMemory, count, cancellationToken);
        }

        _body.ResetWrittenCount();
        return counts;
    }
}
