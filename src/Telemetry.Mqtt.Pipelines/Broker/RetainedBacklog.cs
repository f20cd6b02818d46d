namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// Retained messages of new subscriptions that wait for room in the queue of one session, oldest first. The session
/// owns it under its lock.
/// </summary>
internal sealed class RetainedBacklog
{
    private readonly Queue<RetainedDelivery> _waiting = new();
    private HashSet<byte[]>? _topics; // of those that wait, and a few that did; most sessions never have one

    /// <summary>How many wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>Adds one.</summary>
    public void Add(in RetainedDelivery delivery)
    {
        _waiting.Enqueue(delivery);
        _topics ??= new HashSet<byte[]>(TopicComparer.Instance);
        _topics.Add(delivery.Message.Topic);
    }

    /// <summary>Takes the oldest; there must be one.</summary>
    public RetainedDelivery Take()
    {
        RetainedDelivery oldest = _waiting.Dequeue();
        if (_waiting.Count == 0)
        {
            _topics?.Clear();
        }

        return oldest;
    }

    /// <summary>
    /// Takes those of a topic, for a message of it must not overtake them [MQTT-4.6.0-5]. One look at a table, unless
    /// there are some.
    /// </summary>
    public IReadOnlyList<RetainedDelivery> TakeAll(ReadOnlySpan<byte> topic)
    {
        if (_waiting.Count == 0 || !_topics!.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(topic))
        {
            return [];
        }

        var found = new List<RetainedDelivery>();
        for (int i = _waiting.Count; i > 0; i--)
        {
            RetainedDelivery delivery = _waiting.Dequeue();
            if (topic.SequenceEqual(delivery.Message.Topic))
            {
                found.Add(delivery);
            }
            else
            {
                _waiting.Enqueue(delivery);
            }
        }

        return found;
    }

    /// <summary>Nobody waits for them any more.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _topics?.Clear();
    }
}
