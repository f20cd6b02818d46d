using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>What the InfluxDB output still has to send, and what it will never have.</summary>
public sealed record SinkView
{
    /// <summary>The server's words while it takes nothing; null while it does.</summary>
    public required string? Fault { get; init; }

    /// <summary>True while what is sent is refused in words that someone must look at.</summary>
    public required bool IsHeld { get; init; }

    /// <summary>What became of the points.</summary>
    public required SinkLedgerView Ledger { get; init; }

    /// <summary>Hours the server keeps points; null when that is for ever, or unknown.</summary>
    public required double? RetentionHours { get; init; }

    /// <summary>Fields that the server has with another type; their points are not sent.</summary>
    public required IReadOnlyList<ServerTypeView> Types { get; init; }

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
            IsHeld = pipeline.InfluxMetrics.IsHeld,
            Ledger = SinkLedgerView.Of(pipeline.Spool, sink),
            RetentionHours = sink.Keeps?.TotalHours,
            Types =
            [
                .. sink.Types.OrderBy(type => type.Measurement, StringComparer.Ordinal)
                    .ThenBy(type => type.Field, StringComparer.Ordinal)
                    .Select(type => new ServerTypeView(
                        type.Measurement,
                        type.Field,
                        FieldTypeNames.Of(type.Type),
                        Milliseconds(type.LearntAt),
                        type.Words)),
            ],
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

/// <summary>What became of the points of the log that a sink has dealt with.</summary>
/// <param name="Points">Of all batches it is done with.</param>
/// <param name="Stored">The server took them.</param>
/// <param name="Refused">The server refused them one by one.</param>
/// <param name="BeyondRetention">The server dropped them, being older than it keeps.</param>
/// <param name="Withheld">They were not sent, for the server would lose or refuse them, or end on them.</param>
/// <param name="NotMeasured">Nobody measured them.</param>
/// <param name="Refilled">Samples from the embedded store, for what the spool let go of; in none of the others.</param>
/// <param name="PendingBytes">Bytes of the log it has not dealt with, the backlog's among them.</param>
/// <param name="MissedBytes">Bytes that are still to be refilled.</param>
/// <param name="Closes">True when each point is accounted for.</param>
public sealed record SinkLedgerView(
    long Points,
    long Stored,
    long Refused,
    long BeyondRetention,
    long Withheld,
    long NotMeasured,
    long Refilled,
    long PendingBytes,
    long MissedBytes,
    bool Closes)
{
    internal static SinkLedgerView Of(Spool.Spool spool, InfluxSink sink)
    {
        SinkCounts counts = sink.Counts;
        long backlog = sink.Backlog.Sum(range => range.To - range.From);
        return new SinkLedgerView(
            counts.Points,
            counts.Stored,
            counts.Refused,
            counts.BeyondRetention,
            counts.Withheld,
            counts.NotMeasured,
            counts.Refilled,
            Math.Max(0, spool.DurableOffset - sink.LiveOffset) + backlog,
            sink.Missed.Sum(range => range.To - range.From),
            counts.Off == 0);
    }
}

/// <summary>A field that the server has with another type than it is sent with.</summary>
/// <param name="Measurement">Its measurement.</param>
/// <param name="Field">Its key.</param>
/// <param name="Type">Its type there: float, integer, unsigned, boolean or string.</param>
/// <param name="LearntMilliseconds">When the server said so, since 1970.</param>
/// <param name="Words">What it said.</param>
public sealed record ServerTypeView(
    string Measurement, string Field, string Type, long LearntMilliseconds, string Words);

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
