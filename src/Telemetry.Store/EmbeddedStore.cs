using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// The embedded store: compressed chunks of one field each in a SQLite file, open ones in memory. One thread appends
/// and checkpoints; any number of threads read, and what was appended is seen at once. What a checkpoint has not
/// written is lost in a crash, together with the cursor's advance over it, so that replay from <see
/// cref="ReadLaneOffsets"/> brings it back.
/// </summary>
public sealed class EmbeddedStore : ISampleSource, IDisposable
{
    private const int IdleReadersMax = 8;
    private const int RestFactor = 10; // a checkpoint takes a tenth of the time at most
    private readonly StoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SqliteFile _file;
    private readonly CheckpointWriter _writer;
    private readonly HeadTable _table;
    private readonly CorruptChunks _corrupt;
    private readonly RollupBuilder _rollups;
    private readonly ConcurrentBag<SampleReader> _idleReaders = [];
    private readonly Lock _gate = new();
    private long[] _laneOffsets;
    private long _checkpointAt;
    private long _samplesSinceCheckpoint;
    private TimeSpan _restAfterCheckpoint;
    private bool _hasFailed; // the last checkpoint
    private volatile bool _isDisposed;

    private EmbeddedStore(
        StoreOptions options, SqliteFile file, SeriesCatalogue catalogue, TimeProvider time, ILogger log)
    {
        _options = options;
        _file = file;
        _time = time;
        _log = log;
        Catalogue = catalogue;
        Metrics = new StoreMetrics();
        _table = new HeadTable(catalogue, options, Metrics);
        _corrupt = new CorruptChunks(catalogue, Metrics, log);
        Schema.Apply(file);
        var loader = new StoreLoader(file, catalogue, _table, Metrics, log);
        loader.Load();
        _writer = new CheckpointWriter(file, new RetentionSweep(options, file, catalogue, time), loader.LastSource);
        _rollups = new RollupBuilder(file.Path, _table, _gate, _corrupt);
        Ledger = new StoreLedger(file);
        _laneOffsets = LoadLaneOffsets();
        _checkpointAt = time.GetTimestamp();
        _restAfterCheckpoint = TimeSpan.FromSeconds(options.CheckpointSeconds);
    }

    /// <inheritdoc/>
    public SeriesCatalogue Catalogue { get; }

    /// <summary>Counts kept for someone, written with each checkpoint.</summary>
    public StoreLedger Ledger { get; }

    /// <summary>What the store counts.</summary>
    public StoreMetrics Metrics { get; }

    /// <summary>
    /// A checkpoint is due: by age (also when nothing was appended, for the cursor may have moved), by samples, or by
    /// bytes. After a long checkpoint the next one waits ten times as long; after a failed one, age alone counts.
    /// </summary>
    public bool NeedsCheckpoint =>
        (!_hasFailed && (_table.Pending.Bytes >= _options.CheckpointBytes
            || _samplesSinceCheckpoint >= _options.CheckpointSamples))
        || _time.GetElapsedTime(_checkpointAt) >= _restAfterCheckpoint;

    /// <summary>
    /// As much waits in memory as may; the next <see cref="Append"/> is to wait for a checkpoint that succeeds.
    /// </summary>
    public bool IsFull => _table.Pending.Bytes >= _options.PendingBytesMax;

    internal SqliteFile File => _file;

