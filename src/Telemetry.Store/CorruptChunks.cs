using Microsoft.Extensions.Logging;
using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>The chunks found corrupt since the store was opened: each is counted and named once.</summary>
internal sealed class CorruptChunks(SeriesCatalogue catalogue, StoreMetrics metrics, ILogger log)
{
    private const int KnownCountMax = 10_000; // beyond it the disk is gone and the log says so already
    private readonly Lock _gate = new();
    private readonly HashSet<long> _known = [];

    public void Report(long chunk, int fieldId, ChunkFault fault)
    {
        lock (_gate)
        {
            if (_known.Count >= KnownCountMax || !_known.Add(chunk))
            {
                return;
            }
        }

        metrics.OnCorrupt();
        Field field = catalogue.FieldAt(fieldId);
        string series = System.Text.Encoding.UTF8.GetString(field.Series.Key.Span);
        StoreLog.ChunkCorrupt(log, chunk, field.Name, series, ChunkFaultText.Of(fault));
    }
}
