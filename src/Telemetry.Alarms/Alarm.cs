namespace Telemetry.Alarms;

/// <summary>An alarm as the board has it. Immutable; a transition makes a new one.</summary>
public sealed record Alarm
{
    /// <summary>What it is about.</summary>
    public required AlarmDefinition Definition { get; init; }

    /// <summary>Where it stands.</summary>
    public AlarmState State { get; init; }

    /// <summary>Event time at which the condition last began, nanoseconds since 1970.</summary>
    public long BeganAt { get; init; }

    /// <summary>Event time at which it last ended; 0 while it is present.</summary>
    public long EndedAt { get; init; }

    /// <summary>Time of the last transition, as decided.</summary>
    public long ChangedAt { get; init; }

    /// <summary>Value of the last finding.</summary>
    public double Value { get; init; }

    /// <summary>What it was held against.</summary>
    public double Limit { get; init; }

    /// <summary>Who acknowledged this occurrence; empty while nobody has.</summary>
    public string AcknowledgedBy { get; init; } = "";

    /// <summary>When; 0 while nobody has.</summary>
    public long AcknowledgedAt { get; init; }

    /// <summary>Why it began, in the words of the detector; may be empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The last comment on this occurrence.</summary>
    public string Comment { get; init; } = "";

    /// <summary>How often the condition has begun.</summary>
    public long BeganCount { get; init; }

    /// <summary>The last finding that is in the journal.</summary>
    public FindingMark LastFinding { get; init; } = FindingMark.None;

    /// <summary>Number of the last journal record on it.</summary>
    public long LastSequence { get; init; }

    /// <summary>Its name.</summary>
    public string Id => Definition.Id;

    /// <summary>True while the condition is present.</summary>
    public bool IsPresent => State is AlarmState.Unacknowledged or AlarmState.Acknowledged;

    /// <summary>True while an operator owes an acknowledgement.</summary>
    public bool IsUnacknowledged => State is AlarmState.Unacknowledged or AlarmState.ReturnedUnacknowledged;

    /// <summary>True while it belongs on the list.</summary>
    public bool IsStanding => State != AlarmState.Normal;
}
