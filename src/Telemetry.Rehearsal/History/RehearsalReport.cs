namespace Telemetry.Rehearsal;

/// <summary>What people would have been told over a span of stored history.</summary>
public sealed record RehearsalReport
{
    /// <summary>Fields of the store that are signals of the site.</summary>
    public required int SignalCount { get; init; }

    /// <summary>Samples judged or passed over.</summary>
    public required long SampleCount { get; init; }

    /// <summary>How many of them were late: passed over, as the service does.</summary>
    public required long LateCount { get; init; }

    /// <summary>Late samples beyond the ceiling, which nobody saw.</summary>
    public required long LeftOutCount { get; init; }

    /// <summary>Samples that were seen after others that arrived later, because of a clock far ahead.</summary>
    public required long AheadCount { get; init; }

    /// <summary>Samples that a settled pass left out: under way for longer than its horizon.</summary>
    public required long UnsettledCount { get; init; }

    /// <summary>When each condition stood, by event time.</summary>
    public required ConditionSpans Spans { get; init; }

    /// <summary>First arrival, nanoseconds since 1970.</summary>
    public required long First { get; init; }

    /// <summary>Last arrival, nanoseconds since 1970.</summary>
    public required long Last { get; init; }

    /// <summary>How often nothing came for longer than <see cref="HistoryRehearsal.OutageMin"/>.</summary>
    public required int OutageCount { get; init; }

    /// <summary>For how long in all.</summary>
    public required TimeSpan OutageTime { get; init; }

    /// <summary>What was told.</summary>
    public required AlarmTally Alarms { get; init; }

    /// <summary>Held against labels, mode by mode; empty without labels.</summary>
    public required IReadOnlyList<ModeScore> Modes { get; init; }

    /// <summary>Conditions that began on assets that no label says anything about at the time.</summary>
    public required int BesideLabels { get; init; }

    /// <summary>Days from the first arrival to the last, an hour at least.</summary>
    public double Days => Math.Max(1.0 / 24, (Last - First) / 86_400e9);

    /// <summary>Notices per signal and day.</summary>
    public double NoticesPerSeriesDay => Alarms.NoticeCount / (Days * SignalCount);
}
