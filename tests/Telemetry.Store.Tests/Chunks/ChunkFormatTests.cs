using System.Buffers.Binary;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.Tests.Chunks;

public sealed class ChunkFormatTests
{
    private const long Start = 1_790_000_000_000_000_000;

    [Theory]
    [InlineData("constant", 1.1)]
    [InlineData("walk of one digit", 1.6)]
    [InlineData("walk of three digits", 2.3)]
    [InlineData("steps of a quarter", 2.0)]
    [InlineData("random bits", 9.5)]
    [InlineData("random unit", 8.9)]
    [InlineData("specials", 9.5)]
    public void Floats_come_back_bit_by_bit(string kind, double bytesPerSampleMax)
    {
        var random = new Random(7);
        double value = 50;
        var columns = new SampleColumns();
        for (int i = 0; i < 512; i++)
        {
            value = kind switch
            {
                "constant" => value,
                "walk of one digit" => Math.Round(value + ((random.Next(11) - 5) / 10.0), 1),
                "walk of three digits" => Math.Round(value + ((random.Next(101) - 50) / 1000.0), 3),
                "steps of a quarter" => random.Next(64) * 0.25,
                "random bits" => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
                "random unit" => random.NextDouble(),
                _ => Specials[random.Next(Specials.Length)],
            };
            AddAt(columns, i, BitConverter.DoubleToInt64Bits(value), random);
        }

        Assert.True(Check(columns, FieldType.Float) <= bytesPerSampleMax * columns.Count);
    }

    [Theory]
    [InlineData(FieldType.Float)]
    [InlineData(FieldType.Integer)]
    [InlineData(FieldType.Unsigned)]
    [InlineData(FieldType.Boolean)]
    [InlineData(FieldType.String)]
    public void Random_chunks_of_every_size_come_back(FieldType type)
    {
        var random = new Random(11);
        for (int count = 1; count <= 600; count += 1 + random.Next(9))
        {
            Check(Invent(random, type, count), type);
        }
    }

    [Fact]
    public void An_encoder_that_remembers_times_writes_what_a_new_one_writes()
    {
        var encoder = new ChunkEncoder();
        var target = new BlobWriter();
        var chunks = new List<string>();
        SampleColumns[] fields = [.. Enumerable.Range(0, 4).Select(_ => Invent(new Random(5), FieldType.Integer, 32))];
        fields[1].Bits[3]++; // of the same times
        fields[2].Arrivals[^1]++;
        fields[3].Times[^1]++;
        foreach (SampleColumns columns in (SampleColumns[])[.. fields, Invent(new Random(5), FieldType.Integer, 31)])
        {
            target.Clear();
            encoder.Encode(columns, FieldType.Integer, target);
            Assert.Equal(Encode(columns, FieldType.Integer), target.Written.ToArray());
            chunks.Add(Convert.ToHexString(target.Written));
        }

        Assert.Equal(chunks.Count, chunks.Distinct().Count());
    }

