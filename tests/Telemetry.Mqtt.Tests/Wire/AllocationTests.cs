using Telemetry.Testing;

namespace Telemetry.Mqtt.Tests.Wire;

public sealed class AllocationTests
{
    private const int PacketBytesMax = 1_024;

    [Theory]
    [InlineData(ProtocolLevel.V311, "32080003612f62000178")]
    [InlineData(ProtocolLevel.V50, "320c0003612f62000103230005" + "78")]
    public void Reading_PUBLISH_and_writing_PUBACK_allocates_nothing(ProtocolLevel level, string hex)
    {
        byte[] stream = Convert.FromHexString(hex + hex + hex);
        byte[] acknowledgement = new byte[AckView.SuccessBytes];
        int readCount = 0;

        long allocatedBytes = Allocation.Measure(() =>
        {
            ReadOnlySpan<byte> rest = stream;
            while (PacketFramer.TryRead(rest, PacketBytesMax, out PacketFrame frame, out int consumed, out _)
                == ReadStatus.Complete)
            {
                rest = rest[consumed..];
                if (PublishView.TryRead(frame, level, out PublishView view, out _))
                {
                    readCount += AckView.WriteSuccess(acknowledgement, PacketType.PubAck, view.PacketIdentifier);
                }
            }
        });

        Assert.Equal(0, allocatedBytes);
        Assert.True(readCount > 0);
        Assert.Equal("40020001", Convert.ToHexString(acknowledgement));
    }

    [Fact]
    public void Straightening_a_packet_allocates_nothing_once_its_array_is_rented()
    {
        byte[] bytes = Convert.FromHexString("32080003612f62000178");
        var pieces = Splits.Of(bytes.AsMemory(0, 4), bytes.AsMemory(4));
        using var state = new FramerState(PacketBytesMax);
        bool isComplete = false;

        long allocatedBytes = Allocation.Measure(() =>
        {
            System.Buffers.ReadOnlySequence<byte> rest = pieces;
            isComplete = state.TryRead(ref rest, out _, out _) == ReadStatus.Complete;
        });

        Assert.Equal(0, allocatedBytes);
        Assert.True(isComplete);
    }
}
