namespace Telemetry.Spool;

/// <summary>What a look at the bytes of a record found.</summary>
internal enum RecordCheck
{
    /// <summary>All there and as written.</summary>
    Whole,

    /// <summary>The bytes end before the record does.</summary>
    Incomplete,

    /// <summary>No record can begin like this: length, lane or reserved bits are out of range.</summary>
    Malformed,

    /// <summary>All there, but not as written.</summary>
    ChecksumMismatch,
}
