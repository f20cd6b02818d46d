namespace Telemetry.Alarms;

/// <summary>What the board says to a finding or command.</summary>
public enum DecisionOutcome : byte
{
    /// <summary>The alarm moves: journal the record, then apply it.</summary>
    Moves = 0,

    /// <summary>It is so already.</summary>
    Stays = 1,

    /// <summary>The journal has this finding, or a later one on the same alarm.</summary>
    AlreadyJournalled = 2,

    /// <summary>The finding's field carries no signal, so there is no name for the alarm.</summary>
    NoSignal = 3,

    /// <summary>The ceiling on alarms is reached and this would be a new one.</summary>
    BoardFull = 4,

    /// <summary>There is no alarm of that name.</summary>
    UnknownAlarm = 5,

    /// <summary>Nothing is left to acknowledge: the alarm is normal or acknowledged.</summary>
    NotUnacknowledged = 6,

    /// <summary>Operators sign with their name; it was empty.</summary>
    NameMissing = 7,

    /// <summary>Name or comment is longer than <see cref="AlarmBoard.TextBytesMax"/>.</summary>
    TextTooLong = 8,
}

/// <summary>An outcome, and the record to journal when the alarm moves.</summary>
/// <param name="Outcome">What the board says.</param>
/// <param name="Record">There when and only when the outcome is <see cref="DecisionOutcome.Moves"/>.</param>
public readonly record struct AlarmDecision(DecisionOutcome Outcome, AlarmRecord? Record);
