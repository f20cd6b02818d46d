using Telemetry.Influx;

namespace Telemetry.Ingestion;

/// <summary>The numbers of the InfluxDB output.</summary>
internal static class SinkMetrics
{
    /// <summary>The numbers now.</summary>
    public static IEnumerable<Metric> Of(IngestPipeline pipeline)
    {
        InfluxMetrics metrics = pipeline.InfluxMetrics;
        yield return new("telemetry_influx_lines_accepted_total", "Lines InfluxDB took.", metrics.LinesAccepted);
        yield return new(
            "telemetry_influx_lines_refused_total", "Lines InfluxDB refused by name.", metrics.LinesRefused);
        yield return new(
            "telemetry_influx_lines_beyond_retention_total",
            "Lines older than InfluxDB keeps.",
            metrics.LinesBeyondRetention);
        yield return new(
            "telemetry_influx_lines_refilled_total",
            "Lines from the embedded store, for what the spool let go of.",
            metrics.LinesRefilled);
        yield return new(
            "telemetry_influx_points_withheld_total",
            "Points not sent: InfluxDB would lose or refuse them, or end on them.",
            metrics.PointsWithheld);
        yield return new(
            "telemetry_influx_held",
            "1 while InfluxDB refuses all in words that someone must look at.",
            metrics.IsHeld ? 1 : 0);
        yield return new(
            "telemetry_influx_conflicting_fields",
            "Fields that InfluxDB has with another type.",
            pipeline.Influx?.Types.Count ?? 0);
        yield return new(
            "telemetry_influx_ledger_off_points",
            "Points that are not accounted for; not 0 is a bug.",
            pipeline.Influx?.Counts.Off ?? 0);
        yield return new("telemetry_influx_requests_total", "Requests sent.", metrics.Requests);
        yield return new("telemetry_influx_failures_total", "Requests that had to be repeated.", metrics.Failures);
        yield return new(
            "telemetry_influx_backlog_bytes",
            "Bytes of spool that are sent beside new data.",
            pipeline.Influx?.Backlog.Sum(range => range.To - range.From) ?? 0);
        yield return new(
            "telemetry_influx_missed_bytes",
            "Bytes the spool let go of, to be refilled from the embedded store.",
            pipeline.Influx?.Missed.Sum(range => range.To - range.From) ?? 0);
    }
}
