using System.Text;
using Telemetry.Model;

namespace Telemetry.Payloads.Tests.Senml;

public sealed class SenmlDecoderTests
{
    public static TheoryData<VectorCase> Vectors => [.. VectorFile.Read("senml/packs.txt")];

    [Theory]
    [MemberData(nameof(Vectors), DisableDiscoveryEnumeration = true)]
    public void Vectors_hold(VectorCase vector) => DecoderCheck.Check(new SenmlDecoder(), vector, namesSeries: false);

    [Fact]
    public void Every_cut_is_answered_without_an_exception()
    {
        foreach (VectorCase vector in VectorFile.Read("senml/packs.txt"))
        {
            DecoderCheck.CheckEveryCut(new SenmlDecoder(), vector.Payload);
        }
    }

    [Fact]
    public void A_pack_cut_anywhere_gives_no_point()
    {
        byte[] pack = """[{"bn":"gw/","n":"a","v":1},{"n":"b","v":2,"t":5}]"""u8.ToArray();
        for (int cut = 1; cut < pack.Length; cut++)
        {
            var toucher = default(PointToucher);
            DecodeStatus status = new SenmlDecoder().Decode(
                pack.AsSpan(0, cut), new DecodeContext { Series = "m"u8 }, ref toucher, out PayloadFault fault);
            Assert.Equal((DecodeStatus.Faulted, FaultReason.Truncated), (status, fault.Reason));
            Assert.Equal(0, toucher.Points);
        }
    }

    [Fact]
    public void Mutated_packs_neither_throw_nor_allocate()
    {
        byte[][] seeds = [.. VectorFile.Read("senml/packs.txt").Select(v => v.Payload)];
        byte[] alphabet = [.. "[]{}:,\"\\0123456789.-eEbntuvsd_/"u8, 0x81, 0xA1, 0x00, 0x21, 0xF9, 0x61, 0xFF];
        SenmlDecoder[] decoders = [.. seeds.Select(_ => new SenmlDecoder())];
        MutationRun.Check(seeds, decoders, alphabet);
    }

    [Fact]
    public void A_pack_costs_no_allocation_on_its_way_into_a_batch()
    {
        byte[] json = """[{"bn":"gw/","bt":1767225600,"n":"a","v":1.5,"s":2},{"n":"\u0062","vs":"x"}]"""u8.ToArray();
        byte[] cbor = Convert.FromHexString("82a4216367772f221a6955b90000616102f93e00a200616204f5");
        DecodeAllocation.Check(new SenmlDecoder(), json, expectedSamples: 3);
        DecodeAllocation.Check(new SenmlDecoder(), cbor, expectedSamples: 2);
    }

    [Fact]
    public void Ceilings_hold_at_their_value_and_refuse_one_more()
    {
        Check(Named(JsonDecoder.FieldNameBytesMax), FaultReason.None, 1);
        Check(Named(JsonDecoder.FieldNameBytesMax + 1), FaultReason.FieldNameTooLong, 0);
        Check(OfUnit(JsonDecoder.FieldNameBytesMax), FaultReason.None, 1);
        Check(OfUnit(JsonDecoder.FieldNameBytesMax + 1), FaultReason.FieldNameTooLong, 0);
        Check(Records(Limits.FieldsPerPointMax - 1), FaultReason.None, 1);
        Check(Records(Limits.FieldsPerPointMax), FaultReason.None, 2); // the rest is a second point of the same time

        static string Named(int bytes) => $$"""[{"n":"{{new string('n', bytes)}}","v":1}]""";

        static string OfUnit(int bytes) => $$"""[{"n":"a/","v":1,"u":"{{new string('u', bytes)}}"}]""";

        static string Records(int count) =>
            "[" + string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"n":"f{{i}}","v":1}""")) + "]";

        static void Check(string pack, FaultReason expected, long points)
        {
            var toucher = default(PointToucher);
            new SenmlDecoder().Decode(
                Encoding.UTF8.GetBytes(pack),
                new DecodeContext { Series = "m"u8 },
                ref toucher,
                out PayloadFault fault);
            Assert.Equal((expected, points), (fault.Reason, toucher.Points));
        }
    }

    [Fact]
    public void A_relative_time_counts_from_the_arrival_of_the_message()
    {
        var batch = new PointBatch();
        var writer = new PointBatchWriter(new CatalogueBinder());
        writer.Attach(batch);
        writer.BeginRecord(0, arrivalTime: 1_000_000_000_000, lane: 0, lateAfterNanoseconds: 60_000_000_000);
        new SenmlDecoder().Decode(
            """[{"n":"a","v":1,"t":-90},{"n":"a","v":2,"t":-1.5},{"n":"a","v":3}]"""u8,
            new DecodeContext { Series = "m"u8 },
            ref writer,
            out _);
        Assert.Equal(
            [910_000_000_000, 998_500_000_000, 1_000_000_000_000], batch.Points.ToArray().Select(p => p.Time));
        Assert.Equal(
            [PointFlags.ArrivalTime | PointFlags.Late, PointFlags.ArrivalTime, PointFlags.ArrivalTime],
            batch.Points.ToArray().Select(p => p.Flags));
    }
}
