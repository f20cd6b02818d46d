using System.Buffers;
using Telemetry.Testing;

namespace Telemetry.Mqtt.Tests.Wire;

public sealed class VectorTests
{
    private const int PacketBytesMax = 1_000_000;
    private const byte Poison = 0xEE;

    public static TheoryData<int> Packets() => Of(vector => IsPacket(vector));

    public static TheoryData<int> Complaints() => Of(vector => !IsPacket(vector));

    [Theory]
    [MemberData(nameof(Packets))]
    public void A_packet_is_read_and_written_again(int index)
    {
        Vector vector = Vectors.All[index];

        string text = PacketText.Read(vector.Bytes, vector.Level, out byte[] rewritten, out int consumed);

        Assert.Equal((vector.ToString(), vector.Expected), (vector.ToString(), text));
        Assert.Equal(vector.Bytes.Length, consumed);
        if (vector.IsCanonical)
        {
            Assert.Equal(vector.Bytes, rewritten);
            return;
        }

        Assert.NotEqual(vector.Bytes, rewritten);
        Assert.Equal(vector.Expected, PacketText.Read(rewritten, vector.Level, out _, out _));
    }

    [Theory]
    [MemberData(nameof(Complaints))]
    public void A_packet_that_is_refused_has_its_reason(int index)
    {
        Vector vector = Vectors.All[index];

        string text = PacketText.Read(vector.Bytes, vector.Level, out _, out _);

        Assert.Equal((vector.ToString(), vector.Expected), (vector.ToString(), text));
    }

    [Theory]
    [MemberData(nameof(Packets))]
    public void A_packet_cut_anywhere_needs_more_and_consumes_nothing(int index)
    {
        byte[] bytes = Vectors.All[index].Bytes;
        using var state = new FramerState(PacketBytesMax);
        for (int cut = 0; cut < bytes.Length; cut++)
        {
            ReadOnlySpan<byte> rest = bytes.AsSpan(0, cut);
            Assert.Equal(ReadStatus.NeedMore, state.TryRead(ref rest, out _, out MalformedReason reason));
            Assert.Equal((cut, MalformedReason.None), (rest.Length, reason));
            Assert.InRange(state.BytesWanted, cut + 1, bytes.Length);

            ReadOnlySequence<byte> pieces = Splits.PerByte(bytes[..cut]);
            Assert.Equal(ReadStatus.NeedMore, state.TryRead(ref pieces, out _, out _));
            Assert.Equal(cut, pieces.Length);
            Assert.InRange(state.BytesWanted, cut + 1, bytes.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Packets))]
    public void A_packet_in_pieces_reads_as_the_whole_one(int index)
    {
        Vector vector = Vectors.All[index];
        using var state = new FramerState(PacketBytesMax);
        byte[] twice = [.. vector.Bytes, .. vector.Bytes];
        foreach (ReadOnlySequence<byte> pieces in Splits.InTwo(twice).Append(Splits.PerByte(twice)))
        {
            ReadOnlySequence<byte> rest = pieces;
            for (int i = 0; i < 2; i++)
            {
                Assert.Equal(ReadStatus.Complete, state.TryRead(ref rest, out PacketFrame frame, out _));
                Assert.Equal(vector.Expected, PacketText.Of(frame, vector.Level, out _));
            }

            Assert.True(rest.IsEmpty);
        }
    }

    [Fact]
    public void A_refused_packet_in_pieces_is_refused_for_the_same_reason()
    {
        using var state = new FramerState(PacketBytesMax);
        foreach (Vector vector in Vectors.All.Where(v => v.Expected.StartsWith("malformed", StringComparison.Ordinal)))
        {
            ReadOnlySequence<byte> rest = Splits.PerByte(vector.Bytes);
            ReadStatus status = state.TryRead(ref rest, out PacketFrame frame, out MalformedReason reason);

            string text = status == ReadStatus.Complete
                ? PacketText.Of(frame, vector.Level, out _)
                : $"malformed {reason}";
            Assert.Equal((vector.ToString(), vector.Expected), (vector.ToString(), text));
        }
    }

    [Fact]
    public void What_stands_around_a_packet_is_neither_read_nor_written()
    {
        foreach (Vector vector in Vectors.All.Where(IsPacket))
        {
            byte[] oversized = [Poison, .. vector.Bytes, Poison, Poison];

            string text = PacketText.Read(oversized.AsSpan(1), vector.Level, out _, out int consumed);

            Assert.Equal(vector.Expected, text);
            Assert.Equal(vector.Bytes.Length, consumed);
        }
    }

    [Fact]
    public void One_flipped_bit_never_breaks_the_reader_and_what_it_reads_it_can_write()
    {
        foreach (Vector vector in Vectors.All)
        {
            for (int bit = 0; bit < vector.Bytes.Length * 8; bit++)
            {
                byte[] flipped = [.. vector.Bytes];
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));

                string text = PacketText.Read(flipped, vector.Level, out byte[] rewritten, out _);

                if (rewritten.Length > 0)
                {
                    Assert.Equal(text, PacketText.Read(rewritten, vector.Level, out _, out _));
                }
            }
        }
    }

    [Fact]
    public void A_body_cut_at_any_field_is_refused_or_another_packet_but_never_a_fault()
    {
        foreach (Vector vector in Vectors.All.Where(IsPacket))
        {
            for (int cut = FixedHeader.BytesMin; cut < vector.Bytes.Length; cut++)
            {
                byte[] body = vector.Bytes[FixedHeader.BytesMin..cut];
                byte[] shortened = [vector.Bytes[0], (byte)body.Length, .. body];

                string text = PacketText.Read(shortened, vector.Level, out byte[] rewritten, out int consumed);

                Assert.Equal(shortened.Length, consumed);
                Assert.NotEqual("more", text);
                Assert.True(rewritten.Length > 0 || text.StartsWith("malformed", StringComparison.Ordinal));
            }
        }
    }

    private static bool IsPacket(Vector vector) =>
        vector.Expected != "more" && !vector.Expected.StartsWith("malformed", StringComparison.Ordinal);

    private static TheoryData<int> Of(Func<Vector, bool> isWanted)
    {
        var data = new TheoryData<int>();
        for (int i = 0; i < Vectors.All.Count; i++)
        {
            if (isWanted(Vectors.All[i]))
            {
                data.Add(i);
            }
        }

        return data;
    }
}
