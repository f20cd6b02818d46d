using System.Buffers.Binary;
using System.Text;
using Telemetry.Buffers;

namespace Telemetry.Payloads.Tests.Frame;

public sealed class FrameDecoderTests
{
    private const long Start = 1_767_225_600_000; // 2026-01-01 in milliseconds
    private readonly FrameDecoder _decoder = new();

    [Fact]
    public void The_frame_of_the_documents_is_read()
    {
        byte[] frame = Sealed(Convert.FromHexString(
            "544601" + "07000000" + "00A8DA769B010000" + "0100" + "025431" + "00000000" + "C0" + "01" + "83FFFFFF"));
        Check(frame, ["T1=f:-12.5|@1767225600000000000"]);
        Assert.Equal(7u, _decoder.Sequence);
    }

    [Fact]
    public void Samples_in_a_row_at_one_time_are_one_point()
    {
        byte[] frame = Frame(Start, ("a", 0, 192, 0, 1), ("b", 0, 0, 3, 1), ("a", 500, 192, 0, 2));
        Check(frame, [
            $"a=f:1|b=f:0.001(q0)|@{Start}000000",
            $"a=f:2|@{Start + 500}000000",
        ]);
    }

    [Theory]
    [InlineData(915, 1, "91.5")]
    [InlineData(-1, 9, "-1E-09")]
    [InlineData(int.MaxValue, 0, "2147483647")]
    [InlineData(1, 1, "0.1")]
    [InlineData(123_456_789, 7, "12.3456789")]
    public void A_value_is_the_double_that_its_text_is(int mantissa, byte digits, string expected) =>
        Check(Frame(Start, ("a", 0, 192, digits, mantissa)), [$"a=f:{expected}|@{Start}000000"]);

    [Fact]
    public void Without_a_clock_times_count_from_the_arrival()
    {
        Check(Frame(0, ("a", -500, 192, 0, 1), ("b", 0, 192, 0, 2)), ["a=f:1|@now-500000000", "b=f:2|@-"]);
    }

    [Fact]
    public void A_frame_without_samples_is_not_a_measurement()
    {
        Check(Frame(Start), [], DecodeStatus.NotAMeasurement);
        Check([], [], DecodeStatus.NotAMeasurement);
        Assert.Null(_decoder.Sequence);
    }

    [Theory]
    [InlineData("58460107000000", FaultReason.NotRecognised, 0)]
    [InlineData("544601", FaultReason.Truncated, 3)]
    public void What_is_no_frame_is_refused(string hex, FaultReason reason, int offset) =>
        CheckFault(Convert.FromHexString(hex), reason, offset);

    [Fact]
    public void Each_fault_has_its_name_and_place()
    {
        const int SampleAt = 17;
        byte[] good = Frame(Start, ("T1", 0, 192, 1, 915))[..^4];
        CheckFault(Sealed(With(good, 2, 2)), FaultReason.UnsupportedVersion, 2);
        CheckFault([.. With(good, 18, (byte)'X'), .. Sealed(good)[^4..]], FaultReason.ChecksumDiffers, good.Length);
        CheckFault(Sealed(With(good, SampleAt, 0)), FaultReason.MissingName, SampleAt);
        CheckFault(Sealed(With(good, SampleAt + 1, 0xFF)), FaultReason.InvalidUtf8, SampleAt);
        CheckFault(Sealed(With(good, SampleAt + 8, 10)), FaultReason.InvalidNumber, SampleAt);
        CheckFault(Sealed(good[..^1]), FaultReason.Truncated, SampleAt);
        CheckFault(Sealed([.. good, 1]), FaultReason.LengthDiffers, good.Length);
        CheckFault(Sealed(With(good, 15, 2)), FaultReason.Truncated, good.Length);
        CheckFault(Frame(long.MaxValue / 2, ("a", 0, 192, 0, 1)), FaultReason.TimeOutOfRange, SampleAt);
        CheckFault(Frame(long.MinValue, ("a", -1, 192, 0, 1)), FaultReason.TimeOutOfRange, SampleAt);
    }

