namespace Telemetry.Alarms;

/// <summary>
/// One line of the journal: which alarm moved from where to where, when, by what or whom, and why. The journal is the
/// truth; the board is made from it and from nothing else.
/// </summary>
public sealed record AlarmRecord
{
    /// <summary>Number of the record: 1 for the first of the journal, then without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>The alarm, see <see cref="AlarmIdentity"/>.</summary>
    public required string AlarmId { get; init; }

    /// <summary>What moved it.</summary>
    public required AlarmTrigger Trigger { get; init; }

    /// <summary>The state before.</summary>
    public required AlarmState From { get; init; }

    /// <summary>The state after.</summary>
    public required AlarmState To { get; init; }

    /// <summary>When it was decided, nanoseconds since 1970.</summary>
    public required long DecidedAt { get; init; }

    /// <summary>
    /// When it happened, nanoseconds since 1970: event time of a finding, time of decision for a command.
    /// </summary>
    public required long Time { get; init; }

    /// <summary>
    /// Spool offset of the record that made the finding; of a command that of the alarm's last finding.
    /// </summary>
    public required long Offset { get; init; }

    /// <summary>The value that was seen; NaN for a command.</summary>
    public double Value { get; init; } = double.NaN;

    /// <summary>What it was held against; NaN for a command.</summary>
    public double Limit { get; init; } = double.NaN;

    /// <summary>Who; empty when detection did it.</summary>
    public string Operator { get; init; } = "";

    /// <summary>Why, in the operator's words or in those of the detector; may be empty.</summary>
    public string Comment { get; init; } = "";

    /// <summary>What the alarm is about; there when and only when the condition began.</summary>
    public AlarmDefinition? Definition { get; init; }
}
