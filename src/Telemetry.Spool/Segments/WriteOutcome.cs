namespace Telemetry.Spool;

/// <summary>What became of a commit's bytes.</summary>
internal enum WriteOutcome
{
    /// <summary>They are durable.</summary>
    Committed,

    /// <summary>There was no room; they can be tried again as they are.</summary>
    DiskFull,

    /// <summary>The disk failed; the segment is abandoned and the next try begins a new one.</summary>
    Faulted,
}
