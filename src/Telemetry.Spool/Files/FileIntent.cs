namespace Telemetry.Spool;

/// <summary>What a file is opened for.</summary>
public enum FileIntent
{
    /// <summary>Reading a file that exists; it may be renamed or deleted meanwhile.</summary>
    Read,

    /// <summary>Writing a file that exists.</summary>
    Write,

    /// <summary>Writing a file that is empty at first: new, or cut to nothing.</summary>
    Create,
}
