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
            ChunkFault fault = ChunkFormat.Decode(chunk, type, columns, withArrivals: true);
            Assert.True(fault is ChunkFault.None or ChunkFault.Malformed);
            Assert.Equal(fault == ChunkFault.None, columns.Count > 0);
        }
    }

    [Fact]
    public void A_newer_version_and_another_type_are_told_apart()
    {
        byte[] chunk = Encode(Invent(new Random(3), FieldType.Integer, 10), FieldType.Integer);
        var columns = new SampleColumns();
        Assert.Equal(ChunkFault.WrongType, ChunkFormat.Decode(chunk, FieldType.Float, columns, withArrivals: true));
        chunk[0]++;
        Assert.Equal(
            ChunkFault.UnknownVersion, ChunkFormat.Decode(chunk, FieldType.Integer, columns, withArrivals: true));
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
            AddAt(columns, i, bits, random);
        }

        return columns;
    }

    private static string Word(Random random, int count) =>
        count % 2 == 0 ? $"MODE {random.Next(5)}" : new string('x', random.Next(12)) + random.Next();

    private static void AddAt(SampleColumns columns, int index, long bits, Random random)
    {
        long time = Start + (index * 1_000_000_000L);
        byte quality = random.Next(50) == 0 ? Quality.Bad : Quality.Good;
        columns.Add(time, bits, quality, (time / 1_000_000) + 30 + random.Next(8));
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
        Assert.Equal(ChunkFault.None, ChunkFormat.Decode(chunk, type, decoded, withArrivals: true));
        Assert.Equal(columns.Times, decoded.Times);
        Assert.Equal(columns.Arrivals, decoded.Arrivals);
        Assert.Equal(columns.Qualities, decoded.Qualities);
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
        Assert.NotEqual(ChunkFault.None, ChunkFormat.Decode(chunk, type, columns, withArrivals: true));
        Assert.Equal(0, columns.Count);
    }
}
