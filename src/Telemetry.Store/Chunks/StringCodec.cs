namespace Telemetry.Store;

/// <summary>Texts with a dictionary when few differ, else with their lengths.</summary>
/// <remarks>Layout: form byte; lengths: all lengths as integers, then all bytes; dictionary: entry count, per entry its
/// length as a varint and its bytes, then the entry of each sample as integers.</remarks>
internal static class StringCodec
{
    private const byte LengthsForm = 0;
    private const byte DictionaryForm = 1;
    private const int EntryCountMax = 64; // searched one by one: states and modes have a handful

    public static void Encode(SampleColumns columns, BlobWriter target, Span<long> scratch)
    {
        Span<int> entries = stackalloc int[EntryCountMax];
        Span<long> numbers = scratch[..columns.Count];
        int entryCount = Number(columns, numbers, entries);
        if (entryCount > 0)
        {
            target.WriteByte(DictionaryForm);
            target.WriteVarint((ulong)entryCount);
            foreach (int index in entries[..entryCount])
            {
                ReadOnlySpan<byte> text = columns.TextAt(index);
                target.WriteVarint((ulong)text.Length);
                target.WriteBytes(text);
            }

            IntegerCodec.Encode(numbers, target);
            return;
        }

        target.WriteByte(LengthsForm);
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = TextBits.Length(columns.Bits[i]);
        }

        IntegerCodec.Encode(numbers, target);
        for (int i = 0; i < columns.Count; i++)
        {
            target.WriteBytes(columns.TextAt(i));
        }
    }

    /// <summary>Fills the bits of the samples from <paramref name="first"/> on and adds their text.</summary>
    public static void Decode(ref BlobReader source, SampleColumns columns, int first)
    {
        Span<long> bits = columns.Bits[first..];
        switch (source.ReadByte())
        {
            case LengthsForm:
                DecodeLengths(ref source, columns, bits);
                break;
            case DictionaryForm:
                DecodeDictionary(ref source, columns, bits);
                break;
            default:
                source.Fail();
                break;
        }
    }

    /// <summary>Gives each sample the number of its text; 0 entries when a dictionary would not pay.</summary>
    private static int Number(SampleColumns columns, Span<long> numbers, Span<int> entries)
    {
        int entryCount = 0;
        int entryCountMax = Math.Min(entries.Length, (columns.Count + 1) / 2);
        for (int i = 0; i < columns.Count; i++)
        {
            int entry = Find(columns, columns.TextAt(i), entries[..entryCount]);
            if (entry == entryCountMax)
            {
                return 0;
            }

            if (entry == entryCount)
            {
                entries[entryCount++] = i;
            }

            numbers[i] = entry;
        }

        return entryCount;
    }

    private static int Find(SampleColumns columns, ReadOnlySpan<byte> text, ReadOnlySpan<int> entries)
    {
        int entry = 0;
        while (entry < entries.Length && !columns.TextAt(entries[entry]).SequenceEqual(text))
        {
            entry++;
        }

        return entry;
    }

    private static void DecodeLengths(ref BlobReader source, SampleColumns columns, Span<long> bits)
    {
        IntegerCodec.Decode(ref source, bits);
        foreach (ref long value in bits)
        {
            if (value < 0 || value > source.Left)
            {
                source.Fail();
                return;
            }

            value = columns.AddText(source.Take((int)value));
        }
    }

    private static void DecodeDictionary(ref BlobReader source, SampleColumns columns, Span<long> bits)
    {
        Span<long> entries = stackalloc long[EntryCountMax];
        int entryCount = source.ReadCount(EntryCountMax);
        for (int i = 0; i < entryCount; i++)
        {
            entries[i] = columns.AddText(source.Take(source.ReadCount(source.Left)));
        }

        IntegerCodec.Decode(ref source, bits);
        foreach (ref long value in bits)
        {
            if (value < 0 || value >= entryCount)
            {
                source.Fail();
                return;
            }

            value = entries[(int)value];
        }
    }
}
