namespace Telemetry.Store;

/// <summary>
/// Origins: sources, corrections and uncertainties, each as one number when it is the same throughout, else as
/// integers. A part of zeros is left out, and nothing at all is written when all three are.
/// </summary>
/// <remarks>
/// Layout: a byte with a bit per part that follows, lowest first, and three bits above that say which of them are one
/// number; then the parts: a zigzag, or integers. Or no byte.
/// </remarks>
internal static class OriginCodec
{
    private const int SourceBit = 1;
    private const int CorrectionBit = 2;
    private const int UncertaintyBit = 4;
    private const int OneNumberShift = 3;

    public static void Encode(SampleColumns columns, BlobWriter target, Span<long> scratch)
    {
        OriginColumns origins = columns.Origins;
        int count = columns.Count;
        int start = target.Count;
        target.WriteByte(0);
        int parts = EncodePart(SourceBit, origins.Sources.AsSpan(0, count), target, scratch)
            | EncodePart(CorrectionBit, origins.Corrections.AsSpan(0, count), target, scratch)
            | EncodePart(UncertaintyBit, origins.Uncertainties.AsSpan(0, count), target, scratch);
        if (parts == 0)
        {
            target.CutTo(start);
            return;
        }

        target.Written[start] = (byte)parts;
    }

    /// <summary>Fills the origins of the samples from <paramref name="first"/> on.</summary>
    public static void Decode(ref BlobReader source, SampleColumns columns, int first)
    {
        OriginColumns origins = columns.Origins;
        Range added = first..columns.Count;
        int parts = source.Left == 0 ? 0 : source.ReadByte();
        DecodePart(parts, SourceBit, ref source, origins.Sources.AsSpan(added));
        DecodePart(parts, CorrectionBit, ref source, origins.Corrections.AsSpan(added));
        DecodePart(parts, UncertaintyBit, ref source, origins.Uncertainties.AsSpan(added));
        if (origins.Sources.AsSpan(added).ContainsAnyExceptInRange(0, int.MaxValue))
        {
            source.Fail();
        }
    }

    /// <returns>The bits that say how it was written.</returns>
    private static int EncodePart(int bit, ReadOnlySpan<long> part, BlobWriter target, Span<long> scratch)
    {
        if (part.ContainsAnyExcept(part[0]))
        {
            part.CopyTo(scratch);
            IntegerCodec.Encode(scratch[..part.Length], target);
            return bit;
        }

        if (part[0] == 0)
        {
            return 0;
        }

        target.WriteZigzag(part[0]);
        return bit | (bit << OneNumberShift);
    }

    private static void DecodePart(int parts, int bit, ref BlobReader source, Span<long> part)
    {
        if ((parts & bit) == 0)
        {
            part.Clear();
        }
        else if ((parts & (bit << OneNumberShift)) != 0)
        {
            part.Fill(source.ReadZigzag());
        }
        else
        {
            IntegerCodec.Decode(ref source, part);
        }
    }
}
