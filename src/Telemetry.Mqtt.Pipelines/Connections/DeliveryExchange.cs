namespace Telemetry.Mqtt.Pipelines;

/// <summary>The client's answers to what it was sent, read on the connection's thread.</summary>
internal sealed class DeliveryExchange(
    LiveSession session, PublishInflow inflow, PacketOutbox outbox, MqttMetrics metrics)
{
    /// <summary>Takes PUBACK, PUBREC or PUBCOMP: how far a message to the client is (MQTT 5 §4.3).</summary>
    public Refusal OnAcknowledgement(PacketFrame frame, ProtocolLevel level)
    {
        if (!AckView.TryRead(frame, level, out AckView ack, out MalformedReason reason))
        {
            return Refusal.Of(reason);
        }

        ushort identifier = ack.PacketIdentifier;
        bool isReceived = ack.Type == PacketType.PubRec && ack.ReasonCode < ReasonCode.UnspecifiedError;
        long offset;
        bool isKnown = ack.Type switch
        {
            PacketType.PubAck => session.OnAcknowledged(identifier, qos: 1, out offset),
            PacketType.PubComp => session.OnCompleted(identifier, out offset),
            _ when isReceived => session.OnReceived(identifier, out offset),
            _ => session.OnAcknowledged(identifier, qos: 2, out offset), // refused: the flow ends here
        };
        if (isKnown)
        {
            inflow.OnDelivered(identifier, offset, isReceived ? OutgoingState.Received : OutgoingState.Done);
            outbox.Wake();
            return Refusal.None;
        }

        if (session.IsInFlight(identifier))
        {
            return Refusal.Of(MalformedReason.PacketNotExpected); // of another QoS, or out of its turn
        }

        metrics.OnUnknownAcknowledgement();
        if (isReceived)
        {
            inflow.OnUnknownReceived(identifier);
        }

        return Refusal.None;
    }
}
