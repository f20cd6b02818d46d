using Telemetry.Model;

namespace Telemetry.Alarms;

/// <summary>What one journal record makes of one alarm; a function of the two and of nothing else.</summary>
internal static class AlarmFold
{
    /// <summary>The alarm after the record.</summary>
    /// <param name="before">The alarm as it was; null when the record is its first.</param>
    /// <param name="record">A record that follows from it.</param>
    public static Alarm Next(Alarm? before, AlarmRecord record)
    {
        Alarm after = record.Trigger switch
        {
            AlarmTrigger.ConditionBegan => Begin(before, record),
            AlarmTrigger.ConditionEnded => before! with
            {
                EndedAt = record.Time,
                Value = record.Value,
                Limit = record.Limit,
                LastFinding = MarkOf(record, FindingEdge.Ended),
            },
            AlarmTrigger.Acknowledge => before! with
            {
                AcknowledgedBy = record.Operator,
                AcknowledgedAt = record.Time,
                Comment = record.Comment,
            },
            _ => before! with { Comment = record.Comment },
        };
        return after with { State = record.To, ChangedAt = record.DecidedAt, LastSequence = record.Sequence };
    }

    private static Alarm Begin(Alarm? before, AlarmRecord record) => new()
    {
        Definition = record.Definition!,
        BeganAt = record.Time,
        Value = record.Value,
        Limit = record.Limit,
        Reason = record.Comment,
        BeganCount = (before?.BeganCount ?? 0) + 1,
        LastFinding = MarkOf(record, FindingEdge.Began),
    };

    private static FindingMark MarkOf(AlarmRecord record, FindingEdge edge) => new(record.Offset, record.Time, edge);
}
