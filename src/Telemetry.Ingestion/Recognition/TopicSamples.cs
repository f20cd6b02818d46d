using System.Text;
using Telemetry.Recognition;

namespace Telemetry.Ingestion;

/// <summary>Topics of one shape and the first messages on them.</summary>
/// <param name="Filter">What the topics have in common.</param>
/// <param name="Messages">The messages, the first ones first.</param>
internal sealed record SampledShape(string Filter, IReadOnlyList<SampledMessage> Messages);

/// <summary>A sampled message.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Payload">Its payload.</param>
/// <param name="Arrival">Nanoseconds since 1970; 0 when it may have been sent long before.</param>
internal sealed record SampledMessage(string Topic, byte[] Payload, long Arrival);

/// <summary>
/// The first messages of topics that no route names a format for. Offered at the tail only; a topic that was sampled
/// costs nothing more, since who offers it remembers the answer.
/// </summary>
public sealed class TopicSamples
{
    private readonly Lock _lock = new();
    private readonly Dictionary<byte[], Shape> _byTopic = new(BytesComparer.Instance);
    private readonly Dictionary<string, Shape> _shapes = new(StringComparer.Ordinal);
    private long _bytes;
    private long _unsampled;

    /// <summary>Topics that were passed over because a ceiling was reached.</summary>
    public long Unsampled => Volatile.Read(ref _unsampled);

    /// <summary>Takes a message as long as more of its kind are wanted.</summary>
    /// <returns>False when no further message of this topic is wanted.</returns>
    internal bool Offer(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, long arrival)
    {
        lock (_lock)
        {
            if (!_byTopic.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(topic, out Shape? shape)
                && !TryAddLocked(topic, out shape))
            {
                Interlocked.Increment(ref _unsampled);
                return false;
            }

            if (shape.IsFull || _bytes + payload.Length > IngestionLimits.SampledBytesMax)
            {
                return false;
            }

            if (!payload.IsEmpty && payload.Length <= RecognitionLimits.PayloadBytesMax)
            {
                shape.Messages.Add(new SampledMessage(Encoding.UTF8.GetString(topic), payload.ToArray(), arrival));
                _bytes += payload.Length;
            }

            return !shape.IsFull;
        }
    }

    /// <summary>All shapes that have messages.</summary>
    internal IReadOnlyList<SampledShape> All()
    {
        lock (_lock)
        {
            return
            [
                .. _shapes.Values.Where(shape => shape.Messages.Count > 0)
                    .Select(shape => new SampledShape(shape.Filter, [.. shape.Messages])),
            ];
        }
    }

    /// <summary>Forgets the messages of a shape; no more of them are wanted.</summary>
    internal void Close(string filter)
    {
        lock (_lock)
        {
            if (_shapes.TryGetValue(filter, out Shape? shape))
            {
                _bytes -= shape.Messages.Sum(message => message.Payload.Length);
                shape.Messages.Clear();
                shape.IsClosed = true;
            }
        }
    }

    private bool TryAddLocked(ReadOnlySpan<byte> topic, out Shape shape)
    {
        shape = Shape.None;
        if (_byTopic.Count >= IngestionLimits.SampledTopicsMax
            || topic.Length > IngestionLimits.RememberedTopicBytesMax)
        {
            return false;
        }

        string filter = TopicShape.FilterOf(Encoding.UTF8.GetString(topic));
        if (!_shapes.TryGetValue(filter, out Shape? known))
        {
            if (_shapes.Count >= IngestionLimits.SampledShapesMax)
            {
                return false;
            }

            known = new Shape(filter);
            _shapes.Add(filter, known);
        }

        shape = known;
        _byTopic.Add(topic.ToArray(), known);
        return true;
    }

    private sealed class Shape(string filter)
    {
        public static readonly Shape None = new("");

        public string Filter { get; } = filter;

        public List<SampledMessage> Messages { get; } = [];

        public bool IsClosed { get; set; }

        public bool IsFull => IsClosed || Messages.Count >= RecognitionLimits.PayloadCountMax;
    }
}
