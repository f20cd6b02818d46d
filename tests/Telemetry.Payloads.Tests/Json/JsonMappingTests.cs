using System.Text;
using Telemetry.Model;
using Telemetry.Testing;

namespace Telemetry.Payloads.Tests.Json;

/// <summary>What a mapping can say beyond the paths of the vectors.</summary>
public sealed class JsonMappingTests
{
    public static TheoryData<JsonMappingCase> Cases => [.. JsonMappingCase.All];

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void A_mapping_reads_what_it_says(JsonMappingCase mapped)
    {
        var recorder = new PointRecorder("m");
        new JsonDecoder(mapped.Mapping).Decode(
            Encoding.UTF8.GetBytes(mapped.Payload), new DecodeContext { Series = "m"u8 }, ref recorder,
            out PayloadFault fault);
        Assert.Equal(mapped.Points, recorder.Points);
        Assert.Equal(mapped.Fault, fault.Count == 0 ? "" : $"{fault.Reason}@{fault.Offset}*{fault.Count}");
    }

    [Fact]
    public void Every_cut_gives_the_same_answer_whatever_stands_behind_it()
    {
        foreach (JsonMappingCase mapped in JsonMappingCase.All)
        {
            DecoderCheck.CheckEveryCut(new JsonDecoder(mapped.Mapping), Encoding.UTF8.GetBytes(mapped.Payload));
        }
    }

    [Fact]
    public void A_payload_cut_before_its_end_gives_no_point()
    {
        foreach (JsonMappingCase mapped in JsonMappingCase.All)
        {
            byte[] payload = Encoding.UTF8.GetBytes(mapped.Payload);
            for (int cut = 1; cut < payload.Length; cut++)
            {
                var toucher = default(PointToucher);
                DecodeStatus status = new JsonDecoder(mapped.Mapping).Decode(
                    payload.AsSpan(0, cut), new DecodeContext { Series = "m"u8 }, ref toucher, out _);
                Assert.Equal((DecodeStatus.Faulted, 0), (status, toucher.Points));
            }
        }
    }

    [Fact]
    public void Mutated_payloads_neither_throw_nor_allocate()
    {
        JsonMappingCase[] cases = [.. JsonMappingCase.All];
        MutationRun.Check(
            [.. cases.Select(mapped => Encoding.UTF8.GetBytes(mapped.Payload))],
            [.. cases.Select(mapped => new JsonDecoder(mapped.Mapping))],
            "{}[]:,\"\\u0123456789.-+eEtfnabvdxyz@ \n\0\u00FC"u8.ToArray());
    }

    [Fact]
    public void A_mapped_message_costs_no_allocation_on_its_way_into_a_batch()
    {
        foreach (JsonMappingCase mapped in JsonMappingCase.All)
        {
            byte[] payload = Encoding.UTF8.GetBytes(mapped.Payload);
            var decoder = new JsonDecoder(mapped.Mapping);
            var batch = new PointBatch();
            var writer = new PointBatchWriter(new CatalogueBinder());
            writer.Attach(batch);
            long allocated = Allocation.Measure(() =>
            {
                batch.Reset();
                writer.BeginRecord(0, 0, 0, 0);
                decoder.Decode(payload, new DecodeContext { Series = "m"u8 }, ref writer, out _);
            });
            Assert.Equal((mapped.Name, 0), (mapped.Name, allocated));
        }
    }

    [Fact]
    public void Trap_10_a_unit_that_comes_with_a_value_goes_on_with_it()
    {
        var recorder = new PointRecorder("m");
        var mapping = new JsonMapping { Samples = "{device}", Unit = "TempUnit", Include = ["Temp*"] };
        new JsonDecoder(mapping).Decode(
            """{"A":{"Temp":-21.5,"Humidity":58},"TempUnit":"C"}"""u8, new DecodeContext { Series = "m"u8 },
            ref recorder, out _);
        Assert.Equal(["{m,device=A}Temp=f:-21.5[C]|@-"], recorder.Points);
    }

    [Fact]
    public void A_text_that_a_mapping_points_at_has_a_ceiling()
    {
        Check(JsonPlaces.TextBytesMax, FaultReason.None, new() { Samples = "v[]", Tags = [new Tag("d", "id")] });
        Check(JsonPlaces.TextBytesMax + 1, FaultReason.TextTooLong, new() { Samples = "v[]", Unit = "id" });
        Check(JsonPlaces.TextBytesMax + 1, FaultReason.TextTooLong, new() { When = [new JsonCondition("id", [])] });
        Check(JsonPlaces.TextBytesMax + 1, FaultReason.None, new());

        static void Check(int bytes, FaultReason expected, JsonMapping mapping)
        {
            string payload = $$"""{"id":"{{new string('x', bytes)}}","v":[{"a":1},{"a":2,"t":1768455902}]}""";
            var toucher = default(PointToucher);
            new JsonDecoder(mapping).Decode(
                Encoding.UTF8.GetBytes(payload), new DecodeContext { Series = "m"u8 }, ref toucher,
                out PayloadFault fault);
            Assert.Equal(expected, fault.Reason);
        }
    }

    [Fact]
    public void A_value_without_a_name_has_that_of_the_topic()
    {
        Check("""{"value":1}""", new JsonMapping { Value = "value" }, "level=f:1|@-");
        Check("""{"n":"own","value":1}""", new JsonMapping { Name = "n", Value = "value" }, "own=f:1|@-");
        Check("""{"value":1}""", new JsonMapping { Name = "n", Value = "value" }, "level=f:1|@-");
        Check("1", new JsonMapping(), "level=f:1|@-");
        Check("""{"a":1}""", new JsonMapping(), "a=f:1|@-");

        static void Check(string payload, JsonMapping mapping, string expected)
        {
            var recorder = new PointRecorder("m");
            new JsonDecoder(mapping).Decode(
                Encoding.UTF8.GetBytes(payload), new DecodeContext { Series = "m"u8, Field = "level"u8 },
                ref recorder, out _);
            Assert.Equal([expected], recorder.Points);
        }
    }
}
