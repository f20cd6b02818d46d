using System.Buffers;
using Telemetry.Influx;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>Counts for the ledger what a writer of lines makes of a batch.</summary>
internal static class LineCounting
{
    /// <summary>Appends the points of the batch as lines.</summary>
    /// <returns>How many lines were written.</returns>
    public static int Write(
        this LineProtocolWriter lines,
        PointBatch batch,
        IBufferWriter<byte> output,
        ref SinkCounts counts,
        InfluxMetrics metrics)
    {
        long leftOut = lines.LeftOutCount;
        long stale = lines.StaleCount;
        int count = lines.Write(batch, output);
        counts.Points += batch.Points.Length;
        counts.Withheld += lines.LeftOutCount - leftOut;
        counts.NotMeasured += lines.StaleCount - stale;
        metrics.CountWithheld(lines.LeftOutCount - leftOut);
        return count;
    }
}
