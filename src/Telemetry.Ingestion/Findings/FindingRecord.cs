namespace Telemetry.Ingestion;

/// <summary>What a record of the history of findings holds: the kind of a record in its spool. For ever.</summary>
internal enum FindingRecordKind : byte
{
    Found = 1,
    Grown = 2,
    Ended = 3,
    Judged = 4,
    Revoked = 5,
}

/// <summary>One record of the history of findings; docs/formats/findings.md draws it.</summary>
internal abstract record FindingRecord;

/// <summary>An anomaly was found.</summary>
internal sealed record FoundRecord(KeptFinding Finding) : FindingRecord;

/// <summary>An anomaly has become larger, or ended.</summary>
internal sealed record ChangedRecord(
    long Number, long Time, long Offset, bool IsEnd, double Size, double Surprise) : FindingRecord;

/// <summary>A verdict was given.</summary>
internal sealed record JudgedRecord(KeptVerdict Verdict) : FindingRecord;

/// <summary>A verdict was revoked.</summary>
internal sealed record RevokedRecord(long Number, long RevokedAt, string Operator, string Comment) : FindingRecord;
