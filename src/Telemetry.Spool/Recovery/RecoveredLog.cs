namespace Telemetry.Spool;

/// <summary>The log as recovery leaves it.</summary>
/// <param name="Segments">Sound segments, oldest first.</param>
/// <param name="EndOffset">Where the next record goes.</param>
/// <param name="Report">What was found on the way.</param>
internal sealed record RecoveredLog(Segment[] Segments, long EndOffset, RecoveryReport Report);
