namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// What the <see cref="PacketPump"/> delivers to. All calls come from one thread at a time, in stream order.
/// </summary>
internal interface IPacketReceiver
{
    /// <summary>True once no further packet shall ever be delivered.</summary>
    bool IsStopped { get; }

    /// <summary>
    /// False when the next packet must not be delivered in this read: the receiver has stopped, has taken all that one
    /// read may bring, or has to complete <see cref="PauseAsync"/> first. Asked before each packet.
    /// </summary>
    bool TakesPackets { get; }

    /// <summary>True when reading must wait, asked after each read.</summary>
    bool MustPause { get; }

    /// <summary>Bytes have arrived; packets follow.</summary>
    void OnReadStart();

    /// <summary>One whole packet; the frame dies with the call.</summary>
    void OnPacket(PacketFrame frame);

    /// <summary>The stream is malformed at this point; nothing more will be delivered.</summary>
    void OnMalformed(MalformedReason reason);

    /// <summary>All whole packets of this read have been delivered.</summary>
    void OnReadEnd(long consumedBytes);

    /// <summary>Completes when reading may go on.</summary>
    ValueTask PauseAsync();
}
