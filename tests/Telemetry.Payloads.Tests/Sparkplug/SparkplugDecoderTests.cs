using Telemetry.Model;

namespace Telemetry.Payloads.Tests.Sparkplug;

public sealed class SparkplugDecoderTests
{
    public static TheoryData<VectorCase> Vectors => [.. VectorFile.Read("sparkplug/payloads.txt")];

    [Theory]
    [MemberData(nameof(Vectors), DisableDiscoveryEnumeration = true)]
    public void Vectors_hold(VectorCase vector) =>
        DecoderCheck.Check(new SparkplugDecoder(), vector, namesSeries: false);

    [Fact]
    public void Every_cut_is_answered_without_an_exception()
    {
        foreach (VectorCase vector in VectorFile.Read("sparkplug/payloads.txt"))
        {
            DecoderCheck.CheckEveryCut(new SparkplugDecoder(), vector.Payload);
        }
    }

    [Fact]
    public void Mutated_payloads_neither_throw_nor_allocate()
    {
        byte[][] seeds = [.. VectorFile.Read("sparkplug/payloads.txt").Select(v => v.Payload)];
        byte[] alphabet = Convert.FromHexString("000107080a0d0f1012181920223a4a4d50585d62657078717a7f80828a92ff");
        SparkplugDecoder[] decoders = [.. seeds.Select(_ => new SparkplugDecoder { Births = new TwoBirths() })];
        MutationRun.Check(seeds, decoders, alphabet);
    }

    [Fact]
    public void What_is_malformed_at_its_end_gives_no_point_of_any_time()
    {
        byte[] two = [.. TimedMetricOf(1), .. TimedMetricOf(2), 0x7B];
        byte[] untimed = [.. MetricOf("a", 11, 14, null), 0x7B];
        byte[][] payloads = [two, untimed, [.. TimedMetricOf(1), 0x7B]];
        Assert.All(payloads, payload =>
        {
            var toucher = default(PointToucher);
            new SparkplugDecoder().Decode(
                payload, new DecodeContext { Series = "m"u8 }, ref toucher, out PayloadFault fault);
            Assert.Equal(new PayloadFault(FaultReason.MalformedProtobuf, payload.Length - 1, 1), fault);
            Assert.Equal(0, toucher.Points);
        });
    }

    [Fact]
    public void An_alias_says_which_it_is_until_its_birth_is_known()
    {
        byte[] payload = DataOf(alias: 4_711, value: uint.MaxValue);
        Check(null, new PayloadFault(FaultReason.UnknownAlias, 0, 1, Alias: 4_711));
        Check(new TwoBirths(), new PayloadFault(FaultReason.UnknownAlias, 0, 1, Alias: 4_711));

        void Check(ISparkplugBirths? births, PayloadFault expected)
        {
            var toucher = default(PointToucher);
            DecodeStatus status = new SparkplugDecoder { Births = births }.Decode(
                payload, new DecodeContext { Series = "m"u8 }, ref toucher, out PayloadFault fault);
            Assert.Equal((DecodeStatus.Faulted, expected, 0L), (status, fault, toucher.Points));
        }
    }

    [Fact]
    public void A_birth_gives_names_to_aliases_and_types_to_what_has_none()
    {
        byte[] named = new SparkplugMaker()
            .Content(2, new SparkplugMaker().Text(1, "load").Varint(10, uint.MaxValue).Bytes).Bytes;
        byte[] payload = [.. DataOf(1, uint.MaxValue), .. DataOf(2, uint.MaxValue), .. named];
        var recorder = new PointRecorder();
        new SparkplugDecoder { Births = new TwoBirths() }.Decode(
            payload, new DecodeContext { Series = "m"u8 }, ref recorder, out PayloadFault fault);
        Assert.Equal(["m|temp=i:-1|load=i:4294967295|load=i:4294967295|@-"], recorder.Points);
        Assert.Equal(PayloadFault.None, fault);
    }

