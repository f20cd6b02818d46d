namespace Telemetry.Store;

/// <summary>
/// Origins: sources, corrections and uncertainties as integers, each left out when it is 0 throughout. Nothing at all
/// is written when all three are.
/// </summary>
/// <remarks>Layout: a byte with a bit per part that follows, lowest first, then the parts; or no byte.</remarks>
internal static class OriginCodec
{
    private const int SourceBit = 1;
    private const int CorrectionBit = 2;
    private const int UncertaintyBit = 4;

    public static void Encode(SampleColumns columns, BlobWriter target, Span<long> scratch)
    {
        OriginColumns origins = columns.Origins;
        int count = columns.Count;
        int parts = (origins.Sources.AsSpan(0, count).ContainsAnyExcept(0) ? SourceBit : 0)
            | (origins.Corrections.AsSpan(0, count).ContainsAnyExcept(0) ? CorrectionBit : 0)
            | (origins.Uncertainties.AsSpan(0, count).ContainsAnyExcept(0) ? UncertaintyBit : 0);
        if (parts == 0)
        {
            return;
        }

        target.WriteByte((byte)parts);
        EncodePart(parts & SourceBit, origins.Sources.AsSpan(0, count), target, scratch);
        EncodePart(parts & CorrectionBit, origins.Corrections.AsSpan(0, count), target, scratch);
        EncodePart(parts & UncertaintyBit, origins.Uncertainties.AsSpan(0, count), target, scratch);
    }

    /// <summary>Fills the origins of the samples from <paramref name="first"/> on.</summary>
    public static void Decode(ref BlobReader source, SampleColumns columns, int first)
    {
        OriginColumns origins = columns.Origins;
        Range added = first..columns.Count;
        int parts = source.Left == 0 ? 0 : source.ReadByte();
        DecodePart(parts & SourceBit, ref source, origins.Sources.AsSpan(added));
        DecodePart(parts & CorrectionBit, ref source, origins.Corrections.AsSpan(added));
        DecodePart(parts & UncertaintyBit, ref source, origins.Uncertainties.AsSpan(added));
        if (parts > (SourceBit | CorrectionBit | UncertaintyBit)
            || origins.Sources.AsSpan(added).ContainsAnyExceptInRange(0, int.MaxValue))
        {
            source.Fail();
        }
    }

    private static void EncodePart(int isPresent, ReadOnlySpan<long> part, BlobWriter target, Span<long> scratch)
    {
        if (isPresent != 0)
        {
            part.CopyTo(scratch);
            IntegerCodec.Encode(scratch[..part.Length], target);
        }
    }

    private static void DecodePart(int isPresent, ref BlobReader source, Span<long> part)
    {
        if (isPresent != 0)
        {
            IntegerCodec.Decode(ref source, part);
        }
        else
        {
            part.Clear();
        }
    }
}
