using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>What is kept of messages behind the spool, and was decoded anew, as numbers.</summary>
internal static class ArchiveMetrics
{
    /// <summary>The numbers now; without an archive none of it.</summary>
    public static IEnumerable<Metric> Of(IngestPipeline pipeline)
    {
        yield return new(
            "telemetry_ingestion_records_redecoded_total",
            "Records of points that were decoded anew.",
            pipeline.Metrics.RecordsRedecoded);
        if (pipeline.Spool.Archive is not { } archive)
        {
            yield break;
        }

        yield return new("telemetry_archive_bytes", "Bytes of archived messages on disk.", archive.Bytes);
        yield return new("telemetry_archive_files", "Files they are in.", archive.Count);
        yield return new(
            "telemetry_archive_files_deleted_total",
            "Files that went for the budget or the disk.",
            archive.DeletedCount);
        if (archive.FirstArrival > 0)
        {
            yield return new(
                "telemetry_archive_oldest_timestamp_seconds",
                "When the oldest archived message arrived, seconds since 1970.",
                archive.FirstArrival / (double)Timestamp.NanosecondsPerSecond);
        }
    }
}
