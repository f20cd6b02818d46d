using System.Text;
using Telemetry.Model;

namespace Telemetry.Payloads.Tests;

/// <summary>What was read before may make reading faster and never different.</summary>
public sealed class RememberedNamesTests
{
    private const int Seed = 41;
    private static readonly byte[] Damage = Encoding.ASCII.GetBytes("m,= \\\"#0123456789.-+eiutfTFrals{}[]:\n");

    private static readonly string[] Lines =
    [
        "m,a=1,b=2 x=1.5,y=-2,z=3i 1700000000000000000",
        "m,a=1,b=2 x=1.25,y=-2.75,z=4i 1700000000000000001\nm,a=1,b=2 x=9,y=8,z=7i",
        "m,a=1,b=2 y=1,x=2",
        "m,a=1,b=2 x=t,y=\"a b\",z=5u 17",
        "m,a\\ b=c\\,d k\\=1=5,x=1e5 -5",
        "m\\ n,a=1 x=007,y=.5,z=5. 9223372036854775807",
        "m x=1,x=2 1",
        "µ,ort=Үндсэн темп=1.5,x=2 1700000000000000000",
        "m,a=1,a=2 x=1",
    ];

    private static readonly string[] Objects =
    [
        """{"x":1.5,"y":-2,"ok":true}""",
        """{"x":2.5,"y":0.75,"ok":false,"ts":1700000000000}""",
        """{ "ts" : 1700000000 , "x" : 1 , "y" : 2 }""",
        """{"time":1700000000001,"ts":1700000000000,"x":1}""",
        """{"t":21.5,"x":1}""",
        """{"t":1700000000,"x":1}""",
        """{"x":1,"x":2,"y":3}""",
        """{"x":-0,"y":1e3,"z":123456789012345678901}""",
        """{"x":0,"y":null,"z":"text"}""",
        """{"x":{"y":1},"темп":5}""",
        """{"x y":1,"x=y":2,"x":3}""",
    ];

    [Fact]
    public void Lines_are_read_the_same_whatever_was_read_before() =>
        Compare(() => new LineProtocolDecoder(), Lines, extraTags: "");

    [Fact]
    public void Lines_of_a_route_with_tags_are_read_the_same_whatever_was_read_before() =>
        Compare(() => new LineProtocolDecoder(), Lines, extraTags: ",site=pilot");

    [Fact]
    public void Objects_are_read_the_same_whatever_was_read_before() =>
        Compare(() => new JsonDecoder(new JsonMapping()), Objects, extraTags: "");

    [Fact]
    public void Objects_with_values_that_are_none_are_read_the_same_whatever_was_read_before() =>
        Compare(() => new JsonDecoder(new JsonMapping { Invalid = [-2, 0.75] }), Objects, extraTags: "");

    [Fact]
    public void Either_format_on_one_route_is_read_the_same_whatever_was_read_before() =>
        Compare(() => new AutoDecoder(), [.. Lines, .. Objects, "m2 x=1", "true", "12.5", "nan"], extraTags: "");

    private static void Compare<TDecoder>(Func<TDecoder> create, string[] seeds, string extraTags)
        where TDecoder : IPayloadDecoder
    {
        (TDecoder alone, TDecoder remembering) = (create(), create());
        var mutation = new Mutation(Seed, Damage);
        var binder = new CatalogueBinder();
        byte[] tags = Encoding.ASCII.GetBytes(extraTags);
        var known = new Memory(binder);
        var buffer = new byte[512];
        for (int i = 0; i < RunLength.Compared; i++)
        {
            byte[] seed = Encoding.UTF8.GetBytes(seeds[i % seeds.Length]);
            int bytes = i % 2 == 0 ? mutation.Apply(seed, buffer) : Copy(seed, buffer);
            var context = new DecodeContext { Series = "m"u8, ExtraTags = tags };
            var fresh = new Memory(binder);
            string expected = fresh.Read(alone, buffer.AsSpan(0, bytes), context);
            context = new DecodeContext { Series = "m"u8, ExtraTags = tags, Names = known.Names };
            string actual = known.Read(remembering, buffer.AsSpan(0, bytes), context);
            Assert.True(expected == actual, $"{Encoding.UTF8.GetString(buffer, 0, bytes)}:\n{expected}\n{actual}");
        }

        Assert.InRange(known.RecalledCount, RunLength.Compared / 40, int.MaxValue);
    }

    private static int Copy(byte[] payload, byte[] buffer)
    {
        payload.CopyTo(buffer, 0);
        return payload.Length;
    }

    /// <summary>A batch writer, and what it was given as text.</summary>
    private sealed class Memory(CatalogueBinder binder) : IPointHandler
    {
        private readonly PointBatchWriter _writer = new(binder);
        private readonly PointBatch _batch = new();
        private PointRecorder _recorder = new();

        public int RecalledCount { get; private set; }

        public ByteKeyTable<KnownSeries> Names => _writer.Names;

        public string Read<TDecoder>(TDecoder decoder, ReadOnlySpan<byte> payload, in DecodeContext context)
            where TDecoder : IPayloadDecoder
        {
            _recorder = new PointRecorder();
            _batch.Reset();
            _writer.Attach(_batch);
            _writer.BeginRecord(0, arrivalTime: 5, lane: 0, lateAfterNanoseconds: 10);
            Memory handler = this;
            DecodeStatus status = decoder.Decode(payload, context, ref handler, out PayloadFault fault);
            var text = new StringBuilder($"{status} {fault}");
            text.AppendJoin(' ', _recorder.Points);
            foreach (PointEntry point in _batch.Points)
            {
                text.Append($" {point.SeriesId}@{point.Time}{point.Flags}");
                foreach (SampleEntry sample in _batch.SamplesOf(point))
                {
                    bool isText = sample.Type == FieldType.String;
                    string value = isText ? Encoding.UTF8.GetString(_batch.TextOf(sample)) : $"{sample.Bits}";
                    text.Append($" {sample.FieldId}{sample.Type}{sample.Quality}={value}");
                }
            }

            return text.ToString();
        }

        public void OnPoint(scoped in PointView point)
        {
            RecalledCount += point.Known is null ? 0 : 1;
            _recorder.OnPoint(point);
            _writer.OnPoint(point);
        }
    }
}
