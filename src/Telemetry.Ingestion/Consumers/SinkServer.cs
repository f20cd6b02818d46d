using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;
using Telemetry.Buffers;
using Telemetry.Influx;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// The server of a sink and what is known of it, which all of the sink's senders and writers share. The types that it
/// has otherwise are kept over a restart; docs/formats/sink-types.md. For any thread.
/// </summary>
internal sealed class SinkServer : IDisposable
{
    private const uint Magic = 0x5459_4B53; // "SKYT" as little-endian bytes
    private const uint Version = 1;
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(60);
    private readonly InfluxSetup _setup;
    private readonly CheckpointFile _file;
    private readonly Lock _writing = new();
    private long _refreshedAt = long.MinValue;

    /// <param name="options">Where and how.</param>
    /// <param name="metrics">Counted by the senders.</param>
    /// <param name="files">The disk.</param>
    /// <param name="directory">Where the file of the types lies; made when missing.</param>
    /// <param name="time">For waits and ages.</param>
    /// <param name="logger">For what is learnt, and for a disk that refuses.</param>
    /// <param name="transport">The transport; null for the network.</param>
    public SinkServer(
        InfluxOptions options,
        InfluxMetrics metrics,
        IFileSystem files,
        string directory,
        TimeProvider time,
        ILogger logger,
        HttpMessageHandler? transport = null)
    {
        Options = options;
        Metrics = metrics;
        Time = time;
        Logger = logger;
        Retention = new ServerRetention(time);
        Writer = new InfluxWriter(options, transport, time, Retention);
        _setup = new InfluxSetup(options, transport);
        SetApart = new SetApartPoints(LineProtocolWriter.NanosecondsOf(options.Precision));
        _file = new CheckpointFile(files, directory, "influx.types", Magic, Version, logger);
        Restore();
        if (options.RetentionHours > 0)
        {
            Retention.Learn(TimeSpan.FromHours(options.RetentionHours));
        }
    }

    public InfluxOptions Options { get; }

    public InfluxWriter Writer { get; }

    public InfluxMetrics Metrics { get; }

    public SetApartPoints SetApart { get; }

    public ServerFieldTypes Types { get; } = new();

    public ServerRetention Retention { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    /// <summary>Whose types they are.</summary>
    private string Place => $"{Options.Url} {Options.Bucket}";

    private long Now => Timestamp.From(Time.GetUtcNow());

    /// <summary>A writer of lines for this server.</summary>
    public LineProtocolWriter NewLines(SeriesCatalogue catalogue) => new(
        catalogue, new WriteFirewall(Options.Api, Types, Retention, SetApart), Options.Precision);

    /// <summary>
    /// Asks the server anew how long it keeps points, and forgets what it said of types a day ago; does nothing when
    /// that is not due.
    /// </summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        long last = Volatile.Read(ref _refreshedAt);
        if (last != long.MinValue && Time.GetElapsedTime(last) < RefreshInterval)
        {
            return;
        }

        Volatile.Write(ref _refreshedAt, Time.GetTimestamp());
        if (Types.Forget(Now))
        {
            Persist();
        }

        if (Options.RetentionHours > 0)
        {
            return;
        }

        if (await _setup.AskRetentionAsync(cancellationToken) is { } keeps)
        {
            Retention.Learn(keeps);
        }
    }

    /// <summary>How long it keeps points is asked before the next request.</summary>
    public void RefreshSoon() => Volatile.Write(ref _refreshedAt, long.MinValue);

    /// <summary>Takes note of a field that the server has with another type.</summary>
    public void Learn(TypeConflict conflict, string words)
    {
        if (Types.Learn(new ServerFieldType(conflict.Measurement, conflict.Field, conflict.Type, Now, words)))
        {
            IngestionLog.InfluxTypeLearnt(
                Logger, conflict.Field, conflict.Measurement, FieldTypeNames.Of(conflict.Type));
            Persist();
        }
    }

    /// <summary>Creates the database or bucket, if that is allowed.</summary>
    /// <returns>True when it is there now.</returns>
    public async Task<bool> TryCreateAsync(CancellationToken cancellationToken)
    {
        if (!Options.CreateBucket)
        {
            return false;
        }

        string? fault = await _setup.CreateAsync(cancellationToken);
        if (fault is null)
        {
            IngestionLog.InfluxBucketCreated(Logger, Options.Bucket, Options.Url);
            RefreshSoon();
        }
        else
        {
            IngestionLog.InfluxBucketNotCreated(Logger, Options.Bucket, Options.Url, fault);
        }

        return fault is null;
    }

    public void Dispose()
    {
        Writer.Dispose();
        _setup.Dispose();
    }

    /// <summary>What the disk refuses is learnt again after a restart.</summary>
    private void Persist()
    {
        var state = new ArrayBufferWriter<byte>();
        var writer = new StateWriter(state);
        IReadOnlyList<ServerFieldType> types = Types.All;
        writer.Text(Place);
        writer.Int32(types.Count);
        foreach (ServerFieldType type in types)
        {
            writer.Text(type.Measurement);
            writer.Text(type.Field);
            writer.Byte((byte)type.Type);
            writer.Int64(type.LearntAt);
            writer.Text(type.Words);
        }

        lock (_writing)
        {
            try
            {
                _file.Write(0, state.WrittenSpan);
            }
            catch (IOException cause)
            {
                IngestionLog.InfluxTypesNotKept(Logger, cause.Message);
            }
        }
    }

    private void Restore()
    {
        if (!_file.TryRead(out byte[] state, out _))
        {
            return;
        }

        var reader = new StateReader(state);
        bool isSame = ReadText(ref reader) == Place; // of another server it says nothing
        int count = isSame ? reader.Int32() : 0;
        for (int i = 0; i < count && !reader.IsFailed; i++)
        {
            var type = new ServerFieldType(
                ReadText(ref reader),
                ReadText(ref reader),
                (FieldType)reader.Byte(),
                reader.Int64(),
                ReadText(ref reader));
            if (!reader.IsFailed && type.Type <= FieldType.String)
            {
                Types.Learn(type);
            }
        }
    }

    private static string ReadText(ref StateReader reader) => Encoding.UTF8.GetString(reader.Block());
}
