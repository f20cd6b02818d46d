using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>The one door for what happens after the commit and the decoding.</summary>
public interface IBatchConsumer
{
    /// <summary>Its name, as cursors, logs and status call it.</summary>
    string Name { get; }

    /// <summary>Where it goes on after a restart: everything before is done for good.</summary>
    long DurableOffset { get; }

    /// <summary>
    /// True when it waits for nothing but this machine, so that others at the end of the log may wait a moment for it.
    /// </summary>
    bool IsQuick { get; }

    /// <summary>
    /// Where it wants its next batch to begin, at most at the tail: behind <paramref name="position"/> when it has what
    /// is between already, or sees to it by itself.
    /// </summary>
    /// <param name="position">Everything before has been taken.</param>
    /// <param name="tail">Where the newest batch ends.</param>
    long GoOnAt(long position, long tail) => position;

    /// <summary>
    /// Takes one batch whole. Returning means the next batch may come, not that this one is durable. The batch is
    /// borrowed until the call completes.
    /// </summary>
    ValueTask ConsumeAsync(PointBatch batch, CancellationToken cancellationToken);

    /// <summary>
    /// Makes what was taken durable: before the service stops, and when the spool has no room for more.
    /// </summary>
    ValueTask CompleteAsync();
}
