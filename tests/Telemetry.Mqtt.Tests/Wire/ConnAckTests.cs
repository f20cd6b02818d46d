namespace Telemetry.Mqtt.Tests.Wire;

public sealed class ConnAckTests
{
    [Theory]
    [InlineData(ProtocolLevel.V311)]
    [InlineData(ProtocolLevel.V50)]
    public void What_CONNACK_can_say_a_client_can_read(ProtocolLevel level)
    {
        foreach (ReasonCode code in Enum.GetValues<ReasonCode>().Where(code => ConnAckView.CanSay(code, level)))
        {
            var written = new ConnAckView { ReasonCode = code };
            byte[] packet = new byte[written.Measure(level)];
            written.Write(packet, level);
            PacketFramer.TryRead(packet, packet.Length, out PacketFrame frame, out _, out _);
            Assert.True(ConnAckView.TryRead(frame, level, out _, out MalformedReason reason), $"{code}: {reason}");
        }
    }

    [Fact]
    public void A_take_over_is_not_for_CONNACK_to_say()
    {
        Assert.False(ConnAckView.CanSay(ReasonCode.SessionTakenOver, ProtocolLevel.V50)); // §3.2.2.2, table 3-1
        Assert.True(ConnAckView.CanSay(ReasonCode.ServerBusy, ProtocolLevel.V50));
    }
}
