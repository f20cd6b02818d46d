namespace Telemetry.Recognition;

/// <summary>A topic and the first payloads on it, read as far as they can be.</summary>
internal sealed class TopicSample
{
    private TopicSample(string topic, IReadOnlyList<SampledPayload> payloads, int passedOver)
    {
        Topic = topic;
        Levels = topic.Split('/');
        Payloads = payloads;
        PassedOver = passedOver;
    }

    public string Topic { get; }

    public IReadOnlyList<string> Levels { get; }

    /// <summary>Those with anything in them, and not too long.</summary>
    public IReadOnlyList<SampledPayload> Payloads { get; }

    /// <summary>How many were empty or too long.</summary>
    public int PassedOver { get; }

    public static TopicSample Of(string topic, IReadOnlyList<ReceivedPayload> payloads)
    {
        SampledPayload[] read =
        [
            .. payloads.Take(RecognitionLimits.PayloadCountMax)
                .Where(payload => payload.Bytes.Length is > 0 and <= RecognitionLimits.PayloadBytesMax)
                .Select(payload => new SampledPayload(payload.Bytes, PayloadTree.Read(payload.Bytes), payload.Arrival)),
        ];
        return new TopicSample(topic, read, payloads.Count - read.Length);
    }

    /// <summary>Some payload has the text as a value: the topic repeats who is meant.</summary>
    public bool IsNamedInBody(string text) => Payloads.Any(payload => payload.Root is { } root
        && root.All().Any(node => node.Kind == NodeKind.Text && node.Text == text));
}

/// <summary>One payload.</summary>
/// <param name="Bytes">As it came.</param>
/// <param name="Root">Its values; null when it is no JSON object or array.</param>
/// <param name="Arrival">Nanoseconds since 1970; 0 when unknown.</param>
internal sealed record SampledPayload(ReadOnlyMemory<byte> Bytes, PayloadNode? Root, long Arrival);
