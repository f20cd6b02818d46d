using System.Text;
using Microsoft.Extensions.Logging;
using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>Takes the names and open chunks of the file into memory when the store is opened.</summary>
internal sealed class StoreLoader(
    SqliteFile file, SeriesCatalogue catalogue, HeadTable table, StoreMetrics metrics, ILogger log)
{
    private readonly Dictionary<long, FieldHead> _headsByStoreId = [];
    private readonly SampleColumns _columns = new();

    /// <summary>The greatest number of a source in the file.</summary>
    public int LastSource { get; private set; }

    public void Load()
    {
        table.RestoreNumbers(
            file.ReadInt64("SELECT max(id) FROM series"),
            file.ReadInt64("SELECT max(id) FROM fields"),
            file.ReadInt64("SELECT max(id) FROM chunks"));
        LoadSources();
        LoadFields();
        LoadHeads();
        LoadRollupProgress();
        StoreLog.Opened(log, file.Path, catalogue.SeriesCount, _headsByStoreId.Count, _headsByStoreId.Count);
    }

    private void LoadSources()
    {
        using Statement rows = file.Prepare(
            """
            SELECT number, series, field, unit, scale, offset FROM sources
            WHERE number BETWEEN 1 AND ?1 ORDER BY number
            """);
        rows.Bind(1, Limits.SourceCountMax);
        while (rows.Step())
        {
            var source = new SampleSource(
                Encoding.UTF8.GetString(rows.Blob(1)),
                Encoding.UTF8.GetString(rows.Blob(2)),
                Encoding.UTF8.GetString(rows.Blob(3)),
                rows.Double(4),
                rows.Double(5));
            LastSource = (int)rows.Int64(0);
            catalogue.Sources.Restore(LastSource, source);
        }
    }

    private void LoadFields()
    {
        using Statement rows = file.Prepare(
            """
            SELECT fields.id, fields.series, fields.name, fields.type, series.key
            FROM fields JOIN series ON series.id = fields.series ORDER BY fields.id
            """);
        while (rows.Step())
        {
            string name = rows.Text(2);
            ReadOnlySpan<byte> key = rows.Blob(4);
            InternOutcome outcome = catalogue.TryIntern(key, name, (FieldType)rows.Int64(3), out Field? field);
            FieldHead? head = outcome == InternOutcome.Interned
                ? table.RestoreField(field!, rows.Int64(1), rows.Int64(0))
                : null;
            if (head is null)
            {
                StoreLog.FieldLeftOut(log, name, Encoding.UTF8.GetString(key), outcome.ToString());
                continue;
            }

            _headsByStoreId.Add(head.StoreId, head);
        }
    }

    private void LoadHeads()
    {
        var damaged = new List<(long Row, byte[] Sound)>();
        using Statement rows = file.Prepare("SELECT id, sealed_through, span_max, parts FROM heads");
        while (rows.Step())
        {
            long row = rows.Int64(0);
            if (!_headsByStoreId.TryGetValue(row / 2, out FieldHead? head))
            {
                continue;
            }

            bool isMain = row == CheckpointWriter.MainRow(head.StoreId);
            if (isMain)
            {
                head.SealedThrough = rows.Int64(1);
            }

            head.SpanMax = Math.Max(head.SpanMax, rows.Int64(2));
            if (rows.IsNull(3))
            {
                continue;
            }

            ReadOnlySpan<byte> parts = rows.Blob(3);
            if (!TryRestore(row, head, isMain ? head.Main : head.RequireLate(), parts, out int sound))
            {
                damaged.Add((row, parts[..sound].ToArray()));
            }
        }

        rows.Reset();
        SetAside(damaged);
    }

    private void LoadRollupProgress()
    {
        using Statement rows = file.Prepare("SELECT field, through FROM rollup_progress");
        while (rows.Step())
        {
            if (_headsByStoreId.TryGetValue(rows.Int64(0), out FieldHead? head))
            {
                head.RolledThrough = rows.Int64(1);
            }
        }
    }

    /// <summary>Takes in the parts ahead of the first damaged one.</summary>
    private bool TryRestore(long row, FieldHead head, OpenChunk open, ReadOnlySpan<byte> parts, out int sound)
    {
        var reader = new BlobReader(parts);
        _columns.Clear();
        sound = 0;
        ChunkFault fault = ChunkFault.None;
        while (fault == ChunkFault.None && HeadParts.TryRead(ref reader, out ReadOnlySpan<byte> part))
        {
            fault = ChunkFormat.Decode(part, head.Type, _columns, withProvenance: true);
            sound = fault == ChunkFault.None ? parts.Length - reader.Left : sound;
        }

        if (_columns.Count > 0)
        {
            long min = long.MaxValue;
            long max = long.MinValue;
            foreach (long time in _columns.Times)
            {
                min = Math.Min(min, time);
                max = Math.Max(max, time);
            }

            open.Restore(parts[..sound], _columns.Count, min, max);
        }

        fault = reader.Failed && fault == ChunkFault.None ? ChunkFault.Truncated : fault;
        if (fault != ChunkFault.None)
        {
            metrics.OnCorrupt();
            StoreLog.HeadCorrupt(log, row, ChunkFaultText.Of(fault), _columns.Count);
        }

        return fault == ChunkFault.None;
    }

    /// <summary>The next checkpoint would write over the damaged rows: keep them for whoever can read them.</summary>
    private void SetAside(List<(long Row, byte[] Sound)> damaged)
    {
        if (damaged.Count == 0 || file.IsReadOnly)
        {
            return;
        }

        using Statement copy = file.Prepare(
            "INSERT INTO set_aside (head, parts) SELECT id, parts FROM heads WHERE id = ?1");
        using Statement keep = file.Prepare("UPDATE heads SET parts = ?2 WHERE id = ?1");
        file.Execute("BEGIN IMMEDIATE");
        foreach ((long row, byte[] sound) in damaged)
        {
            copy.Bind(1, row).Run();
            keep.Bind(1, row).Bind(2, sound).Run();
        }

        file.Execute("COMMIT");
    }
}