    /// <summary>Opens or makes the file and takes its series and fields into the catalogue.</summary>
    /// <exception cref="StoreException">The file cannot be opened, or a newer version wrote it.</exception>
    public static EmbeddedStore Open(
        StoreOptions options, SeriesCatalogue catalogue, TimeProvider time, ILogger<EmbeddedStore> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        string path = Path.GetFullPath(options.Require().Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        SqliteFile file = SqliteFile.OpenToWrite(path);
        try
        {
            return new EmbeddedStore(options, file, catalogue, time, log);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes a batch in. Readers see it when this returns; it survives a crash after the next checkpoint.
    /// </summary>
    public void Append(PointBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int late;
        lock (_gate)
        {
            late = _table.AppendLocked(batch);
        }

        _samplesSinceCheckpoint += batch.Samples.Length;
        Metrics.OnAppended(batch.Samples.Length, late, _table.Pending.Bytes);
    }

    /// <summary>Writes all that was appended, and how far each lane has come with it, in one transaction.</summary>
    /// <param name="laneOffsets">Per lane the spool offset behind the last record that was appended.</param>
    /// <exception cref="StoreException">
    /// It was not written, the disk being full for instance. Nothing is lost in memory; the next call writes it again.
    /// </exception>
    public void Checkpoint(ReadOnlySpan<long> laneOffsets)
    {
        long start = _time.GetTimestamp();
        RollupBatch? rollups = _rollups.Waiting;
        if (_table.DirtyHeads.Count == 0 && rollups is null && laneOffsets.SequenceEqual(_laneOffsets))
        {
            _checkpointAt = start;
            return;
        }

        int rows;
        try
        {
            rows = _writer.Write(_table, Catalogue, Ledger, laneOffsets, _samplesSinceCheckpoint, rollups);
        }
        catch (StoreException failure)
        {
            _hasFailed = true;
            Rest(_time.GetElapsedTime(start));
            Metrics.OnCheckpointFailed();
            StoreLog.CheckpointFailed(_log, _file.Path, failure.Message, _table.Pending.Bytes);
            throw;
        }

        lock (_gate)
        {
            _table.OnCheckpointLocked();
        }

        if (rollups is not null)
        {
            Metrics.OnRolledUp(rollups.Bytes);
            _rollups.OnCheckpoint();
        }

        Ledger.OnCheckpoint();
        _hasFailed = false;
        _laneOffsets = laneOffsets.ToArray();
        _samplesSinceCheckpoint = 0;
        TimeSpan took = _time.GetElapsedTime(start);
        Rest(took);
        Metrics.OnCheckpoint((long)took.TotalNanoseconds, rows, MeasureFile(), _writer.ChunksForgotten);
    }

    /// <summary>
    /// The offsets the last checkpoint wrote; zeros, <see cref="Limits.LaneCount"/> of them, when new.
    /// </summary>
    public long[] ReadLaneOffsets() => [.. _laneOffsets];

    /// <summary>
    /// Makes roll-ups of what is due, one batch of them, which the next checkpoint writes. Queries take them by
    /// themselves. Goes on beside all other calls; it is called by one thread at a time.
    /// </summary>
    /// <param name="cancellation">Stops it between two fields.</param>
    /// <returns>How many days of fields were gone through; 0 when nothing is due, or a batch waits.</returns>
    /// <exception cref="StoreException">The file cannot be read.</exception>
    public int BuildRollups(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _rollups.Build(cancellation);
    }

    /// <inheritdoc/>
    public void Read<TVisitor>(int fieldId, long from, long to, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_idleReaders.TryTake(out SampleReader? reader))
        {
            reader = new SampleReader(_file.Path, _corrupt);
        }

        try
        {
            reader.Read(_table, _gate, fieldId, from, to, ref visitor);
        }
        finally
        {
            GiveBack(reader);
        }
    }

    /// <summary>Closes the file without a checkpoint: what was not written comes again by replay.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _writer.Dispose();
        _rollups.Dispose();
        Ledger.Dispose();
        _file.Dispose();
        while (_idleReaders.TryTake(out SampleReader? reader))
        {
            reader.Dispose();
        }
    }

    private void GiveBack(SampleReader reader)
    {
        if (_isDisposed || _idleReaders.Count >= IdleReadersMax)
        {
            reader.Dispose();
            return;
        }

        _idleReaders.Add(reader);
    }

    private void Rest(TimeSpan took)
    {
        _checkpointAt = _time.GetTimestamp();
        var usual = TimeSpan.FromSeconds(_options.CheckpointSeconds);
        _restAfterCheckpoint = took * RestFactor > usual ? took * RestFactor : usual;
    }

    private long MeasureFile() => _file.ReadInt64("PRAGMA page_count") * _file.ReadInt64("PRAGMA page_size");

    private long[] LoadLaneOffsets()
    {
        var offsets = new List<long>();
        using Statement rows = _file.Prepare("SELECT offset FROM cursor ORDER BY lane");
        while (rows.Step())
        {
            offsets.Add(rows.Int64(0));
        }

        return offsets.Count == 0 ? new long[Limits.LaneCount] : [.. offsets];
    }
}
