using Telemetry.Model;

namespace Telemetry.Alarms;

/// <summary>
/// Which finding of its alarm this is. Findings of one condition come in ascending order of these three, so the last
/// mark in the journal tells what a replay brings again from what is new.
/// </summary>
/// <param name="Offset">Spool offset of the record that made it.</param>
/// <param name="Time">Event time of the edge; one record may hold several.</param>
/// <param name="Edge">Began or ended.</param>
public readonly record struct FindingMark(long Offset, long Time, FindingEdge Edge) : IComparable<FindingMark>
{
    /// <summary>Comes before every finding.</summary>
    public static FindingMark None { get; } = new(long.MinValue, long.MinValue, FindingEdge.Began);

    /// <inheritdoc/>
    public int CompareTo(FindingMark other) =>
        (Offset, Time, (byte)Edge).CompareTo((other.Offset, other.Time, (byte)other.Edge));

    /// <summary>Earlier than.</summary>
    public static bool operator <(FindingMark left, FindingMark right) => left.CompareTo(right) < 0;

    /// <summary>Later than.</summary>
    public static bool operator >(FindingMark left, FindingMark right) => left.CompareTo(right) > 0;

    /// <summary>Earlier than or the same.</summary>
    public static bool operator <=(FindingMark left, FindingMark right) => left.CompareTo(right) <= 0;

    /// <summary>Later than or the same.</summary>
    public static bool operator >=(FindingMark left, FindingMark right) => left.CompareTo(right) >= 0;
}
