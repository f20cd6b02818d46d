namespace Telemetry.Spool;

/// <summary>What compacting a segment did.</summary>
/// <param name="IsReplaced">False when it was left as it was: too little would have been won, or it is gone.</param>
/// <param name="DroppedRecords">Records that gave way.</param>
/// <param name="FreedBytes">Bytes of the disk that came back.</param>
public readonly record struct CompactionResult(bool IsReplaced, long DroppedRecords, long FreedBytes);
