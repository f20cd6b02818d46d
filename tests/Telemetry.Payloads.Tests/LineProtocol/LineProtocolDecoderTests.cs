using System.Text;
using Telemetry.Model;

namespace Telemetry.Payloads.Tests.LineProtocol;

public sealed class LineProtocolDecoderTests
{
    public static TheoryData<VectorCase> Vectors => [.. VectorFile.Read("line-protocol/lines.txt")];

    [Theory]
    [MemberData(nameof(Vectors), DisableDiscoveryEnumeration = true)]
    public void Vectors_hold(VectorCase vector) =>
        DecoderCheck.Check(new LineProtocolDecoder(), vector, namesSeries: true);

    [Fact]
    public void Every_cut_is_answered_without_an_exception()
    {
        var decoder = new LineProtocolDecoder();
        foreach (VectorCase vector in VectorFile.Read("line-protocol/lines.txt"))
        {
            DecoderCheck.CheckEveryCut(decoder, vector.Payload);
        }
    }

    [Fact]
    public void Mutated_payloads_neither_throw_nor_allocate()
    {
        byte[][] seeds = [.. VectorFile.Read("line-protocol/lines.txt").Select(v => v.Payload)];
        LineProtocolDecoder[] decoders = [.. seeds.Select(_ => new LineProtocolDecoder())];
        MutationRun.Check(seeds, decoders, "m,= \\\"\n\r#0123456789.-+eiutfTFN\t\0\u00FC"u8.ToArray());
    }

    [Theory]
    [InlineData(TimePrecision.Nanoseconds, 1767225600L)]
    [InlineData(TimePrecision.Microseconds, 1767225600_000L)]
    [InlineData(TimePrecision.Milliseconds, 1767225600_000_000L)]
    [InlineData(TimePrecision.Seconds, 1767225600_000_000_000L)]
    public void Times_are_read_in_the_routes_precision(TimePrecision precision, long expected)
    {
        var recorder = new PointRecorder();
        new LineProtocolDecoder().Decode(
            "m f=1 1767225600"u8, new DecodeContext { Precision = precision }, ref recorder, out _);
        Assert.Equal([$"m|f=f:1|@{expected}"], recorder.Points);
    }

    [Fact]
    public void A_time_that_does_not_fit_in_its_precision_is_refused()
    {
        var recorder = new PointRecorder();
        new LineProtocolDecoder().Decode(
            "m f=1 9223372037"u8,
            new DecodeContext { Precision = TimePrecision.Seconds },
            ref recorder,
            out PayloadFault fault);
        Assert.Equal(new PayloadFault(FaultReason.TimeOutOfRange, 6, 1), fault);
        Assert.Empty(recorder.Points);
    }

    [Fact]
    public void Extra_tags_are_appended_to_the_series()
    {
        var recorder = new PointRecorder();
        new LineProtocolDecoder().Decode(
            "m,a=b f=1\nn f=2"u8, new DecodeContext { ExtraTags = ",site=pilot"u8 }, ref recorder, out _);
        Assert.Equal(["m|a~b|site~pilot|f=f:1|@-", "n|site~pilot|f=f:2|@-"], recorder.Points);
    }

    [Fact]
    public void Each_line_is_answered_for_by_its_text()
    {
        byte[] body = "good f=1\n\n# no line\r\ncpu\r\ncpu v=x 5\ngood f=2"u8.ToArray();
        var decoder = new LineProtocolDecoder();
        var recorder = new PointRecorder();
        var answers = new List<string>();
        int position = 0;
        LineStatus status;
        while ((status = decoder.DecodeLine(body, ref position, default, ref recorder, out LineFault line))
            != LineStatus.Ended)
        {
            ReadOnlySpan<byte> text = body.AsSpan(line.LineStart, line.LineBytes);
            answers.Add(status == LineStatus.Decoded
                ? Encoding.UTF8.GetString(text)
                : FaultReasonText.OfLine(text, line.Reason));
        }

        Assert.Equal(
            [
                "good f=1",
                "unable to parse 'cpu': missing fields",
                "unable to parse 'cpu v=x 5': invalid boolean",
                "good f=2",
            ],
            answers);
        Assert.Equal(body.Length, position);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused_wherever_they_stand()
    {
        Check("m\u00FC f=1"u8.ToArray(), 2, 0);
        Check("m f\u00FC=1"u8.ToArray(), 4, 2);
        Check("m f=\"\u00FC\""u8.ToArray(), 6, 5);

        static void Check(byte[] line, int damaged, int expectedOffset)
        {
            line[damaged] = (byte)'x';
            var recorder = new PointRecorder();
            new LineProtocolDecoder().Decode(line, default, ref recorder, out PayloadFault fault);
            Assert.Equal(new PayloadFault(FaultReason.InvalidUtf8, expectedOffset, 1), fault);
        }
    }

    [Fact]
    public void Ceilings_hold_at_their_value_and_refuse_one_more()
    {
        Check(Tags(LineProtocolDecoder.TagCountMax), FaultReason.None);
        Check(Tags(LineProtocolDecoder.TagCountMax + 1), FaultReason.TooManyTags);
        Check(Fields(Limits.FieldsPerPointMax), FaultReason.None);
        Check(Fields(Limits.FieldsPerPointMax + 1), FaultReason.TooManyFields);
        Check(new string('m', Limits.SeriesKeyBytesMax) + " f=1", FaultReason.None);
        Check(new string('m', Limits.SeriesKeyBytesMax + 1) + " f=1", FaultReason.SeriesTooLong);

        static string Tags(int count) =>
            "m," + string.Join(',', Enumerable.Range(0, count).Select(i => $"t{i}=v")) + " f=1";

        static string Fields(int count) => "m " + string.Join(',', Enumerable.Range(0, count).Select(i => $"f{i}=1"));

        static void Check(string line, FaultReason expected)
        {
            var toucher = default(PointToucher);
            byte[] payload = Encoding.UTF8.GetBytes(line);
            new LineProtocolDecoder().Decode(payload, default, ref toucher, out PayloadFault fault);
            Assert.Equal(expected, fault.Reason);
        }
    }

    [Fact]
    public void A_message_costs_no_allocation_on_its_way_into_a_batch()
    {
        byte[] payload = "bearing,site=pilot,asset=CR-201 temperature=71.25,running=t,note=\"ok\" 1767225600000000000"u8
            .ToArray();
        DecodeAllocation.Check(new LineProtocolDecoder(), payload, expectedSamples: 3);
    }
}
