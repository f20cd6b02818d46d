namespace Telemetry.Spool;

/// <summary>Whether the spool takes anything in.</summary>
public enum SpoolStatus
{
    /// <summary>It does.</summary>
    Running,

    /// <summary>There is no room; intake resumes by itself when there is.</summary>
    Full,

    /// <summary>
    /// The disk refused twice in a row; intake is over until the program is started again. Reading goes on.
    /// </summary>
    Failed,
}

/// <summary>The state of the spool with its cause in words.</summary>
/// <param name="Status">Whether it takes anything in.</param>
/// <param name="Cause">Why not; empty while running.</param>
/// <param name="BytesWanted">Bytes waiting to be written.</param>
/// <param name="BytesFree">Bytes that could still be written when this state was entered.</param>
public sealed record SpoolState(SpoolStatus Status, string Cause, long BytesWanted, long BytesFree)
{
    /// <summary>Taking in.</summary>
    public static SpoolState Running { get; } = new(SpoolStatus.Running, "", 0, 0);
}
