using System.Text;
using Telemetry.Model;

namespace Telemetry.Payloads.Tests;

public sealed class AutoDecoderTests
{
    [Theory]
    [InlineData("21.5", "value=f:21.5|@-")]
    [InlineData(" -3e2\r\n", "value=f:-300|@-")]
    [InlineData("true", "value=b:1|@-")]
    [InlineData("false\n", "value=b:0|@-")]
    [InlineData("\uFEFF7", "value=f:7|@-")]
    [InlineData("{\"a\":1}", "a=f:1|@-")]
    [InlineData(" \n[{\"a\":1}]", "a=f:1|@-")]
    [InlineData("\uFEFF{\"a\":1}", "a=f:1|@-")]
    [InlineData("m,t=v f=1 5", "{m,t=v,site=pilot}f=f:1|@5")]
    [InlineData("# comment\nm f=1", "{m,site=pilot}f=f:1|@-")]
    [InlineData("\uFEFFm f=1", "{m,site=pilot}f=f:1|@-")]
    public void Tells_formats_apart(string payload, string expected) =>
        Check(payload, DecodeStatus.Decoded, [expected], default);

    [Theory]
    [InlineData("a1616101", "a=f:1|@-")]
    [InlineData("bf616101ff", "a=f:1|@-")]
    [InlineData("81a1616101", "a=f:1|@-")]
    [InlineData("d9d9f7a10102", "1=f:2|@-")]
    public void CBOR_is_told_by_its_first_bytes(string hex, string expected) =>
        Check(Convert.FromHexString(hex), DecodeStatus.Decoded, [expected], default);

    [Theory]
    [InlineData("""[{"bn":"gw/","n":"a","v":1}]""", "{plant,device=gw,gateway=gw7}a=f:1|@-")]
    [InlineData("""[{"n":"a","v":1,"bt":-1}]""", "a=f:1|@now-1000000000")]
    [InlineData("""[{"n":"a","v":1}]""", "a=f:1|@-")] // anybody's, and the same
    [InlineData("""[{"bn":1,"x":2}]""", "bn=f:1|x=f:2|@-")]
    public void A_pack_is_told_by_a_base_among_its_labels(string payload, string expected) =>
        Check(payload, DecodeStatus.Decoded, [expected], default);

    [Fact]
    public void A_mapping_is_followed_where_a_pack_would_be_told()
    {
        var recorder = new PointRecorder();
        new AutoDecoder(new JsonMapping { Value = "v" }).Decode(
            """[{"bn":"gw/","n":"a","v":1}]"""u8, new DecodeContext { Series = "m"u8 }, ref recorder, out _);
        Assert.Equal(["m|v=f:1|@-"], recorder.Points);
    }

    [Fact]
    public void A_pack_in_CBOR_is_told_by_its_labels() =>
        Check([0x81, 0xA2, 0x00, 0x61, 0x61, 0x02, 0x01], DecodeStatus.Decoded, ["a=f:1|@-"], default);

    [Theory]
    [InlineData("820102")]
    [InlineData("a10102")]
    [InlineData("a0")]
    [InlineData("c1fb41d452d9ec200000")]
    [InlineData("f93e00")]
    [InlineData("ffd8ffe000104a464946")]
    public void Bytes_that_may_be_CBOR_by_chance_are_not_recognised(string hex) =>
        Check(Convert.FromHexString(hex), DecodeStatus.Faulted, [], new PayloadFault(FaultReason.NotRecognised, 0, 1));

    [Fact]
    public void What_starts_as_CBOR_keeps_its_own_fault() =>
        Check([0xA1, 0x61, 0x61], DecodeStatus.Faulted, [], new PayloadFault(FaultReason.Truncated, 3, 1));

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    [InlineData("\uFEFF")]
    [InlineData("# only a comment")]
    [InlineData("{}")]
    [InlineData("{\"status\":\"online\"}")]
    [InlineData("nan")]
    [InlineData("NaN")]
    [InlineData("unavailable")]
    [InlineData("unknown")]
    [InlineData("null")]
    public void A_payload_without_a_value_is_not_a_measurement(string payload) =>
        Check(payload, DecodeStatus.NotAMeasurement, [], default);

    [Theory]
    [InlineData("hello world")]
    [InlineData("GW01,2026-01-15 13:45:02,23.5,OK")]
    [InlineData("True")]
    [InlineData("\"21.5\"")]
    [InlineData("21,5")]
    [InlineData("\0\u0001\u0002")]
    [InlineData("0880d0eab6b733")]
    public void Anything_else_is_not_recognised(string payload) =>
        Check(payload, DecodeStatus.Faulted, [], new PayloadFault(FaultReason.NotRecognised, 0, 1));

    [Fact]
    public void What_has_the_form_of_line_protocol_keeps_its_own_fault()
    {
        Check("cpu v=x", DecodeStatus.Faulted, [], new PayloadFault(FaultReason.InvalidBoolean, 6, 1));
        Check("\uFEFFcpu v=x", DecodeStatus.Faulted, [], new PayloadFault(FaultReason.InvalidBoolean, 9, 1));
        Check(
            "bad\nm f=1",
            DecodeStatus.Faulted,
            ["{m,site=pilot}f=f:1|@-"],
            new PayloadFault(FaultReason.MissingFields, 3, 1));
    }

    [Fact]
    public void What_starts_as_JSON_keeps_its_own_fault() =>
        Check("{\"a\":1,}", DecodeStatus.Faulted, [], new PayloadFault(FaultReason.UnexpectedCharacter, 7, 1));

    [Fact]
    public void A_message_costs_no_allocation_whatever_its_format()
    {
        var decoder = new AutoDecoder();
        DecodeAllocation.Check(decoder, "21.5"u8.ToArray(), expectedSamples: 1);
        DecodeAllocation.Check(decoder, "{\"a\":1,\"b\":true}"u8.ToArray(), expectedSamples: 2);
        DecodeAllocation.Check(decoder, "m,t=v f=1,g=2i 5"u8.ToArray(), expectedSamples: 2);
        DecodeAllocation.Check(decoder, Convert.FromHexString("a2616101616202"), expectedSamples: 2);
        DecodeAllocation.Check(decoder, "hello world"u8.ToArray(), expectedSamples: 0);
    }

    private static void Check(string payload, DecodeStatus expected, string[] points, PayloadFault expectedFault) =>
        Check(Encoding.UTF8.GetBytes(payload), expected, points, expectedFault);

    private static void Check(byte[] payload, DecodeStatus expected, string[] points, PayloadFault expectedFault)
    {
        var recorder = new PointRecorder(DecoderCheck.RouteSeries);
        var context = new DecodeContext
        {
            Series = Encoding.UTF8.GetBytes(DecoderCheck.RouteSeries),
            ExtraTags = ",site=pilot"u8,
        };
        DecodeStatus status = new AutoDecoder().Decode(
            payload, context, ref recorder, out PayloadFault fault);
        Assert.Equal(points, recorder.Points);
        Assert.Equal(expectedFault, fault);
        Assert.Equal(expected, status);
    }
}
