using System.Collections.Concurrent;

namespace Telemetry.Ingestion;

/// <summary>
/// A name that arrived and belongs to no signal of the catalogue: stored under its own name, and listed.
/// </summary>
/// <param name="Route">The route it came by.</param>
/// <param name="Series">Measurement and tags as they arrived.</param>
/// <param name="Field">The field as it arrived.</param>
public readonly record struct UnboundName(string Route, string Series, string Field);

/// <summary>The list of unbound names, with a ceiling.</summary>
public sealed class UnboundNames
{
    private const int CountMax = 10_000; // a list for people; what is beyond is counted, not listed
    private readonly ConcurrentDictionary<UnboundName, byte> _names = new();
    private readonly ByteBudget _bytes = new(IngestionLimits.ListedNameBytesMax);
    private long _unlisted;

    /// <summary>All listed names.</summary>
    public IReadOnlyCollection<UnboundName> Names => (IReadOnlyCollection<UnboundName>)_names.Keys;

    /// <summary>How many times a name did not fit in.</summary>
    public long Unlisted => Volatile.Read(ref _unlisted);

    internal void Add(UnboundName name)
    {
        if (_names.ContainsKey(name))
        {
            return;
        }

        long bytes = sizeof(char) * ((long)name.Series.Length + name.Field.Length);
        if (_names.Count < CountMax && _bytes.TryTake(bytes))
        {
            _names.TryAdd(name, 0);
        }
        else
        {
            Interlocked.Increment(ref _unlisted);
        }
    }
}
