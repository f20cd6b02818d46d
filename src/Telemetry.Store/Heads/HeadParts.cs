using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// The encoded part of an open chunk: small chunks one behind the other, each with its length ahead as a varint. A
/// later one wins where times are equal. The same bytes stand in memory and in the row of a head.
/// </summary>
internal static class HeadParts
{
    private const int LengthBytesMax = 5; // a varint of 31 bits

    /// <summary>Adds a part for the samples of <paramref name="columns"/>.</summary>
    public static void Write(SampleColumns columns, FieldType type, ChunkEncoder encoder, BlobWriter target)
    {
        // The length is known only afterwards: encode first, then move it up by the length's own bytes.
        int start = target.Count;
        encoder.Encode(columns, type, target);
        int bytes = target.Count - start;
        Span<byte> length = stackalloc byte[LengthBytesMax];
        int lengthBytes = WriteLength((uint)bytes, length);
        target.Take(lengthBytes);
        Span<byte> part = target.Written[start..];
        part[..bytes].CopyTo(part[lengthBytes..]);
        length[..lengthBytes].CopyTo(part);
    }

    /// <summary>
    /// The next part; false at the end or when the rest is damaged, which <see cref="BlobReader.Failed"/> tells.
    /// </summary>
    public static bool TryRead(ref BlobReader source, out ReadOnlySpan<byte> part)
    {
        part = default;
        if (source.Left == 0 || source.Failed)
        {
            return false;
        }

        part = source.Take(source.ReadCount(int.MaxValue));
        return !source.Failed;
    }

    private static int WriteLength(uint value, Span<byte> target)
    {
        int count = 0;
        for (; value >= 0x80; value >>= 7)
        {
            target[count++] = (byte)((value & 0x7F) | 0x80);
        }

        target[count++] = (byte)value;
        return count;
    }
}
