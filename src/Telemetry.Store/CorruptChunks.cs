using Microsoft.Extensions.Logging;
using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>The chunks and roll-ups found corrupt since the store was opened: each is counted and named once.</summary>
internal sealed class CorruptChunks(SeriesCatalogue catalogue, StoreMetrics metrics, ILogger log)
{
    private const int KnownCountMax = 10_000; // beyond it the disk is gone and the log says so already
    private readonly Lock _gate = new();
    private readonly HashSet<long> _known = [];
    private readonly HashSet<long> _knownRollups = [];

    public void Report(long chunk, int fieldId, ChunkFault fault)
    {
        if (TryAdd(_known, chunk))
        {
            (string field, string series) = NameOf(fieldId);
            StoreLog.ChunkCorrupt(log, chunk, field, series, ChunkFaultText.Of(fault));
        }
    }

    public void ReportRollup(long row, int fieldId, ChunkFault fault)
    {
        if (TryAdd(_knownRollups, row))
        {
            (string field, string series) = NameOf(fieldId);
            StoreLog.RollupCorrupt(log, row, field, series, ChunkFaultText.Of(fault));
        }
    }

    private bool TryAdd(HashSet<long> known, long row)
    {
        lock (_gate)
        {
            if (known.Count >= KnownCountMax || !known.Add(row))
            {
                return false;
            }
        }

        metrics.OnCorrupt();
        return true;
    }

    private (string Field, string Series) NameOf(int fieldId)
    {
        Field field = catalogue.FieldAt(fieldId);
        return (field.Name, System.Text.Encoding.UTF8.GetString(field.Series.Key.Span));
    }
}
