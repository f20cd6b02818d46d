namespace Telemetry.Store;

/// <summary>A chunk that a read has to do with.</summary>
/// <param name="Sequence">Of samples with the same time that of the greater number wins.</param>
/// <param name="FirstTime">Its first time.</param>
/// <param name="LastTime">Its last time.</param>
/// <param name="Memory">Index into what was copied from memory; −1 when it is a row of the file.</param>
/// <param name="HasValues">The summary is whole.</param>
/// <param name="Summary">What is known of it without its samples.</param>
internal readonly record struct ChunkEntry(
    long Sequence, long FirstTime, long LastTime, int Memory, bool HasValues, SampleSummary Summary);