    [Theory]
    [InlineData(FieldType.Float)]
    [InlineData(FieldType.Integer)]
    [InlineData(FieldType.Boolean)]
    [InlineData(FieldType.String)]
    public void A_cut_or_a_flipped_bit_is_a_fault_and_adds_nothing(FieldType type)
    {
        byte[] chunk = Encode(Invent(new Random(3), type, 100), type);
        for (int cut = 0; cut < chunk.Length; cut++)
        {
            CheckFault(chunk.AsSpan(0, cut), type);
        }

        for (int bit = 0; bit < chunk.Length * 8; bit++)
        {
            chunk[bit / 8] ^= (byte)(1 << (bit % 8));
            CheckFault(chunk, type);
            chunk[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData(FieldType.Float)]
    [InlineData(FieldType.Unsigned)]
    [InlineData(FieldType.Boolean)]
    [InlineData(FieldType.String)]
    public void Damage_with_a_right_checksum_ends_without_an_exception(FieldType type)
    {
        var random = new Random(5);
        var columns = new SampleColumns();
        for (int round = 0; round < 3_000; round++)
        {
            byte[] chunk = Encode(Invent(random, type, 1 + random.Next(80)), type);
            for (int i = random.Next(1, 5); i > 0; i--)
            {
                chunk[random.Next(6, chunk.Length)] = (byte)random.Next(256);
            }

            BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(2), ChunkFormat.ChecksumOf(chunk));
            columns.Clear();
            ChunkFault fault = ChunkFormat.Decode(chunk, type, columns, withProvenance: true);
            Assert.True(fault is ChunkFault.None or ChunkFault.Malformed);
            Assert.Equal(fault == ChunkFault.None, columns.Count > 0);
        }
    }

    [Fact]
    public void A_newer_version_and_another_type_are_told_apart()
    {
        byte[] chunk = Encode(Invent(new Random(3), FieldType.Integer, 10), FieldType.Integer);
        var columns = new SampleColumns();
        Assert.Equal(ChunkFault.WrongType, ChunkFormat.Decode(chunk, FieldType.Float, columns, withProvenance: true));
        chunk[0]++;
        Assert.Equal(
            ChunkFault.UnknownVersion, ChunkFormat.Decode(chunk, FieldType.Integer, columns, withProvenance: true));
    }

    [Theory]
    [InlineData("none", 0)]
    [InlineData("one source", 4)]
    [InlineData("one source and a steady clock", 13)]
    [InlineData("a source that changes", 26)]
    [InlineData("two sources in turn", 180)]
    [InlineData("a clock that drifts evenly", 22)]
    public void Origins_cost_little_where_they_seldom_change(string kind, int bytesMax)
    {
        var (without, with) = (new SampleColumns(), new SampleColumns());
        for (int i = 0; i < 512; i++)
        {
            SampleOrigin origin = kind switch
            {
                "none" => default,
                "one source" => new SampleOrigin(70_000, default),
                "one source and a steady clock" => new(70_000, new TimeCorrection(-4_123_456_789, 80_000_000)),
                "a source that changes" => new SampleOrigin(i < 300 ? 4 : 5, default),
                "two sources in turn" => new SampleOrigin(4 + (i % 2 * 3), default),
                _ => new SampleOrigin(4, new TimeCorrection(-139_000L * i, 80_000_000)),
            };
            without.Add(i, i, Quality.Good, i);
            with.Add(i, i, Quality.Good, i, origin);
        }

        int bytes = Encode(with, FieldType.Integer).Length - Encode(without, FieldType.Integer).Length;
        Assert.InRange(bytes, 0, bytesMax);
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(100, "03 09 C8 01")]
    public void Origins_stand_last_as_the_drawing_says(int source, string section)
    {
        var columns = new SampleColumns();
        for (int i = 0; i < 40; i++)
        {
            columns.Add(i, i, Quality.Good, i, new SampleOrigin(source, default));
        }

        byte[] expected = Convert.FromHexString(section.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(expected, Encode(columns, FieldType.Integer)[^expected.Length..]);
    }

    [Fact]
    public void Provenance_that_is_not_wanted_is_not_decoded()
    {
        byte[] chunk = Encode(Invent(new Random(3), FieldType.Integer, 300), FieldType.Integer);
        var columns = new SampleColumns();
        Assert.Equal(
            ChunkFault.None, ChunkFormat.Decode(chunk, FieldType.Integer, columns, withProvenance: false));
        Assert.False(columns.Arrivals.ContainsAnyExcept(0));
        Assert.False(columns.Origins.Sources.AsSpan().ContainsAnyExcept(0));
    }

    private static readonly double[] Specials =
        [0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue];

    private static SampleColumns Invent(Random random, FieldType type, int count)
    {
        var columns = new SampleColumns();
        for (int i = 0; i < count; i++)
        {
            long bits = type switch
            {
                FieldType.Float => BitConverter.DoubleToInt64Bits(random.Next(1000) / 100.0),
                FieldType.Boolean => random.Next(6) == 0 ? 1 : 0,
                FieldType.String => columns.AddText(Encoding.UTF8.GetBytes(Word(random, count))),
                _ => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64),
            };
            AddAt(columns, i, bits, random, OriginOf(random, i));
        }

        return columns;
    }

    private static string Word(Random random, int count) =>
        count % 2 == 0 ? $"MODE {random.Next(5)}" : new string('x', random.Next(12)) + random.Next();

    private static SampleOrigin OriginOf(Random random, int index)
    {
        var correction = new TimeCorrection(index % 3 * -139_000L * index, index > 100 ? 50_000_000 : 0);
        int source = index < 20 ? 0 : 7 + random.Next(2);
        return random.Next(20) == 0 ? default : new SampleOrigin(source, correction);
    }

    private static void AddAt(
        SampleColumns columns, int index, long bits, Random random, SampleOrigin origin = default)
    {
        long time = Start + (index * 1_000_000_000L);
        byte quality = random.Next(50) == 0 ? Quality.Bad : Quality.Good;
        columns.Add(time, bits, quality, (time / 1_000_000) + 30 + random.Next(8), origin);
    }

    private static byte[] Encode(SampleColumns columns, FieldType type)
    {
        var target = new BlobWriter();
        new ChunkEncoder().Encode(columns, type, target);
        return target.Written.ToArray();
    }

    private static int Check(SampleColumns columns, FieldType type)
    {
        byte[] chunk = Encode(columns, type);
        var decoded = new SampleColumns();
        Assert.Equal(ChunkFault.None, ChunkFormat.Decode(chunk, type, decoded, withProvenance: true));
        Assert.Equal(columns.Times, decoded.Times);
        Assert.Equal(columns.Arrivals, decoded.Arrivals);
        Assert.Equal(columns.Qualities, decoded.Qualities);
        for (int i = 0; i < columns.Count; i++)
        {
            Assert.Equal(columns.Origins[i], decoded.Origins[i]);
        }

        for (int i = 0; type == FieldType.String && i < columns.Count; i++)
        {
            Assert.True(columns.TextAt(i).SequenceEqual(decoded.TextAt(i)));
        }

        if (type != FieldType.String)
        {
            Assert.Equal(columns.Bits, decoded.Bits);
        }

        return chunk.Length;
    }

    private static void CheckFault(ReadOnlySpan<byte> chunk, FieldType type)
    {
        var columns = new SampleColumns();
        Assert.NotEqual(ChunkFault.None, ChunkFormat.Decode(chunk, type, columns, withProvenance: true));
        Assert.Equal(0, columns.Count);
    }
}