    [Fact]
    public void Every_cut_is_answered_and_no_damage_gives_a_point()
    {
        byte[] frame = Frame(Start, ("a", 0, 192, 0, 1), ("bb", 5, 64, 3, -77));
        DecoderCheck.CheckEveryCut(_decoder, frame);
        for (int bit = 0; bit < frame.Length * 8; bit++)
        {
            byte[] damaged = [.. frame];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            var recorder = new PointRecorder(DecoderCheck.RouteSeries);
            Assert.Equal(DecodeStatus.Faulted, _decoder.Decode(damaged, Context(), ref recorder, out _));
            Assert.Empty(recorder.Points);
        }
    }

    [Fact]
    public void Damage_below_a_right_checksum_is_answered_without_an_exception()
    {
        var mutation = new Mutation(5, [0, 1, 2, 9, 10, 192, 255]);
        byte[] seed = Frame(Start, ("a", 0, 192, 0, 1), ("bb", 5, 64, 3, -77))[..^4];
        var buffer = new byte[seed.Length + 8];
        var toucher = default(PointToucher);
        for (int i = 0; i < 60_000; i++)
        {
            int bytes = mutation.Apply(seed, buffer);
            _decoder.Decode(Sealed(buffer[..bytes]), Context(), ref toucher, out PayloadFault fault);
            Assert.InRange(fault.Offset, 0, bytes + 4);
        }

        Assert.NotEqual(0, toucher.Points);
    }

    [Fact]
    public void A_message_costs_no_allocation() =>
        DecodeAllocation.Check(_decoder, Frame(Start, ("a", 0, 192, 0, 1), ("b", 0, 192, 0, 2)), expectedSamples: 2);

    private void Check(byte[] frame, string[] points, DecodeStatus expected = DecodeStatus.Decoded)
    {
        var recorder = new PointRecorder(DecoderCheck.RouteSeries);
        DecodeStatus status = _decoder.Decode(frame, Context(), ref recorder, out PayloadFault fault);
        Assert.Equal(points, recorder.Points);
        Assert.Equal((expected, default), (status, fault));
    }

    private void CheckFault(byte[] frame, FaultReason reason, int offset)
    {
        var recorder = new PointRecorder(DecoderCheck.RouteSeries);
        DecodeStatus status = _decoder.Decode(frame, Context(), ref recorder, out PayloadFault fault);
        Assert.Empty(recorder.Points);
        Assert.Equal((DecodeStatus.Faulted, new PayloadFault(reason, offset, 1)), (status, fault));
    }

    private static DecodeContext Context() => new() { Series = Encoding.UTF8.GetBytes(DecoderCheck.RouteSeries) };

    private static byte[] With(byte[] frame, int at, byte value)
    {
        byte[] changed = [.. frame];
        changed[at] = value;
        return changed;
    }

    private static byte[] Frame(
        long time, params (string Name, int Offset, byte Quality, byte Digits, int Mantissa)[] samples)
    {
        var frame = new List<byte> { (byte)'T', (byte)'F', 1, 7, 0, 0, 0 };
        var number = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, time);
        frame.AddRange(number);
        frame.AddRange([(byte)samples.Length, 0]);
        foreach ((string name, int offset, byte quality, byte digits, int mantissa) in samples)
        {
            frame.Add((byte)Encoding.UTF8.GetByteCount(name));
            frame.AddRange(Encoding.UTF8.GetBytes(name));
            BinaryPrimitives.WriteInt32LittleEndian(number, offset);
            frame.AddRange(number[..4]);
            frame.AddRange([quality, digits]);
            BinaryPrimitives.WriteInt32LittleEndian(number, mantissa);
            frame.AddRange(number[..4]);
        }

        return Sealed([.. frame]);
    }

    private static byte[] Sealed(byte[] frame)
    {
        var checksum = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Crc32C.Append(0, frame));
        return [.. frame, .. checksum];
    }
}
