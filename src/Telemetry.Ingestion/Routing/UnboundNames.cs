using System.Collections.Concurrent;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// A name that arrived and belongs to no signal of the catalogue: stored under its own name, and listed.
/// </summary>
/// <param name="Route">The route it came by.</param>
/// <param name="Series">Measurement and tags as they arrived.</param>
/// <param name="Field">The field as it arrived.</param>
public readonly record struct UnboundName(string Route, string Series, string Field);

/// <summary>What came under an unbound name since the service started.</summary>
/// <param name="Name">The name.</param>
/// <param name="Count">Samples of the field it is stored as, which names that look the same share.</param>
/// <param name="LastTime">Time of the last of them, in nanoseconds since 1970; 0 when there was none.</param>
public readonly record struct UnboundTally(UnboundName Name, long Count, long LastTime);

/// <summary>The list of unbound names, with a ceiling.</summary>
public sealed class UnboundNames
{
    private const int CountMax = 10_000; // a list for people; what is beyond is counted, not listed
    private const int NotStored = -1;
    private readonly ConcurrentDictionary<UnboundName, int> _names = new(); // with the field each is stored as
    private readonly ByteBudget _bytes = new(IngestionLimits.ListedNameBytesMax);
    private long[] _counts = new long[1024]; // by field
    private long[] _lastTimes = new long[1024];
    private long _unlisted;

    /// <summary>All listed names.</summary>
    public IReadOnlyCollection<UnboundName> Names => (IReadOnlyCollection<UnboundName>)_names.Keys;

    /// <summary>All listed names with what came under them.</summary>
    public IEnumerable<UnboundTally> Tallies => _names.Select(pair => TallyOf(pair.Key, pair.Value));

    /// <summary>How many times a name did not fit in.</summary>
    public long Unlisted => Volatile.Read(ref _unlisted);

    internal void Add(UnboundName name, int fieldId = NotStored)
    {
        if (_names.ContainsKey(name))
        {
            return;
        }

        if (_names.Count < CountMax && _bytes.TryTake(BytesOf(name)))
        {
            _names.TryAdd(name, fieldId);
        }
        else
        {
            Interlocked.Increment(ref _unlisted);
        }
    }

    internal void Clear()
    {
        foreach (UnboundName name in _names.Keys)
        {
            if (_names.TryRemove(name, out _))
            {
                _bytes.Return(BytesOf(name));
            }
        }
    }

    /// <summary>Counts the samples of a batch by their fields; called by one thread, at the tail.</summary>
    internal void Count(PointBatch batch)
    {
        if (_names.IsEmpty)
        {
            return;
        }

        foreach (ref readonly PointEntry point in batch.Points)
        {
            foreach (ref readonly SampleEntry sample in batch.SamplesOf(point))
            {
                if (sample.FieldId >= _counts.Length)
                {
                    Grow(sample.FieldId);
                }

                _counts[sample.FieldId]++;
                _lastTimes[sample.FieldId] = point.Time;
            }
        }
    }

    private static long BytesOf(UnboundName name) => sizeof(char) * ((long)name.Series.Length + name.Field.Length);

    private void Grow(int fieldId)
    {
        int length = Math.Max(fieldId + 1, _counts.Length * 2);
        Array.Resize(ref _counts, length);
        Array.Resize(ref _lastTimes, length);
    }

    private UnboundTally TallyOf(UnboundName name, int fieldId)
    {
        long[] counts = Volatile.Read(ref _counts);
        long[] times = Volatile.Read(ref _lastTimes);
        bool isCounted = fieldId >= 0 && fieldId < counts.Length && fieldId < times.Length;
        return isCounted ? new UnboundTally(name, counts[fieldId], times[fieldId]) : new UnboundTally(name, 0, 0);
    }
}
