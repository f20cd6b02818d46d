namespace Telemetry.Model;

/// <summary>Values as they stand in <see cref="FieldSlot.Bits"/> and <see cref="SampleEntry.Bits"/>.</summary>
public static class FieldBits
{
    /// <summary>The value as a number: 0 or 1 for a boolean, NaN for a string.</summary>
    public static double ToDouble(long bits, FieldType type) => type switch
    {
        FieldType.Float => BitConverter.Int64BitsToDouble(bits),
        FieldType.Unsigned => (ulong)bits,
        FieldType.String => double.NaN,
        _ => bits,
    };
}
