namespace Telemetry.Ingestion;

/// <summary>
/// Ceilings of this room (law L6). Names that senders make up are counted by their bytes: one may be 60 KB long, so a
/// count of names alone bounds nothing.
/// </summary>
public static class IngestionLimits
{
    /// <summary>Bytes of messages in quarantine; beyond it they are counted and not kept.</summary>
    public const long QuarantineBytesMax = 2L * 1024 * 1024 * 1024;
}
