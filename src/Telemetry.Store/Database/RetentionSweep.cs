using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// Lets go of what is older than its measurement's retention, some fields at each checkpoint and in its transaction.
/// Age counts from the field's last sealed sample, or from now when that is earlier: a clock that runs ahead, the
/// gateway's or this machine's, deletes nothing by itself.
/// </summary>
internal sealed class RetentionSweep : IDisposable
{
    private const int FieldsAtOnce = 256;
    private const int ChunksAtOnce = 256; // of one field; the rest goes in the next round
    private readonly StoreOptions _options;
    private readonly SeriesCatalogue _catalogue;
    private readonly TimeProvider _time;
    private readonly Statement _lateChunks;
    private readonly Statement _chunks;
    private readonly Statement _rollups;
    private readonly Statement _changes;
    private int _nextField;

    public RetentionSweep(StoreOptions options, SqliteFile file, SeriesCatalogue catalogue, TimeProvider time)
    {
        _options = options;
        _catalogue = catalogue;
        _time = time;
        const string Old = "SELECT id FROM chunks WHERE field = ?1 AND last_time < ?2 ORDER BY last_time LIMIT ?3";
        _lateChunks = file.Prepare($"DELETE FROM late_chunks WHERE id IN ({Old})");
        _chunks = file.Prepare($"DELETE FROM chunks WHERE id IN ({Old})");
        _rollups = file.Prepare("DELETE FROM rollups WHERE field = ?1 AND level = ?3 AND day < ?2");
        _changes = file.Prepare("SELECT changes()");
    }

    /// <summary>Looks at the next fields.</summary>
    /// <returns>How many chunks were let go of.</returns>
    public long Run(HeadTable table)
    {
        if (_options.Retention is null && _options.RetentionOf.Count == 0)
        {
            return 0;
        }

        long now = Timestamp.From(_time.GetUtcNow());
        long gone = 0;
        for (int i = 0; i < FieldsAtOnce; i++, _nextField++)
        {
            if (_nextField >= table.FieldIdEnd)
            {
                _nextField = 0;
            }

            if (table.Find(_nextField) is { } head && RetentionOf(_nextField) is { } retention)
            {
                long newest = Math.Min(now, head.SealedThrough);
                long span = (long)retention.TotalSeconds * Timestamp.NanosecondsPerSecond;
                gone += newest > span ? Forget(head.StoreId, newest - span) : 0;
            }
        }

        return gone;
    }

    public void Dispose()
    {
        _lateChunks.Dispose();
        _chunks.Dispose();
        _rollups.Dispose();
        _changes.Dispose();
    }

    private TimeSpan? RetentionOf(int fieldId)
    {
        string measurement = _catalogue.FieldAt(fieldId).Series.Measurement;
        return _options.RetentionOf.TryGetValue(measurement, out TimeSpan? own) ? own : _options.Retention;
    }

    private long Forget(long fieldStoreId, long horizon)
    {
        _lateChunks.Bind(1, fieldStoreId).Bind(2, horizon).Bind(3, ChunksAtOnce).Run();
        _chunks.Bind(1, fieldStoreId).Bind(2, horizon).Bind(3, ChunksAtOnce).Run();
        _changes.Step();
        long gone = _changes.Int64(0);
        _changes.Reset();
        for (int level = 0; level < RollupLevels.Widths.Length; level++)
        {
            _rollups.Bind(1, fieldStoreId).Bind(2, horizon / RollupLevels.Day).Bind(3, level).Run();
        }

        return gone;
    }
}
