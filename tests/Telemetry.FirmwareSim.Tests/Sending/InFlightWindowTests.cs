namespace Telemetry.FirmwareSim.Tests.Sending;

public sealed class InFlightWindowTests
{
    [Fact]
    public void Identifiers_are_taken_until_there_is_none_and_come_back_when_acknowledged()
    {
        var window = new InFlightWindow(2);
        Assert.Equal(1, Take(window, 10, out _));
        Assert.Equal(2, Take(window, 10, out _));
        Assert.True(window.IsFull);

        Assert.True(window.Release(1));
        Assert.False(window.Release(1));
        Assert.False(window.Release(0));
        Assert.False(window.Release(3));
        Assert.Equal(1, Take(window, 10, out _));
        Assert.Equal(2, window.Count);
    }

    [Fact]
    public void What_waits_is_told_in_the_order_in_which_it_was_sent()
    {
        var window = new InFlightWindow(3);
        for (byte i = 1; i <= 3; i++)
        {
            Take(window, i, out Memory<byte> packet);
            packet.Span.Fill(i);
        }

        window.Release(1);
        Take(window, 4, out Memory<byte> last);
        last.Span.Fill(4);

        Assert.Equal([2, 3, 4], window.Waiting().Select(waiting => waiting.Packet.Length));
        Assert.All(window.Waiting(), waiting =>
            Assert.All(waiting.Packet.ToArray(), b => Assert.Equal(waiting.Packet.Length, b)));
    }

    [Fact]
    public void An_acknowledgement_is_lost_once_and_the_packet_waits_on()
    {
        var window = new InFlightWindow(2);
        ushort identifier = window.Take(10, number: 7, losesAcknowledgement: true, out _);

        Assert.True(window.TryLoseAcknowledgement(identifier));
        Assert.False(window.TryLoseAcknowledgement(identifier));
        Assert.False(window.TryLoseAcknowledgement(0));
        Assert.False(window.TryLoseAcknowledgement(3));
        Assert.Equal((7, 10), (window[identifier].Number, window[identifier].Packet.Length));
        Assert.True(window.Release(identifier));
        Assert.False(window.TryLoseAcknowledgement(Take(window, 10, out _)));
    }

    private static ushort Take(InFlightWindow window, int packetBytes, out Memory<byte> packet) =>
        window.Take(packetBytes, number: 0, losesAcknowledgement: false, out packet);
}
