using Telemetry.Model;
using Telemetry.Payloads.Tests.Json;

namespace Telemetry.Payloads.Tests.Cbor;

public sealed class CborDecoderTests
{
    public static TheoryData<VectorCase> Vectors => [.. VectorFile.Read("cbor/samples.txt")];

    [Theory]
    [MemberData(nameof(Vectors), DisableDiscoveryEnumeration = true)]
    public void Vectors_hold(VectorCase vector) => DecoderCheck.Check(DecoderOf(vector), vector, namesSeries: false);

    [Fact]
    public void Every_cut_is_answered_without_an_exception()
    {
        foreach (VectorCase vector in VectorFile.Read("cbor/samples.txt"))
        {
            DecoderCheck.CheckEveryCut(DecoderOf(vector), vector.Payload);
        }
    }

    [Fact]
    public void Mutated_payloads_neither_throw_nor_allocate()
    {
        VectorCase[] vectors = [.. VectorFile.Read("cbor/samples.txt"), .. VectorFile.Read("cbor/items.txt")];
        byte[] alphabet = Convert.FromHexString("00011820415f617f819fa1bfc1c4f6f9ff");
        MutationRun.Check([.. vectors.Select(v => v.Payload)], [.. vectors.Select(DecoderOf)], alphabet);
    }

    [Fact]
    public void A_payload_cut_in_its_middle_gives_no_point()
    {
        byte[] payload = Convert.FromHexString("82a16161f93e00a16162f93e00");
        for (int cut = 1; cut < payload.Length; cut++)
        {
            var toucher = default(PointToucher);
            new CborDecoder(new JsonMapping()).Decode(
                payload.AsSpan(0, cut), new DecodeContext { Series = "m"u8 }, ref toucher, out PayloadFault fault);
            Assert.Equal(new PayloadFault(FaultReason.Truncated, cut, 1), fault);
            Assert.Equal(0, toucher.Points);
        }
    }

    [Fact]
    public void Nothing_at_all_is_not_a_measurement()
    {
        var toucher = default(PointToucher);
        DecodeStatus status = new CborDecoder(new JsonMapping()).Decode([], default, ref toucher, out _);
        Assert.Equal(DecodeStatus.NotAMeasurement, status);
    }

    [Fact]
    public void A_message_costs_no_allocation_on_its_way_into_a_batch()
    {
        byte[] flat = Convert.FromHexString("a36274731b0000019b76daa8006161fb4035199999999999626f6ef5");
        DecodeAllocation.Check(new CborDecoder(new JsonMapping()), flat, expectedSamples: 2);
    }

    private static CborDecoder DecoderOf(VectorCase vector) => new(JsonDecoderTests.MappingOf(vector.Mapping));
}
