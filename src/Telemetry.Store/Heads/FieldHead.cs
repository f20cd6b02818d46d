using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// What the store holds in memory for one field. Samples behind everything sealed go into <see cref="Main"/>, older
/// ones into <see cref="Late"/>; so the main chunks of a field never overlap, and late data costs one small chunk and
/// no rewriting.
/// </summary>
internal sealed class FieldHead(long storeId, FieldType type)
{
    /// <summary>The field's identity in the file, kept over restarts.</summary>
    public long StoreId { get; } = storeId;

    public FieldType Type { get; } = type;

    /// <summary>Samples later than <see cref="SealedThrough"/>.</summary>
    public OpenChunk Main { get; } = new();

    /// <summary>Samples up to <see cref="SealedThrough"/>; null until there was one.</summary>
    public OpenChunk? Late { get; private set; }

    /// <summary>Last time in any sealed main chunk.</summary>
    public long SealedThrough { get; set; } = long.MinValue;

    /// <summary>Longest span of a sealed chunk in nanoseconds; bounds how far a read must look.</summary>
    public long SpanMax { get; set; }

    /// <summary>
    /// Behind the last day that has its roll-ups; the least time there is when none has. Changed under the store's
    /// lock.
    /// </summary>
    public long RolledThrough { get; set; } = long.MinValue;

    /// <summary>Index of its last chunk that waits for the checkpoint; −1 when there is none.</summary>
    public int LastPending { get; set; } = -1;

    /// <summary>It changed since the last checkpoint.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Where a sample of that time goes.</summary>
    public OpenChunk Of(long time) => time > SealedThrough ? Main : RequireLate();

    public OpenChunk RequireLate() => Late ??= new OpenChunk();
}
