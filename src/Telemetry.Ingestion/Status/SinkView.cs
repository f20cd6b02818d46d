using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>What the InfluxDB output still has to send, and what it will never have.</summary>
public sealed record SinkView
{
    /// <summary>The server's words while it takes nothing; null while it does.</summary>
    public required string? Fault { get; init; }

    /// <summary>Ranges of the spool that are sent beside new data, oldest first.</summary>
    public required IReadOnlyList<SinkRangeView> Backlog { get; init; }

    /// <summary>Ranges that are refilled from the embedded store, oldest first.</summary>
    public required IReadOnlyList<SinkRangeView> Missed { get; init; }

    /// <summary>Points that the server does not take, by series, those with most points first.</summary>
    public required IReadOnlyList<SetApartView> SetApart { get; init; }

    /// <summary>Points whose series did not fit in that list.</summary>
    public required long SetApartUnlisted { get; init; }

    /// <summary>The view now; null without an InfluxDB.</summary>
    public static SinkView? Of(IngestPipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return pipeline.Influx is not { } sink ? null : new SinkView
        {
            Fault = pipeline.InfluxMetrics.Fault,
            Backlog =
            [
                .. sink.Backlog.Select(range =>
                    new SinkRangeView(range.From, range.To, Milliseconds(range.FirstArrival), null)),
            ],
            Missed =
            [
                .. sink.Missed.Select(range => new SinkRangeView(
                    range.From, range.To, Milliseconds(range.FirstArrival), Milliseconds(range.LastArrival))),
            ],
            SetApart =
            [
                .. sink.SetApart.All.Select(series => new SetApartView(
                    series.Series,
                    series.Reason.ToString(),
                    series.Count,
                    Milliseconds(series.FirstTime),
                    Milliseconds(series.LastTime),
                    series.Words)),
            ],
            SetApartUnlisted = sink.SetApart.Unlisted,
        };
    }

    private static long Milliseconds(long time) => time / Timestamp.NanosecondsPerMillisecond;
}

/// <summary>A range of the log that the sink has not had.</summary>
/// <param name="From">Offset where it begins.</param>
/// <param name="To">Offset where it ends.</param>
/// <param name="FirstArrivalMilliseconds">Nothing of it arrived before, since 1970; 0 when unknown.</param>
/// <param name="LastArrivalMilliseconds">Nothing of it arrived after; null while it is in the spool.</param>
public sealed record SinkRangeView(
    long From, long To, long FirstArrivalMilliseconds, long? LastArrivalMilliseconds);

/// <summary>Points of one series that the server does not take.</summary>
/// <param name="Series">Measurement and tags.</param>
/// <param name="Reason">Why.</param>
/// <param name="Count">How many since the service started.</param>
/// <param name="FirstTimeMilliseconds">Time of the oldest since 1970.</param>
/// <param name="LastTimeMilliseconds">Time of the newest since 1970.</param>
/// <param name="Words">What the server said of the last of them.</param>
public sealed record SetApartView(
    string Series, string Reason, long Count, long FirstTimeMilliseconds, long LastTimeMilliseconds, string Words);
