using System.Text;
using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// Writes a checkpoint: new sources, series and fields, sealed chunks, changed heads, roll-ups, cursor and counts, all
/// in one transaction, so that a crash at any moment leaves samples and cursor that belong together.
/// </summary>
internal sealed class CheckpointWriter : IDisposable
{
    private readonly SqliteFile _file;
    private readonly Statement _source;
    private readonly Statement _series;
    private readonly Statement _field;
    private readonly Statement _chunk;
    private readonly Statement _head;
    private readonly Statement _cursor;
    private readonly Statement _count;
    private readonly Statement _lateChunk;
    private readonly RollupWriter _rollups;
    private readonly RetentionSweep _retention;
    private int _sourcesWritten;

    /// <param name="file">Where to.</param>
    /// <param name="retention">Runs with each checkpoint; belongs to this.</param>
    /// <param name="sourcesWritten">The last source that the file has.</param>
    public CheckpointWriter(SqliteFile file, RetentionSweep retention, int sourcesWritten)
    {
        _retention = retention;
        _file = file;
        _sourcesWritten = sourcesWritten;
        // All inserts may be repeated: a commit that was reported as failed may yet have reached the disk.
        _source = file.Prepare("INSERT OR REPLACE INTO sources VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _series = file.Prepare("INSERT OR REPLACE INTO series VALUES (?1, ?2)");
        _field = file.Prepare("INSERT OR REPLACE INTO fields VALUES (?1, ?2, ?3, ?4)");
        _chunk = file.Prepare("INSERT OR REPLACE INTO chunks VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
        _head = file.Prepare("INSERT OR REPLACE INTO heads VALUES (?1, ?2, ?3, ?4)");
        _lateChunk = file.Prepare("INSERT OR REPLACE INTO late_chunks VALUES (?1, ?2, ?3, ?4)");
        _rollups = new RollupWriter(file);
        _cursor = file.Prepare("INSERT OR REPLACE INTO cursor VALUES (?1, ?2)");
        _count = file.Prepare(
            "INSERT INTO counts VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value");
    }

    /// <summary>Row of a field's main head in table heads; that of its late head is the next one.</summary>
    public static long MainRow(long fieldStoreId) => fieldStoreId * 2;

    /// <summary>Chunks that retention let go of, from the opening on.</summary>
    public long ChunksForgotten { get; private set; }

    /// <returns>How many rows of chunks and heads were written.</returns>
    public int Write(
        HeadTable table,
        SeriesCatalogue catalogue,
        StoreLedger ledger,
        ReadOnlySpan<long> laneOffsets,
        long samples,
        RollupBatch? rollups)
    {
        _file.Execute("BEGIN IMMEDIATE");
        try
        {
            int sources = WriteSources(catalogue.Sources);
            WriteNames(table, catalogue);
            int rows = WriteChunks(table.Pending) + WriteHeads(table);
            _rollups.Write(rollups);
            long forgotten = _retention.Run(table);
            for (int lane = 0; lane < laneOffsets.Length; lane++)
            {
                _cursor.Bind(1, lane).Bind(2, laneOffsets[lane]).Run();
            }

            ledger.Write();
            _count.Bind(1, "samples").Bind(2, samples).Run();
            _count.Bind(1, "chunks").Bind(2, table.Pending.Chunks.Length).Run();
            _file.Execute("COMMIT");
            _sourcesWritten = sources;
            ChunksForgotten += forgotten;
            return rows;
        }
        catch
        {
            _file.RollBack();
            throw;
        }
    }

    public void Dispose()
    {
        _source.Dispose();
        _series.Dispose();
        _field.Dispose();
        _chunk.Dispose();
        _head.Dispose();
        _cursor.Dispose();
        _count.Dispose();
        _lateChunk.Dispose();
        _rollups.Dispose();
        _retention.Dispose();
    }

    /// <summary>Writes all sources that are not in the file, whether a sample has them yet or not.</summary>
    /// <returns>The number of the last one.</returns>
    private int WriteSources(SourceCatalogue sources)
    {
        int count = sources.Count;
        for (int number = _sourcesWritten + 1; number <= count; number++)
        {
            SampleSource source = sources.At(number)!;
            _source.Bind(1, number)
                .Bind(2, Encoding.UTF8.GetBytes(source.Series))
                .Bind(3, Encoding.UTF8.GetBytes(source.Field))
                .Bind(4, Encoding.UTF8.GetBytes(source.Unit))
                .Bind(5, source.Scale)
                .Bind(6, source.Offset)
                .Run();
        }

        return count;
    }

    private void WriteNames(HeadTable table, SeriesCatalogue catalogue)
    {
        foreach (int seriesId in table.NewSeries)
        {
            _series.Bind(1, table.SeriesStoreId(seriesId)).Bind(2, catalogue.SeriesAt(seriesId).Key.Span).Run();
        }

        foreach (int fieldId in table.NewFields)
        {
            Field field = catalogue.FieldAt(fieldId);
            _field.Bind(1, table.Find(fieldId)!.StoreId)
                .Bind(2, table.SeriesStoreId(field.Series.Id))
                .Bind(3, field.Name)
                .Bind(4, (long)field.Type)
                .Run();
        }
    }

    private int WriteChunks(PendingChunks pending)
    {
        foreach (ref readonly PendingChunk chunk in pending.Chunks)
        {
            SampleSummary summary = chunk.Summary;
            _chunk.Bind(1, chunk.Sequence)
                .Bind(2, chunk.Head.StoreId)
                .Bind(3, summary.FirstTime)
                .Bind(4, summary.LastTime)
                .Bind(5, summary.Count);
            if (chunk.HasValues)
            {
                _chunk.Bind(6, summary.First)
                    .Bind(7, summary.Last)
                    .Bind(8, summary.Min)
                    .Bind(9, summary.Max)
                    .Bind(10, summary.Sum);
            }
            else
            {
                _chunk.BindNull(6).BindNull(7).BindNull(8).BindNull(9).BindNull(10);
            }

            _chunk.Bind(11, pending.BlobOf(chunk)).Run();
            if (chunk.IsLate && RollupLevels.Has(chunk.Head.Type))
            {
                _lateChunk.Bind(1, chunk.Sequence)
                    .Bind(2, chunk.Head.StoreId)
                    .Bind(3, summary.FirstTime)
                    .Bind(4, summary.LastTime)
                    .Run();
            }
        }

        return pending.Chunks.Length;
    }

    private int WriteHeads(HeadTable table)
    {
        int rows = 0;
        foreach (FieldHead head in table.DirtyHeads)
        {
            long row = MainRow(head.StoreId);
            WriteHead(table, head, head.Main, row);
            rows++;
            if (head.Late is not null)
            {
                WriteHead(table, head, head.Late, row + 1);
                rows++;
            }
        }

        return rows;
    }

    private void WriteHead(HeadTable table, FieldHead head, OpenChunk open, long row)
    {
        _head.Bind(1, row).Bind(2, head.SealedThrough).Bind(3, head.SpanMax);
        ReadOnlySpan<byte> parts = table.RowOf(open, head.Type);
        if (parts.IsEmpty)
        {
            _head.BindNull(4);
        }
        else
        {
            _head.Bind(4, parts);
        }

        _head.Run();
    }
}
