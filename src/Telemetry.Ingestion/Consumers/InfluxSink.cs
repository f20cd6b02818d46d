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
    private readonly SinkServer _server;
    private readonly Cursor _cursor;
    private readonly SinkBacklog _backlog;

    internal InfluxSink(
        PipelineParts parts, DecodedLog log, ArrivalClock clock, InfluxMetrics metrics, ILogger logger)
    {
        InfluxOptions options = parts.Influx;
        _server = new SinkServer(options, metrics, parts.Files, parts.InfluxDirectory, parts.Time, logger);
        Queries = new RemoteQueries(options);
        _cursor = parts.Spool.OpenCursor("influx", required: false);
        _backlog = new SinkBacklog(parts.Spool, _cursor, parts.Files, parts.InfluxDirectory, clock, logger);
        var live = new LineSender(_server);
        Consumer = new InfluxConsumer(
            live, _server.NewLines(parts.Catalogue), metrics, options, _backlog, clock, parts.Time);
        var refill = new StoreRefill(parts.Store, _server.NewLines(parts.Catalogue));
        Drain = new BacklogDrain(
            parts.Spool,
            log,
            _backlog,
            refill,
            _server.NewLines(parts.Catalogue),
            live,
            new LineSender(_server),
            options,
            metrics,
            parts.Time,
            logger);
    }

    /// <summary>The ranges of the spool that are sent beside new data, oldest first.</summary>
    public IReadOnlyList<BacklogRange> Backlog => _backlog.Ranges;

    /// <summary>The ranges that are refilled from the embedded store, oldest first.</summary>
    public IReadOnlyList<MissedRange> Missed => _backlog.Missed;

    /// <summary>The points that the server does not take, by name.</summary>
    public SetApartPoints SetApart => _server.SetApart;

    /// <summary>Fields that the server has with another type.</summary>
    public IReadOnlyList<ServerFieldType> Types => _server.Types.All;

    /// <summary>How long the server keeps points; null when that is for ever, or unknown.</summary>
    public TimeSpan? Keeps => _server.Retention.Keeps;

    /// <summary>What became of the points.</summary>
    public SinkCounts Counts => _backlog.Counts;

    /// <summary>Everything before this offset has been dealt with, but for the ranges.</summary>
    public long LiveOffset => _backlog.LiveOffset;

    /// <summary>Passes queries on to the server.</summary>
    public RemoteQueries Queries { get; }

    internal InfluxConsumer Consumer { get; }

    internal BacklogDrain Drain { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cursor.Dispose();
        Queries.Dispose();
        _server.Dispose();
    }
}
