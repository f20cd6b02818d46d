using System.Diagnostics;
using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// The memory of the store: a head per field, sealed chunks that wait for the checkpoint, and what the next checkpoint
/// must write. One thread appends; methods named Locked need the store's lock, because readers look in under it.
/// </summary>
internal sealed class HeadTable(SeriesCatalogue catalogue, StoreOptions options, StoreMetrics metrics)
{
    private const int PartsBytesMax = 256 * 1024; // long texts seal a chunk before its samples do
    private readonly HeadScratch _scratch = new();
    private FieldHead?[] _heads = new FieldHead?[256];
    private long[] _seriesStoreIds = new long[64];
    private int _samplesLate;

    /// <summary>Series that are not in the file yet, as identities of the catalogue.</summary>
    public List<int> NewSeries { get; } = [];

    /// <summary>Fields that are not in the file yet, as identities of the catalogue.</summary>
    public List<int> NewFields { get; } = [];

    /// <summary>Fields whose heads changed since the last checkpoint.</summary>
    public List<FieldHead> DirtyHeads { get; } = [];

    public PendingChunks Pending { get; } = new();

    /// <summary>Number of the next chunk that is sealed.</summary>
    public long NextSequence { get; private set; } = 1;

    /// <summary>Chunks below this number are in the file; those from it on are in <see cref="Pending"/>.</summary>
    public long CommittedBelow { get; private set; } = 1;

    private long NextSeriesStoreId { get; set; } = 1;

    private long NextFieldStoreId { get; set; } = 1;

    /// <summary>Fields below this number may have a head.</summary>
    public int FieldIdEnd => _heads.Length;

    /// <summary>The head of a field; null when nothing was ever stored for it.</summary>
    public FieldHead? Find(int fieldId) => (uint)fieldId < (uint)_heads.Length ? _heads[fieldId] : null;

    /// <summary>Identity in the file of a series that has fields.</summary>
    public long SeriesStoreId(int seriesId) => _seriesStoreIds[seriesId];

    /// <summary>Takes in all samples of a batch.</summary>
    /// <returns>How many of them came behind what is sealed.</returns>
    public int AppendLocked(PointBatch batch)
    {
        _samplesLate = 0;
        ReadOnlySpan<RecordEntry> records = batch.Records;
        foreach (ref readonly PointEntry point in batch.Points)
        {
            long arrival = records[point.Record].ArrivalTime / Timestamp.NanosecondsPerMillisecond;
            foreach (ref readonly SampleEntry sample in batch.SamplesOf(point))
            {
                FieldHead head = Find(sample.FieldId) ?? AddHead(sample.FieldId);
                Debug.Assert(head.Type == sample.Type, "a field keeps its type");
                OpenChunk open = ChunkWithRoom(head, point.Time);
                var origin = new SampleOrigin(sample.Source, point.Correction);
                if (sample.Type == FieldType.String)
                {
                    open.AppendText(point.Time, batch.TextOf(sample), sample.Quality, arrival, origin);
                }
                else
                {
                    open.Append(point.Time, sample.Bits, sample.Quality, arrival, origin);
                }
            }
        }

        return _samplesLate;
    }

    /// <summary>The checkpoint is durable: nothing waits any more.</summary>
    public void OnCheckpointLocked()
    {
        foreach (ref readonly PendingChunk chunk in Pending.Chunks)
        {
            chunk.Head.LastPending = -1;
        }

        Pending.Clear();
        CommittedBelow = NextSequence;
        foreach (FieldHead head in DirtyHeads)
        {
            head.IsDirty = false;
        }

        DirtyHeads.Clear();
        NewSeries.Clear();
        NewFields.Clear();
    }

    /// <summary>Writes the row of an open chunk into scratch memory, where it is valid until the next call.</summary>
    public ReadOnlySpan<byte> RowOf(OpenChunk open, FieldType type)
    {
        open.WriteRow(type, _scratch);
        return _scratch.Blob.Written;
    }

    /// <summary>Takes in what the file knows; the next identities follow the greatest ones in it.</summary>
    public void RestoreNumbers(long seriesMax, long fieldMax, long chunkMax)
    {
        NextSeriesStoreId = seriesMax + 1;
        NextFieldStoreId = fieldMax + 1;
        NextSequence = chunkMax + 1;
        CommittedBelow = NextSequence;
    }

    /// <summary>Takes in a field of the file.</summary>
    /// <returns>Its head; null when the file holds the same field twice.</returns>
    public FieldHead? RestoreField(Field field, long seriesStoreId, long fieldStoreId)
    {
        if (Find(field.Id) is not null)
        {
            return null;
        }

        EnsureRoom(ref _seriesStoreIds, field.Series.Id);
        _seriesStoreIds[field.Series.Id] = seriesStoreId;
        EnsureRoom(ref _heads, field.Id);
        return _heads[field.Id] = new FieldHead(fieldStoreId, field.Type);
    }

    private OpenChunk ChunkWithRoom(FieldHead head, long time)
    {
        if (!head.IsDirty)
        {
            head.IsDirty = true;
            DirtyHeads.Add(head);
        }

        OpenChunk open = head.Of(time);
        while (open.IsTailFull)
        {
            // Sealing moves the line between main and late, so the choice is made anew.
            MakeRoom(head, open);
            open = head.Of(time);
        }

        _samplesLate += ReferenceEquals(open, head.Main) ? 0 : 1;
        return open;
    }

    private void MakeRoom(FieldHead head, OpenChunk open)
    {
        metrics.OnOverwritten(open.EncodeTail(head.Type, _scratch));
        if (open.Count >= options.ChunkSamples || open.PartsBytes >= PartsBytesMax)
        {
            Seal(head, open);
        }
    }

    private void Seal(FieldHead head, OpenChunk open)
    {
        SampleColumns columns = _scratch.Columns;
        columns.Clear();
        open.CopyTo(columns, head.Type);
        metrics.OnOverwritten(columns.SortByTime(head.Type));
        bool isMain = ReferenceEquals(open, head.Main);
        bool hasValues = SampleSummaries.TryOf(columns, head.Type, out SampleSummary summary);
        int start = Pending.Blobs.Count;
        _scratch.Encoder.Encode(columns, head.Type, Pending.Blobs);
        head.LastPending = Pending.Add(new PendingChunk
        {
            Head = head,
            Sequence = NextSequence++,
            Previous = head.LastPending,
            Start = start,
            Bytes = Pending.Blobs.Count - start,
            Summary = summary,
            HasValues = hasValues,
            IsLate = !isMain,
        });
        if (isMain)
        {
            head.SealedThrough = summary.LastTime;
        }

        head.SpanMax = Math.Max(head.SpanMax, SaturatingTime.Subtract(summary.LastTime, summary.FirstTime));
        open.Clear();
        metrics.OnSealed();
    }

    private FieldHead AddHead(int fieldId)
    {
        Field field = catalogue.FieldAt(fieldId);
        int seriesId = field.Series.Id;
        EnsureRoom(ref _seriesStoreIds, seriesId);
        if (_seriesStoreIds[seriesId] == 0)
        {
            _seriesStoreIds[seriesId] = NextSeriesStoreId++;
            NewSeries.Add(seriesId);
        }

        EnsureRoom(ref _heads, fieldId);
        NewFields.Add(fieldId);
        return _heads[fieldId] = new FieldHead(NextFieldStoreId++, field.Type);
    }

    private static void EnsureRoom<T>(ref T[] table, int index)
    {
        if (index >= table.Length)
        {
            Array.Resize(ref table, Math.Max(table.Length * 2, index + 1));
        }
    }
}
