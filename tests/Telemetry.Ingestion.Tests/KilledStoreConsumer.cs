using Telemetry.Model;

namespace Telemetry.Ingestion.Tests;

/// <summary>The store as a consumer that is killed and never stopped, and shows what is on its way there.</summary>
/// <param name="store">The store's consumer.</param>
/// <param name="onBatch">Shown each batch before the store has it.</param>
internal sealed class KilledStoreConsumer(StoreConsumer store, Action<PointBatch> onBatch) : IBatchConsumer
{
    public bool IsQuick => store.IsQuick;

    public string Name => store.Name;

    public long DurableOffset => store.DurableOffset;

    public ValueTask ConsumeAsync(PointBatch batch, CancellationToken cancellationToken)
    {
        onBatch(batch);
        return store.ConsumeAsync(batch, cancellationToken);
    }

    public ValueTask CompleteAsync() => ValueTask.CompletedTask;
}
