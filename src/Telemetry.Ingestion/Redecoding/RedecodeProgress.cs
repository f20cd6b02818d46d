namespace Telemetry.Ingestion;

/// <summary>How far a run has come.</summary>
/// <param name="From">Messages that arrived at or after, nanoseconds since 1970.</param>
/// <param name="To">Messages that arrived before.</param>
/// <param name="Reached">Arrival of the message it has come to.</param>
/// <param name="Messages">Messages that were looked at.</param>
/// <param name="Changed">Samples that change.</param>
/// <param name="Added">Samples that are new.</param>
/// <param name="IsDryRun">True when nothing is written.</param>
public sealed record RedecodeProgress(
    long From, long To, long Reached, long Messages, long Changed, long Added, bool IsDryRun);