    [Fact]
    public void What_no_field_can_hold_is_refused_by_name_and_costs_nothing_else()
    {
        byte[] payload = [.. MetricOf("raw", 17, 16, [1, 2]), .. MetricOf("mode", 12, 15, "on"u8.ToArray())];
        var refusals = new Refusals();
        var batch = new PointBatch();
        var writer = new PointBatchWriter(new CatalogueBinder(), refusals);
        writer.Attach(batch);
        writer.BeginRecord(0, 0, 0, 0);
        DecodeStatus status = new SparkplugDecoder().Decode(
            payload, new DecodeContext { Series = "m"u8 }, ref writer, out _);
        Assert.Equal(DecodeStatus.Decoded, status);
        Assert.Equal(1, batch.Samples.Length);
        Assert.Equal(["raw UnsupportedKind"], refusals.Names);
    }

    [Fact]
    public void Ceilings_hold_at_their_value_and_refuse_one_more()
    {
        Check(Named(JsonDecoder.FieldNameBytesMax), FaultReason.None, 1);
        Check(Named(JsonDecoder.FieldNameBytesMax + 1), FaultReason.FieldNameTooLong, 0);
        Check(Metrics(Limits.FieldsPerPointMax), FaultReason.None, 1);
        Check(Metrics(Limits.FieldsPerPointMax + 1), FaultReason.None, 2); // a second point of the same time

        static byte[] Named(int bytes) => MetricOf(new string('n', bytes), 11, 14, null);

        static byte[] Metrics(int count) =>
            [.. Enumerable.Range(0, count).SelectMany(i => MetricOf($"m{i}", 11, 14, null))];

        static void Check(byte[] payload, FaultReason expected, long points)
        {
            var toucher = default(PointToucher);
            new SparkplugDecoder().Decode(
                payload, new DecodeContext { Series = "m"u8 }, ref toucher, out PayloadFault fault);
            Assert.Equal((expected, points), (fault.Reason, toucher.Points));
        }
    }

    [Fact]
    public void A_message_costs_no_allocation_on_its_way_into_a_batch()
    {
        byte[] payload = [.. MetricOf("on", 11, 14, null), .. MetricOf("mode", 12, 15, "auto"u8.ToArray())];
        DecodeAllocation.Check(new SparkplugDecoder(), payload, expectedSamples: 2);
    }

    /// <summary>A payload's field with one metric: its content, or true where there is none.</summary>
    private static byte[] MetricOf(string name, ulong type, int member, byte[]? content)
    {
        SparkplugMaker metric = new SparkplugMaker().Text(1, name).Varint(4, type);
        metric = content is null ? metric.Varint(member, 1) : metric.Content(member, content);
        return new SparkplugMaker().Content(2, metric.Bytes).Bytes;
    }

    private static byte[] TimedMetricOf(ulong time) => new SparkplugMaker()
        .Content(2, new SparkplugMaker().Text(1, "a").Varint(3, time).Varint(14, 1).Bytes).Bytes;

    private static byte[] DataOf(ulong alias, ulong value) =>
        new SparkplugMaker().Content(2, new SparkplugMaker().Varint(2, alias).Varint(10, value).Bytes).Bytes;

    private sealed class TwoBirths : ISparkplugBirths
    {
        private static readonly SparkplugBirth Temperature = new("temp"u8.ToArray(), SparkplugType.Int32);
        private static readonly SparkplugBirth Load = new("load"u8.ToArray(), SparkplugType.UInt32);

        public bool TryFind(ulong alias, out SparkplugBirth birth)
        {
            birth = alias == 1 ? Temperature : Load;
            return alias is 1 or 2;
        }

        public bool TryFind(ReadOnlySpan<byte> name, out SparkplugBirth birth)
        {
            birth = Load;
            return name.SequenceEqual(Load.Name.Span);
        }
    }

    private sealed class Refusals : IRefusalListener
    {
        public List<string> Names { get; } = [];

        public void OnRefused(
            ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type, InternOutcome reason) =>
            Names.Add($"{fieldName} {reason}");
    }
}
