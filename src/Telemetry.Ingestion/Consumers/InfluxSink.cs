using Microsoft.Extensions.Logging;
using Telemetry.Influx;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// The InfluxDB output, an optional sink: it never holds the spool against intake. New data goes by its consumer, what
/// waited too long by its drain.
/// </summary>
public sealed class InfluxSink : IDisposable
{
    private readonly InfluxWriter _writer;
    private readonly Cursor _cursor;
    private readonly SinkBacklog _backlog;

    internal InfluxSink(
        PipelineParts parts, DecodedLog log, ArrivalClock clock, InfluxMetrics metrics, ILogger logger)
    {
        InfluxOptions options = parts.Influx;
        _writer = new InfluxWriter(options, time: parts.Time);
        _cursor = parts.Spool.OpenCursor("influx", required: false);
        _backlog = new SinkBacklog(parts.Spool, _cursor, parts.Files, parts.InfluxDirectory, clock, logger);
        LineSender live = SenderOf();
        Consumer = new InfluxConsumer(live, parts.Catalogue, options, _backlog, clock, parts.Time);
        var refill = new StoreRefill(parts.Store, new LineProtocolWriter(parts.Catalogue));
        Drain = new BacklogDrain(
            parts.Spool, log, _backlog, refill, parts.Catalogue, live, SenderOf(), options, metrics, parts.Time,
            logger);

        LineSender SenderOf() => new(_writer, options, metrics, SetApart, parts.Time, logger);
    }

    /// <summary>The ranges of the spool that are sent beside new data, oldest first.</summary>
    public IReadOnlyList<BacklogRange> Backlog => _backlog.Ranges;

    /// <summary>The ranges that are refilled from the embedded store, oldest first.</summary>
    public IReadOnlyList<MissedRange> Missed => _backlog.Missed;

    /// <summary>The points that the server does not take, by name.</summary>
    public SetApartPoints SetApart { get; } = new();

    internal InfluxConsumer Consumer { get; }

    internal BacklogDrain Drain { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cursor.Dispose();
        _writer.Dispose();
    }
}
