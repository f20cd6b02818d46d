namespace Telemetry.Testing;

/// <summary>What can go wrong in one operation of <see cref="FaultyFileSystem"/>.</summary>
public enum FaultKind
{
    /// <summary>The machine stops: this operation happens in part or not at all, and every later one fails.</summary>
    Crash,

    /// <summary>A part of the bytes is written, then an error comes back.</summary>
    ShortWrite,

    /// <summary>
    /// An error comes back and nothing happens; a sync forgets what it should have made durable, so that the next one
    /// succeeds and proves nothing.
    /// </summary>
    Error,
}
