namespace Telemetry.Store;

/// <summary>Floats by whichever is shortest: one value, short decimals, exclusive-or, or as they are.</summary>
/// <remarks>Layout: one byte that names the form, then the form's own.</remarks>
internal static class FloatCodec
{
    private const byte RawForm = 0;
    private const byte ConstantForm = 1;
    private const byte DecimalForm = 2;
    private const byte XorForm = 3;
    private const int GoodBytesPerValue = 4; // a decimal form up to this size is not worth a second try

    public static void Encode(ReadOnlySpan<long> bits, BlobWriter target, Span<long> scratch)
    {
        if (!bits.ContainsAnyExcept(bits[0]))
        {
            target.WriteByte(ConstantForm);
            target.WriteInt64(bits[0]);
            return;
        }

        int start = target.Count;
        target.WriteByte(DecimalForm);
        bool isDecimal = DecimalCodec.TryEncode(bits, target, scratch);
        int decimalBytes = isDecimal ? target.Count - start : int.MaxValue;
        if (decimalBytes <= bits.Length * GoodBytesPerValue)
        {
            return;
        }

        target.CutTo(start);
        target.WriteByte(XorForm);
        XorCodec.Encode(bits, target);
        int xorBytes = target.Count - start;
        int rawBytes = 1 + (bits.Length * sizeof(long));
        if (xorBytes <= Math.Min(decimalBytes, rawBytes))
        {
            return;
        }

        target.CutTo(start);
        if (isDecimal && decimalBytes < rawBytes)
        {
            target.WriteByte(DecimalForm);
            DecimalCodec.TryEncode(bits, target, scratch);
            return;
        }

        target.WriteByte(RawForm);
        foreach (long value in bits)
        {
            target.WriteInt64(value);
        }
    }

    public static void Decode(ref BlobReader source, Span<long> bits)
    {
        switch (source.ReadByte())
        {
            case RawForm:
                foreach (ref long value in bits)
                {
                    value = source.ReadInt64();
                }

                break;
            case ConstantForm:
                bits.Fill(source.ReadInt64());
                break;
            case DecimalForm:
                DecimalCodec.Decode(ref source, bits);
                break;
            case XorForm:
                XorCodec.Decode(ref source, bits);
                break;
            default:
                source.Fail();
                break;
        }
    }
}
