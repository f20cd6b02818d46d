namespace Telemetry.Spool;

/// <summary>What became of a block handed to <see cref="Spool.TryAppend"/>.</summary>
public enum AppendOutcome
{
    /// <summary>It is in memory and will be durable with the next commit.</summary>
    Appended,

    /// <summary>The buffer is full; keep the block and wait for room.</summary>
    NoRoom,

    /// <summary>The disk is full or the spool failed; <see cref="Spool.State"/> says why.</summary>
    Refused,
}
