namespace Telemetry.FirmwareSim.Tests.Sending;

public sealed class InFlightWindowTests
{
    [Fact]
    public void Identifiers_are_taken_until_there_is_none_and_come_back_when_acknowledged()
    {
        var window = new InFlightWindow(2);
        Assert.Equal(1, window.Take(10, out _));
        Assert.Equal(2, window.Take(10, out _));
        Assert.True(window.IsFull);

        Assert.True(window.Release(1));
        Assert.False(window.Release(1));
        Assert.False(window.Release(0));
        Assert.False(window.Release(3));
        Assert.Equal(1, window.Take(10, out _));
        Assert.Equal(2, window.Count);
    }

    [Fact]
    public void What_waits_is_told_in_the_order_in_which_it_was_sent()
    {
        var window = new InFlightWindow(3);
        for (byte i = 1; i <= 3; i++)
        {
            window.Take(i, out Memory<byte> packet);
            packet.Span.Fill(i);
        }

        window.Release(1);
        window.Take(4, out Memory<byte> last);
        last.Span.Fill(4);

        Assert.Equal([2, 3, 4], window.Waiting().Select(packet => packet.Length));
        Assert.All(window.Waiting(), packet => Assert.All(packet.ToArray(), b => Assert.Equal(packet.Length, b)));
    }
}
