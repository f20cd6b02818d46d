using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>What a verification found.</summary>
/// <param name="Chunks">Sealed chunks read.</param>
/// <param name="Samples">Samples in them.</param>
/// <param name="Bytes">Bytes of them.</param>
/// <param name="OpenChunks">Open chunks read.</param>
/// <param name="Rollups">Roll-ups read.</param>
/// <param name="Faults">
/// What is wrong, each with its table and row; the first <see cref="StoreVerification.FaultsMax"/>.
/// </param>
/// <param name="FaultCount">How many faults there are.</param>
public sealed record StoreFindings(
    long Chunks,
    long Samples,
    long Bytes,
    long OpenChunks,
    long Rollups,
    IReadOnlyList<string> Faults,
    long FaultCount);

/// <summary>
/// Reads a whole store and holds it against what its format promises (docs/formats/store.md). Changes nothing, and
/// needs no pause of the service: rows are read some at a time, so that SQLite's log does not grow meanwhile.
/// </summary>
public sealed class StoreVerification : IDisposable
{
    /// <summary>Faults that are told one by one.</summary>
    public const int FaultsMax = 100;

    private const int RowsAtOnce = 1_000;
    private readonly SqliteFile _file;
    private readonly Dictionary<long, FieldType> _types = [];
    private readonly SampleColumns _columns = new();
    private readonly RollupColumns _windows = new();
    private readonly List<string> _faults = [];
    private long _faultCount;
    private long _sources;

    private StoreVerification(string path) => _file = SqliteFile.OpenToRead(path);

    /// <summary>Verifies a store's file.</summary>
    /// <exception cref="StoreException">It cannot be opened or read.</exception>
    public static StoreFindings Run(string path)
    {
        using var verification = new StoreVerification(path);
        return verification.Run();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private StoreFindings Run()
    {
        CheckPages();
        LoadNames();
        (long chunks, long samples, long bytes) = CheckChunks();
        long open = CheckHeads();
        long rollups = CheckRollups();
        return new StoreFindings(chunks, samples, bytes, open, rollups, _faults, _faultCount);
    }

    private void CheckPages()
    {
        using Statement rows = _file.Prepare("PRAGMA integrity_check");
        while (rows.Step())
        {
            string found = rows.Text(0);
            if (found != "ok")
            {
                Add($"file: {found}");
            }
        }
    }

    /// <summary>Names are never removed, so one that is missing may be of a checkpoint since the last look.</summary>
    private void LoadNames()
    {
        _sources = _file.ReadInt64("SELECT max(number) FROM sources");
        _types.Clear();
        using Statement rows = _file.Prepare(
            "SELECT fields.id, fields.type, series.id FROM fields LEFT JOIN series ON series.id = fields.series");
        while (rows.Step())
        {
            _types.Add(rows.Int64(0), (FieldType)rows.Int64(1));
            if (rows.IsNull(2))
            {
                Add($"fields, row {rows.Int64(0)}: its series is not in the file");
            }
        }
    }

    private (long Chunks, long Samples, long Bytes) CheckChunks()
    {
        (long chunks, long samples, long bytes) = (0, 0, 0);
        using Statement rows = _file.Prepare(
            """
            SELECT id, field, first_time, last_time, count, min, max, chunk FROM chunks
            WHERE id > ?1 ORDER BY id LIMIT ?2
            """);
        foreach (long row in Each(rows))
        {
            chunks++;
            samples += rows.Int64(4);
            ReadOnlySpan<byte> chunk = rows.Blob(7);
            bytes += chunk.Length;
            if (FaultOf(rows, chunk) is { } fault)
            {
                Add($"chunks, row {row}: {fault}");
            }
        }

        return (chunks, samples, bytes);
    }

    private string? FaultOf(Statement row, ReadOnlySpan<byte> chunk)
    {
        if (TypeOf(row.Int64(1)) is not { } type)
        {
            return $"field {row.Int64(1)} is not in the file";
        }

        if (FaultOf(chunk, type) is { } fault)
        {
            return fault;
        }

        SampleSummaries.TryOf(_columns, type, out SampleSummary summary);
        bool isSame = summary.Count == row.Int64(4)
            && summary.FirstTime == row.Int64(2)
            && summary.LastTime == row.Int64(3)
            && (row.IsNull(5) || (summary.Min == row.Double(5) && summary.Max == row.Double(6)));
        return isSame ? null : "its samples are not those that its row tells of";
    }

    private string? FaultOf(ReadOnlySpan<byte> chunk, FieldType type)
    {
        _columns.Clear();
        ChunkFault fault = ChunkFormat.Decode(chunk, type, _columns, withProvenance: true);
        if (fault != ChunkFault.None)
        {
            return ChunkFaultText.Of(fault);
        }

        foreach (long source in _columns.Origins.Sources.AsSpan(0, _columns.Count))
        {
            if (source > _sources)
            {
                LoadNames();
            }

            if (source > _sources)
            {
                return $"source {source} is not in the file";
            }
        }

        return null;
    }

    private long CheckHeads()
    {
        long open = 0;
        using Statement rows = _file.Prepare(
            "SELECT id, parts FROM heads WHERE id > ?1 AND parts IS NOT NULL ORDER BY id LIMIT ?2");
        foreach (long row in Each(rows))
        {
            open++;
            if (TypeOf(row / 2) is not { } type)
            {
                Add($"heads, row {row}: field {row / 2} is not in the file");
                continue;
            }

            var parts = new BlobReader(rows.Blob(1));
            string? fault = null;
            while (fault is null && HeadParts.TryRead(ref parts, out ReadOnlySpan<byte> part))
            {
                fault = FaultOf(part, type);
            }

            if (fault is not null || parts.Failed)
            {
                Add($"heads, row {row}: {fault ?? ChunkFaultText.Of(ChunkFault.Truncated)}");
            }
        }

        return open;
    }

    private long CheckRollups()
    {
        long rollups = 0;
        using Statement rows = _file.Prepare(
            "SELECT id, field, day, windows FROM rollups WHERE id > ?1 ORDER BY id LIMIT ?2");
        foreach (long row in Each(rows))
        {
            rollups++;
            ChunkFault fault = RollupFormat.Decode(rows.Blob(3), _windows);
            string? cause = fault == ChunkFault.None ? null : ChunkFaultText.Of(fault);
            cause ??= TypeOf(rows.Int64(1)) is not null ? null : $"field {rows.Int64(1)} is not in the file";
            cause ??= LiesInItsDay(rows.Int64(2)) ? null : "its windows are not of its day";
            if (cause is not null)
            {
                Add($"rollups, row {row}: {cause}");
            }
        }

        return rollups;
    }

    private bool LiesInItsDay(long day) =>
        _windows.FirstTimes[0] / RollupLevels.Day == day && _windows.FirstTimes[^1] / RollupLevels.Day == day;

    /// <summary>The numbers of all rows, each while the statement stands on it.</summary>
    private static IEnumerable<long> Each(Statement rows)
    {
        long last = -1;
        for (int count = RowsAtOnce; count == RowsAtOnce;)
        {
            rows.Bind(1, last).Bind(2, RowsAtOnce);
            for (count = 0; rows.Step(); count++)
            {
                last = rows.Int64(0);
                yield return last;
            }

            rows.Reset();
        }
    }

    private FieldType? TypeOf(long field)
    {
        if (!_types.ContainsKey(field))
        {
            LoadNames();
        }

        return _types.TryGetValue(field, out FieldType type) ? type : null;
    }

    private void Add(string fault)
    {
        _faultCount++;
        if (_faults.Count < FaultsMax)
        {
            _faults.Add(fault);
        }
    }
}
