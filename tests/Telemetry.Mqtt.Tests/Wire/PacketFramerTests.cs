namespace Telemetry.Mqtt.Tests.Wire;

public sealed class PacketFramerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(2_097_151)]
    [InlineData(2_097_152)]
    public void A_packet_at_the_ceiling_is_read_and_one_byte_more_is_refused(int payloadBytes)
    {
        byte[] bytes = Publish(payloadBytes);

        ReadStatus status = PacketFramer.TryRead(bytes, bytes.Length, out PacketFrame frame, out int consumed, out _);
        Assert.Equal((ReadStatus.Complete, bytes.Length), (status, consumed));
        Assert.True(PublishView.TryRead(frame, ProtocolLevel.V311, out PublishView view, out _));
        Assert.Equal(payloadBytes, view.Payload.Length);

        status = PacketFramer.TryRead(bytes, bytes.Length - 1, out _, out consumed, out MalformedReason reason);
        Assert.Equal((ReadStatus.Malformed, 0, MalformedReason.PacketTooLarge), (status, consumed, reason));
    }

    [Fact]
    public void The_ceiling_is_compared_before_the_body_has_come()
    {
        byte[] header = [0x30, 0xff, 0xff, 0xff, 0x7f];

        ReadStatus status = PacketFramer.TryRead(header, 1_000, out _, out _, out MalformedReason reason);

        Assert.Equal((ReadStatus.Malformed, MalformedReason.PacketTooLarge), (status, reason));
    }

    [Fact]
    public void The_fast_path_agrees_with_measuring_on_every_two_bytes()
    {
        byte[] bytes = new byte[2 + 127];
        for (int head = 0; head <= ushort.MaxValue; head++)
        {
            bytes[0] = (byte)(head >> 8);
            bytes[1] = (byte)head;

            ReadStatus status = PacketFramer.TryRead(bytes, 100, out _, out int consumed, out MalformedReason reason);
            ReadStatus measured = PacketFramer.TryMeasure(
                bytes, 100, out _, out int packetBytes, out MalformedReason measuredReason);

            bool fits = measured == ReadStatus.Complete && packetBytes <= bytes.Length;
            ReadStatus expected = measured == ReadStatus.Complete && !fits ? ReadStatus.NeedMore : measured;
            Assert.Equal((expected, fits ? packetBytes : 0, measuredReason), (status, consumed, reason));
        }
    }

    [Fact]
    public void Every_reason_has_its_words_and_its_code()
    {
        foreach (MalformedReason reason in Enum.GetValues<MalformedReason>())
        {
            Assert.False(string.IsNullOrEmpty(MalformedReasonText.Of(reason)), reason.ToString());
            Assert.Equal(reason == MalformedReason.None, MalformedReasonText.CodeOf(reason) == ReasonCode.Success);
        }
    }

    private static byte[] Publish(int payloadBytes)
    {
        var view = new PublishView { Topic = "t"u8, Payload = new byte[payloadBytes] };
        byte[] bytes = new byte[view.Measure(ProtocolLevel.V311)];
        Assert.Equal(bytes.Length, view.Write(bytes, ProtocolLevel.V311));
        return bytes;
    }
}
