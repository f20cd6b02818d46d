namespace Telemetry.Model;

/// <summary>What a detector watches for. Words of ISA-18.2 where it has them.</summary>
public enum ConditionKind : byte
{
    /// <summary>Below the low-low limit.</summary>
    LowLow = 0,

    /// <summary>Below the low limit.</summary>
    Low = 1,

    /// <summary>Above the high limit.</summary>
    High = 2,

    /// <summary>Above the high-high limit.</summary>
    HighHigh = 3,

    /// <summary>Changing faster than allowed.</summary>
    RateOfChange = 4,

    /// <summary>Not changing at all for too long.</summary>
    Flatline = 5,

    /// <summary>No samples for too long.</summary>
    Silence = 6,

    /// <summary>Nearly all data of a gateway is late (law L8).</summary>
    LateData = 7,

    /// <summary>Messages of a lane of the site gave way because the spool had little room.</summary>
    Dropped = 8,

    /// <summary>Unusual for this signal under its conditions.</summary>
    Anomaly = 9,

    /// <summary>Beyond what the sensor can read.</summary>
    OutOfRange = 10,
}

/// <summary>
/// A condition: a kind of fault on one field. Findings say when it begins and ends; an alarm stands for it.
/// </summary>
/// <param name="FieldId">The field in the <see cref="SeriesCatalogue"/>.</param>
/// <param name="Kind">What is wrong with it.</param>
public readonly record struct Condition(int FieldId, ConditionKind Kind);

/// <summary>Whether a finding says that its condition began or ended.</summary>
public enum FindingEdge : byte
{
    /// <summary>The condition is present, its on-delay passed.</summary>
    Began = 0,

    /// <summary>The condition is gone, its off-delay passed.</summary>
    Ended = 1,
}

/// <summary>
/// What a detector says. Carries what is needed to explain it and to recognise it when history is replayed.
/// </summary>
/// <param name="Condition">What it is about.</param>
/// <param name="Edge">Began or ended.</param>
/// <param name="Time">Event time at which the edge was reached, nanoseconds since 1970.</param>
/// <param name="Offset">Spool offset of the record that made it; with the condition it identifies the finding.</param>
/// <param name="Value">The value that was seen.</param>
/// <param name="Limit">The limit, rate or span it was held against; of an anomaly the end of what is usual.</param>
/// <param name="Class">Where the fault seems to be.</param>
/// <param name="Explanation">Why, in words for a person; empty when value and limit say all.</param>
/// <param name="Anomaly">What else is known of an anomaly; null for other kinds.</param>
public readonly record struct Finding(
    Condition Condition,
    FindingEdge Edge,
    long Time,
    long Offset,
    double Value,
    double Limit,
    FindingClass Class = FindingClass.Process,
    string Explanation = "",
    AnomalyFacts? Anomaly = null);
