using System.Text;
using Telemetry.Model;

namespace Telemetry.Payloads.Tests.Cbor;

public sealed class CborTranscriptTests
{
    public static TheoryData<VectorCase> Vectors => [.. VectorFile.Read("cbor/items.txt")];

    [Theory]
    [MemberData(nameof(Vectors), DisableDiscoveryEnumeration = true)]
    public void An_item_is_written_as_the_JSON_that_means_the_same(VectorCase vector)
    {
        var script = new JsonScript();
        bool isGood = CborTranscript.TryWrite(vector.Payload, script, out PayloadFault fault);
        Assert.Equal(vector.Fault, isGood ? "" : $"{fault.Reason}@{fault.Offset}*{fault.Count}");
        Assert.Equal(vector.Points, isGood ? [Encoding.UTF8.GetString(script.Text)] : []);
    }

    [Theory]
    [MemberData(nameof(Vectors), DisableDiscoveryEnumeration = true)]
    public void A_good_item_cut_anywhere_is_truncated_or_refused_alike(VectorCase vector)
    {
        byte[] payload = vector.Payload;
        for (int cut = 1; cut < payload.Length; cut++)
        {
            bool isGood = CborTranscript.TryWrite(payload.AsSpan(0, cut), new JsonScript(), out PayloadFault fault);
            Assert.False(isGood && vector.Fault.Length == 0);
            Assert.InRange(fault.Offset, 0, cut);
            Assert.True(vector.Fault.Length > 0 || fault.Reason == FaultReason.Truncated);
        }
    }

    [Fact]
    public void A_place_in_the_JSON_leads_back_to_the_item()
    {
        byte[] payload = Convert.FromHexString("a2616181f561628218ff03"); // {"a":[true],"b":[255,3]}
        var script = new JsonScript();
        Assert.True(CborTranscript.TryWrite(payload, script, out _));
        string json = Encoding.UTF8.GetString(script.Text);
        Assert.Equal(4, CborTranscript.OriginOf(payload, script, json.IndexOf("true", StringComparison.Ordinal)));
        Assert.Equal(8, CborTranscript.OriginOf(payload, script, json.IndexOf("255", StringComparison.Ordinal)));
        Assert.Equal(10, CborTranscript.OriginOf(payload, script, json.IndexOf('3')));
    }

    [Fact]
    public void Ceilings_hold_at_their_value_and_refuse_one_more()
    {
        Assert.Equal(FaultReason.None, ReasonOf([.. Enumerable.Repeat((byte)0x81, Limits.JsonDepthMax), 1]));
        Assert.Equal(FaultReason.TooDeep, ReasonOf([.. Enumerable.Repeat((byte)0x81, Limits.JsonDepthMax + 1), 1]));
        Assert.Equal(FaultReason.TooDeep, ReasonOf([.. Enumerable.Repeat((byte)0x9F, 100_000)]));
        Assert.Equal(FaultReason.Truncated, ReasonOf([.. Enumerable.Repeat((byte)0xD7, 100_000)])); // tags do not nest

        static FaultReason ReasonOf(byte[] payload)
        {
            CborTranscript.TryWrite(payload, new JsonScript(), out PayloadFault fault);
            return fault.Reason;
        }
    }
}
