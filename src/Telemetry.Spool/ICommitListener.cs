namespace Telemetry.Spool;

/// <summary>Someone who waits for his block to be durable.</summary>
public interface ICommitListener
{
    /// <summary>
    /// All that ends at or before <paramref name="durableOffset"/> is durable. Called on the committer's thread once
    /// per commit that held a block of this listener; it must return at once and not throw.
    /// </summary>
    void OnCommitted(long durableOffset);
}
