namespace Telemetry.Store;

/// <summary>Writes a batch of roll-ups inside the transaction of a checkpoint.</summary>
internal sealed class RollupWriter(SqliteFile file) : IDisposable
{
    private readonly Statement _row = file.Prepare(
        "INSERT OR REPLACE INTO rollups (field, level, day, windows) VALUES (?1, ?2, ?3, ?4)");

    private readonly Statement _noRow = file.Prepare(
        "DELETE FROM rollups WHERE field = ?1 AND level = ?2 AND day = ?3");

    private readonly Statement _progress = file.Prepare("INSERT OR REPLACE INTO rollup_progress VALUES (?1, ?2)");

    private readonly Statement _lateChunk = file.Prepare("DELETE FROM late_chunks WHERE id = ?1");

    public void Write(RollupBatch? batch)
    {
        if (batch is null)
        {
            return;
        }

        foreach (ref readonly RollupRow row in batch.Rows)
        {
            Statement statement = row.Bytes == 0 ? _noRow : _row;
            statement.Bind(1, row.FieldStoreId).Bind(2, row.Level).Bind(3, row.Day);
            if (row.Bytes > 0)
            {
                statement.Bind(4, batch.BytesOf(row));
            }

            statement.Run();
        }

        foreach (ref readonly RollupProgress progress in batch.Progress)
        {
            _progress.Bind(1, progress.FieldStoreId).Bind(2, progress.Through).Run();
        }

        foreach (long chunk in batch.LateChunks)
        {
            _lateChunk.Bind(1, chunk).Run();
        }
    }

    public void Dispose()
    {
        _row.Dispose();
        _noRow.Dispose();
        _progress.Dispose();
        _lateChunk.Dispose();
    }
}
