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
    /// Takes one batch whole. Returning means the next batch may come, not that this one is durable. The batch is
    /// borrowed until the call completes.
    /// </summary>
    ValueTask ConsumeAsync(PointBatch batch, CancellationToken cancellationToken);

    /// <summary>Makes what was taken durable, before the service stops.</summary>
    ValueTask CompleteAsync();
}
