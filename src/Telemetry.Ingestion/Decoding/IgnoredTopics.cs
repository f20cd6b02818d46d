using System.Text;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>A topic whose messages were acknowledged and gave no point.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Client">Who sent the last of them.</param>
/// <param name="Reason">Why they gave none.</param>
/// <param name="Count">How many there were.</param>
/// <param name="LastArrivalMilliseconds">Arrival of the last, since 1970.</param>
public sealed record IgnoredTopic(
    string Topic, string Client, string Reason, long Count, long LastArrivalMilliseconds);

/// <summary>
/// The topics that lately gave nothing: no route takes them, or nothing in them is a number. Routes with the decoder
/// <c>ignore</c> say so themselves and are not listed. With a ceiling: the topic not heard for longest makes room.
/// </summary>
public sealed class IgnoredTopics
{
    /// <summary>The reason of a topic that no route takes.</summary>
    public const string NoRoute = "no route takes the topic";

    private const int CountMax = 1_000; // a list for people
    private readonly Lock _lock = new();
    private readonly Dictionary<byte[], Entry> _entries = new(BytesComparer.Instance);
    private readonly LinkedList<Entry> _byAge = new();
    private long _bytes;

    /// <summary>All listed topics, the last heard first.</summary>
    public IReadOnlyList<IgnoredTopic> Newest()
    {
        lock (_lock)
        {
            return
            [
                .. _byAge.Select(entry => new IgnoredTopic(
                    Encoding.UTF8.GetString(entry.Topic),
                    Encoding.UTF8.GetString(entry.Client),
                    entry.Fate == RecordFate.NoRoute ? NoRoute : "no number or truth value in it",
                    entry.Count,
                    entry.LastArrival / Timestamp.NanosecondsPerMillisecond)),
            ];
        }
    }

    internal void Clear()
    {
        lock (_lock)
        {
            _entries.Clear();
            _byAge.Clear();
            _bytes = 0;
        }
    }

    internal void Add(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> client, RecordFate fate, long arrivalTime)
    {
        lock (_lock)
        {
            if (!_entries.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(topic, out Entry? entry))
            {
                entry = new Entry(topic.ToArray());
                MakeRoomLocked(topic.Length);
                _entries.Add(entry.Topic, entry);
            }
            else
            {
                _byAge.Remove(entry.Node);
            }

            if (!client.SequenceEqual(entry.Client))
            {
                entry.Client = client.ToArray();
            }

            entry.Fate = fate;
            entry.Count++;
            entry.LastArrival = arrivalTime;
            _byAge.AddFirst(entry.Node);
        }
    }

    private void MakeRoomLocked(int topicBytes)
    {
        _bytes += topicBytes;
        while (_entries.Count == CountMax || (_bytes > IngestionLimits.ListedNameBytesMax && _entries.Count > 0))
        {
            byte[] oldest = _byAge.Last!.Value.Topic;
            _byAge.RemoveLast();
            _entries.Remove(oldest);
            _bytes -= oldest.Length;
        }
    }

    private sealed class Entry
    {
        public Entry(byte[] topic)
        {
            Topic = topic;
            Node = new LinkedListNode<Entry>(this);
        }

        public byte[] Topic { get; }

        public LinkedListNode<Entry> Node { get; }

        public byte[] Client { get; set; } = [];

        public RecordFate Fate { get; set; }

        public long Count { get; set; }

        public long LastArrival { get; set; }
    }
}
