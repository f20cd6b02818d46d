using System.Diagnostics.CodeAnalysis;

namespace Telemetry.Model;

/// <summary>
/// Objects by short names in bytes, asked with a span: one hash, one comparison, no allocation. It has one writer at a
/// time; others may look meanwhile, and may not find what is just being added. Whoever adds keeps a ceiling.
/// </summary>
public sealed class ByteKeyTable<TValue>
    where TValue : class?
{
    private const int BucketCountMin = 16; // a power of two, as all counts of buckets are
    private Entry?[] _buckets = new Entry?[BucketCountMin];
    private Entry? _first;
    private Entry? _last;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Finds the object of a name.</summary>
    public bool TryFind(ReadOnlySpan<byte> key, [MaybeNullWhen(false)] out TValue value)
    {
        uint hash = KeyHash.Of(key);
        Entry?[] buckets = Volatile.Read(ref _buckets);
        Entry? entry = Volatile.Read(ref buckets[hash & (uint)(buckets.Length - 1)]);
        while (entry is not null && (entry.Hash != hash || !key.SequenceEqual(entry.Key)))
        {
            entry = entry.Next;
        }

        value = entry is null ? default : entry.Value;
        return entry is not null;
    }

    /// <summary>Adds an object under a name that is not there yet.</summary>
    public void Add(ReadOnlySpan<byte> key, TValue value)
    {
        if (Count == _buckets.Length)
        {
            Grow();
        }

        var entry = new Entry(key.ToArray(), KeyHash.Of(key), value);
        ref Entry? bucket = ref _buckets[entry.Hash & (uint)(_buckets.Length - 1)];
        entry.Next = bucket;
        Volatile.Write(ref bucket, entry); // whoever sees it sees all of it
        _first ??= entry;
        if (_last is not null)
        {
            _last.Younger = entry;
        }

        _last = entry;
        Count++;
    }

    /// <summary>Adds an object unless its name has one; false then.</summary>
    public bool TryAdd(ReadOnlySpan<byte> key, TValue value)
    {
        if (TryFind(key, out _))
        {
            return false;
        }

        Add(key, value);
        return true;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Volatile.Write(ref _buckets, new Entry?[BucketCountMin]);
        _first = null;
        _last = null;
        Count = 0;
    }

    /// <summary>All of them in the order in which they were added; for the writer.</summary>
    public IEnumerable<(byte[] Key, TValue Value)> InOrder()
    {
        for (Entry? entry = _first; entry is not null; entry = entry.Younger)
        {
            yield return (entry.Key, entry.Value);
        }
    }

    private void Grow()
    {
        // New chains of new entries would cost as much again: the old ones are linked anew, and a reader that is on its
        // way may end in another chain and miss, never run in circles.
        var buckets = new Entry?[_buckets.Length * 2];
        for (Entry? entry = _first; entry is not null; entry = entry.Younger)
        {
            ref Entry? bucket = ref buckets[entry.Hash & (uint)(buckets.Length - 1)];
            entry.Next = bucket;
            bucket = entry;
        }

        Volatile.Write(ref _buckets, buckets);
    }

    private sealed class Entry(byte[] key, uint hash, TValue value)
    {
        public readonly byte[] Key = key;
        public readonly uint Hash = hash;
        public readonly TValue Value = value;
        public Entry? Next; // in its bucket
        public Entry? Younger; // in the order of adding
    }
}
