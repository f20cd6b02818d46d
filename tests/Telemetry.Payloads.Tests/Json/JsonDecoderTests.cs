using System.Text;
using Telemetry.Model;

namespace Telemetry.Payloads.Tests.Json;

public sealed class JsonDecoderTests
{
    public static TheoryData<VectorCase> Vectors => [.. VectorFile.Read("json/samples.txt")];

    [Theory]
    [MemberData(nameof(Vectors), DisableDiscoveryEnumeration = true)]
    public void Vectors_hold(VectorCase vector) =>
        DecoderCheck.Check(new JsonDecoder(MappingOf(vector.Mapping)), vector, namesSeries: false);

    [Fact]
    public void Every_cut_is_answered_without_an_exception()
    {
        foreach (VectorCase vector in VectorFile.Read("json/samples.txt"))
        {
            DecoderCheck.CheckEveryCut(new JsonDecoder(MappingOf(vector.Mapping)), vector.Payload);
        }
    }

    [Fact]
    public void A_payload_cut_in_its_middle_gives_no_point()
    {
        byte[] payload = """[{"ts":1767225600000,"v":1},{"ts":1767225601000,"v":2}]"""u8.ToArray();
        for (int cut = 1; cut < payload.Length; cut++)
        {
            var toucher = default(PointToucher);
            DecodeStatus status = new JsonDecoder(new JsonMapping()).Decode(
                payload.AsSpan(0, cut), new DecodeContext { Series = "m"u8 }, ref toucher, out PayloadFault fault);
            Assert.Equal(DecodeStatus.Faulted, status);
            Assert.Equal(FaultReason.Truncated, fault.Reason);
            Assert.Equal(0, toucher.Points);
        }
    }

    [Fact]
    public void Mutated_payloads_neither_throw_nor_allocate()
    {
        VectorCase[] vectors = [.. VectorFile.Read("json/samples.txt")];
        byte[][] seeds = [.. vectors.Select(v => v.Payload)];
        JsonDecoder[] decoders = [.. vectors.Select(v => new JsonDecoder(MappingOf(v.Mapping)))];
        MutationRun.Check(seeds, decoders, "{}[]:,\"\\u0123456789.-+eEtfnabv \n\0\u00FC"u8.ToArray());
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused_with_their_place()
    {
        byte[] payload = "{\"a\u00FC\":1}"u8.ToArray();
        payload[4] = (byte)'x';
        var recorder = new PointRecorder();
        new JsonDecoder(new JsonMapping()).Decode(payload, default, ref recorder, out PayloadFault fault);
        Assert.Equal(new PayloadFault(FaultReason.InvalidUtf8, 3, 1), fault);
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over()
    {
        var recorder = new PointRecorder();
        new JsonDecoder(new JsonMapping()).Decode(
            "\uFEFF{\"a\":1}"u8, new DecodeContext { Series = "m"u8 }, ref recorder, out _);
        Assert.Equal(["m|a=f:1|@-"], recorder.Points);
    }

    [Fact]
    public void Ceilings_hold_at_their_value_and_refuse_one_more()
    {
        Check(Nested(Limits.JsonDepthMax), FaultReason.None);
        Check(Nested(Limits.JsonDepthMax + 1), FaultReason.TooDeep);
        Check(Nested(100_000), FaultReason.TooDeep);
        Check(Fields(Limits.FieldsPerPointMax), FaultReason.None);
        Check(Fields(Limits.FieldsPerPointMax + 1), FaultReason.TooManyFields);
        Check($$"""{"{{new string('n', JsonDecoder.FieldNameBytesMax)}}":1}""", FaultReason.None);
        Check($$"""{"{{new string('n', JsonDecoder.FieldNameBytesMax + 1)}}":1}""", FaultReason.FieldNameTooLong);

        static string Nested(int depth) => new string('[', depth) + "1" + new string(']', depth);

        static string Fields(int count) => "[" + string.Join(',', Enumerable.Range(0, count)) + "]";

        static void Check(string payload, FaultReason expected)
        {
            var toucher = default(PointToucher);
            new JsonDecoder(new JsonMapping()).Decode(
                Encoding.UTF8.GetBytes(payload),
                new DecodeContext { Series = "m"u8 },
                ref toucher,
                out PayloadFault fault);
            Assert.Equal(expected, fault.Reason);
        }
    }

    [Fact]
    public void A_message_costs_no_allocation_on_its_way_into_a_batch()
    {
        byte[] flat = """{"ts":1767225600000,"temperature":71.25,"motor":{"current":182.4},"on":true}"""u8.ToArray();
        DecodeAllocation.Check(new JsonDecoder(new JsonMapping()), flat, expectedSamples: 3);

        byte[] values = """{"values":[{"id":"T1","v":250,"q":true,"t":1767225600001},{"id":"T2","v":"2"}]}"""u8
            .ToArray();
        var mapping = new JsonMapping { Samples = "values[]", Name = "id", Value = "v", Time = "t", Quality = "q" };
        DecodeAllocation.Check(new JsonDecoder(mapping), values, expectedSamples: 2);
    }

    internal static JsonMapping MappingOf(string text)
    {
        string[] parts = text.Split('|');
        string At(int i) => i < parts.Length ? parts[i] : "";
        return new JsonMapping
        {
            Samples = At(0),
            Name = At(1),
            Value = At(2),
            Time = At(3),
            Quality = At(4),
            Precision = At(5).Length > 0 ? Enum.Parse<TimePrecision>(At(5)) : TimePrecision.Milliseconds,
            Separator = At(6).Length > 0 ? At(6) : "_",
            Unit = At(7),
        };
    }
}
