namespace Telemetry.Spool;

/// <summary>Says which records of a segment give way.</summary>
public interface ISegmentSieve
{
    /// <summary>
    /// All records between two offsets are asked about next, in their order. It comes once to see what would be won,
    /// and once more when that is enough.
    /// </summary>
    /// <param name="start">Where the segment begins.</param>
    /// <param name="end">Where it ends.</param>
    void Begin(long start, long end);

    /// <summary>
    /// True when a record is to be dropped. The second time the answer has to be the same.
    /// </summary>
    /// <param name="record">The record.</param>
    /// <param name="remnant">
    /// What is kept of it in place of its body, 4 KiB at most: readers are shown that. Valid until the next call.
    /// </param>
    bool Drops(in RecordView record, out ReadOnlySpan<byte> remnant);
}
