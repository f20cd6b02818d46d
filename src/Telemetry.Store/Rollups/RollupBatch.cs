using System.Runtime.InteropServices;

namespace Telemetry.Store;

/// <summary>The roll-up of one day at one width, or that there is none any more.</summary>
/// <param name="FieldStoreId">The field's identity in the file.</param>
/// <param name="Day">Days since 1970.</param>
/// <param name="Level">Index in <see cref="RollupLevels.Widths"/>.</param>
/// <param name="Start">Where its bytes begin in the batch.</param>
/// <param name="Bytes">How many there are; 0 for none.</param>
internal readonly record struct RollupRow(long FieldStoreId, long Day, int Level, int Start, int Bytes);

/// <summary>How far the roll-ups of a field have come.</summary>
internal readonly record struct RollupProgress(long FieldStoreId, long Through);

/// <summary>
/// Roll-ups on their way into the file. Made by whoever makes roll-ups, written in the transaction of a checkpoint, so
/// that they, how far they have come, and the late chunks that are in them cannot differ.
/// </summary>
internal sealed class RollupBatch
{
    private readonly BlobWriter _bytes = new();
    private readonly List<RollupRow> _rows = [];
    private readonly List<RollupProgress> _progress = [];
    private readonly List<long> _lateChunks = [];

    /// <summary>Bytes of roll-ups in it.</summary>
    public int Bytes => _bytes.Count;

    public bool IsEmpty => _rows.Count == 0 && _progress.Count == 0 && _lateChunks.Count == 0;

    /// <summary>Rows as they were made; of the same field, day and level the last one counts.</summary>
    public ReadOnlySpan<RollupRow> Rows => CollectionsMarshal.AsSpan(_rows);

    public ReadOnlySpan<RollupProgress> Progress => CollectionsMarshal.AsSpan(_progress);

    /// <summary>Late chunks that the roll-ups of all their days hold.</summary>
    public ReadOnlySpan<long> LateChunks => CollectionsMarshal.AsSpan(_lateChunks);

    public ReadOnlySpan<byte> BytesOf(in RollupRow row) => _bytes.Written.Slice(row.Start, row.Bytes);

    /// <summary>Adds all levels of a day; of those that are not worth keeping, that there are none.</summary>
    public void AddDay(long fieldStoreId, long day, RollupFold fold, RollupFormat format)
    {
        for (int level = 0; level < RollupLevels.Widths.Length; level++)
        {
            int start = _bytes.Count;
            if (fold.WindowsOf(level) is { } windows)
            {
                format.Encode(windows, _bytes);
            }

            _rows.Add(new RollupRow(fieldStoreId, day, level, start, _bytes.Count - start));
        }
    }

    public void AddProgress(long fieldStoreId, long through) =>
        _progress.Add(new RollupProgress(fieldStoreId, through));

    public void AddLateChunk(long chunk) => _lateChunks.Add(chunk);

    public void Clear()
    {
        _bytes.Clear();
        _rows.Clear();
        _progress.Clear();
        _lateChunks.Clear();
    }
}
