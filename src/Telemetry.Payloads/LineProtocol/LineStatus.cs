namespace Telemetry.Payloads;

/// <summary>What became of one line of line protocol.</summary>
public enum LineStatus : byte
{
    /// <summary>There is no further line.</summary>
    Ended = 0,

    /// <summary>The line's point was given to the handler.</summary>
    Decoded = 1,

    /// <summary>The line was refused.</summary>
    Faulted = 2,
}
