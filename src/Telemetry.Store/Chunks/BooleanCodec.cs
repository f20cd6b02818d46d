namespace Telemetry.Store;

/// <summary>Booleans as runs or as bits, whichever is shorter.</summary>
/// <remarks>Layout: form byte; runs: first value as a byte, then lengths as varints until all samples are covered;
/// bits: eight to a byte, lowest first.</remarks>
internal static class BooleanCodec
{
    private const byte BitsForm = 0;
    private const byte RunsForm = 1;

    public static void Encode(ReadOnlySpan<long> values, BlobWriter target)
    {
        int start = target.Count;
        target.WriteByte(RunsForm);
        target.WriteByte((byte)values[0]);
        int bitBytes = BitPacking.Measure(values.Length, 1);
        ReadOnlySpan<long> rest = values;
        while (!rest.IsEmpty && target.Count - start <= bitBytes)
        {
            int run = rest.IndexOfAnyExcept(rest[0]);
            run = run < 0 ? rest.Length : run;
            target.WriteVarint((ulong)run);
            rest = rest[run..];
        }

        if (rest.IsEmpty)
        {
            return;
        }

        target.CutTo(start);
        target.WriteByte(BitsForm);
        BitPacking.Pack(values, 0, 1, target.Take(bitBytes));
    }

    public static void Decode(ref BlobReader source, Span<long> values)
    {
        switch (source.ReadByte())
        {
            case BitsForm:
                ReadOnlySpan<byte> packed = source.Take(BitPacking.Measure(values.Length, 1));
                if (!source.Failed)
                {
                    BitPacking.Unpack(packed, 0, 1, values);
                }

                break;
            case RunsForm:
                DecodeRuns(ref source, values);
                break;
            default:
                source.Fail();
                break;
        }
    }

    private static void DecodeRuns(ref BlobReader source, Span<long> values)
    {
        long value = source.ReadByte() & 1;
        while (!values.IsEmpty && !source.Failed)
        {
            int run = source.ReadCount(values.Length);
            if (run == 0)
            {
                source.Fail();
            }

            values[..run].Fill(value);
            values = values[run..];
            value ^= 1;
        }
    }
}
