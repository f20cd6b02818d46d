using System.Buffers.Binary;

namespace Telemetry.Spool.Tests;

/// <summary>Records whose body begins with a number and goes on with bytes made from it.</summary>
internal static class RecordMaker
{
    public static byte[] Numbered(int number, int bodyBytes, byte lane = 0)
    {
        byte[] record = new byte[SpoolRecord.Measure(bodyBytes)];
        Span<byte> body = record.AsSpan(SpoolRecord.HeaderBytes);
        body.Fill((byte)number);
        BinaryPrimitives.WriteInt32LittleEndian(body, number);
        SpoolRecord.Seal(record, kind: 1, lane, arrivalTime: number);
        return record;
    }

    public static int NumberOf(ReadOnlySpan<byte> body)
    {
        int number = BinaryPrimitives.ReadInt32LittleEndian(body);
        Assert.True(body[sizeof(int)..].IndexOfAnyExcept((byte)number) < 0, "the body is not as written");
        return number;
    }

    public static List<(int At, int Number)> ListNumbers(ReadOnlySpan<byte> block)
    {
        var numbers = new List<(int At, int Number)>();
        for (int at = 0; at < block.Length;)
        {
            Assert.Equal(RecordCheck.Whole, SpoolRecord.Check(block[at..], out int bytes));
            numbers.Add((at, NumberOf(block[(at + SpoolRecord.HeaderBytes)..(at + bytes)])));
            at += bytes;
        }

        return numbers;
    }
}
