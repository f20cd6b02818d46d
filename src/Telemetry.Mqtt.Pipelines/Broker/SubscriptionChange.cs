namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// A SUBSCRIBE or UNSUBSCRIBE that has been checked and waits for its place in the order of the log: every message that
/// was durable when it came is distributed before it takes effect, so that a retained message is not missed and none
/// from before is delivered as new.
/// </summary>
/// <param name="session">Whose it is.</param>
/// <param name="packetIdentifier">The packet to answer.</param>
/// <param name="isSubscribe">Whether it is SUBSCRIBE.</param>
internal sealed class SubscriptionChange(LiveSession session, ushort packetIdentifier, bool isSubscribe)
{
    /// <summary>Whose it is.</summary>
    public LiveSession Session => session;

    /// <summary>The packet to answer.</summary>
    public ushort PacketIdentifier => packetIdentifier;

    /// <summary>Whether it is SUBSCRIBE; else UNSUBSCRIBE.</summary>
    public bool IsSubscribe => isSubscribe;

    /// <summary>The connection it came over, which gets the answer.</summary>
    public required Connection Connection { get; init; }

    /// <summary>What is asked for, in the packet's order.</summary>
    public List<SubscriptionWish> Wishes { get; } = [];

    /// <summary>Where it stands in the log.</summary>
    public long Barrier { get; set; }

    /// <summary>SUBACK or UNSUBACK with a code for each wish.</summary>
    public byte[] RenderAnswer(ReadOnlySpan<byte> codes, ProtocolLevel level)
    {
        if (isSubscribe)
        {
            var granted = new SubAckView { PacketIdentifier = packetIdentifier, ReasonCodes = codes };
            byte[] packet = new byte[granted.Measure(level)];
            granted.Write(packet, level);
            return packet;
        }

        var ended = new UnsubAckView { PacketIdentifier = packetIdentifier, ReasonCodes = codes };
        byte[] answer = new byte[ended.Measure(level)];
        ended.Write(answer, level);
        return answer;
    }
}

/// <summary>One topic filter of a SUBSCRIBE or UNSUBSCRIBE.</summary>
/// <param name="Terms">What is to be granted, or by its filter given up.</param>
/// <param name="Refusal">Why it is refused; success when it is not.</param>
internal readonly record struct SubscriptionWish(SessionSubscription Terms, ReasonCode Refusal);
