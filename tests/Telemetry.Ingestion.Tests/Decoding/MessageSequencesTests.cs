using System.Buffers;

namespace Telemetry.Ingestion.Tests;

public class MessageSequencesTests
{
    private readonly MessageSequences _sequences = new();

    [Theory]
    [InlineData(5, 6, 0)]
    [InlineData(5, 9, 3)]
    [InlineData(uint.MaxValue, 0, 0)] // it wraps
    [InlineData(uint.MaxValue - 1, 1, 2)]
    [InlineData(5, 5, 0)]
    [InlineData(5, 3, 0)] // an old one
    [InlineData(5, 0, 0)] // a restart
    [InlineData(5, 5 + MessageSequences.GapMax, (int)MessageSequences.GapMax - 1)]
    [InlineData(5, 6 + MessageSequences.GapMax, 0)]
    public void A_gap_is_what_is_between_two_numbers(uint first, uint second, int missing)
    {
        Assert.Equal(0, _sequences.MissingBefore("gw"u8, first));
        Assert.Equal(missing, _sequences.MissingBefore("gw"u8, second));
    }

    [Fact]
    public void An_old_message_does_not_move_the_place()
    {
        _sequences.MissingBefore("gw"u8, 5);
        _sequences.MissingBefore("gw"u8, 3);
        Assert.Equal(0, _sequences.MissingBefore("gw"u8, 6));
    }

    [Fact]
    public void Gateways_have_numbers_of_their_own_and_keep_them()
    {
        _sequences.MissingBefore("a"u8, 5);
        _sequences.MissingBefore("b"u8, 100);
        var saved = new ArrayBufferWriter<byte>();
        _sequences.Save(saved);
        var restored = new MessageSequences();
        Assert.True(restored.TryRestore(saved.WrittenSpan));
        Assert.Equal((2, 0), (restored.MissingBefore("a"u8, 8), restored.MissingBefore("b"u8, 101)));
        Assert.False(new MessageSequences().TryRestore(saved.WrittenSpan[..^1]));
    }
}
