using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>Makes the summary of a chunk's samples.</summary>
internal static class SampleSummaries
{
    /// <summary>The value of a numeric sample; of whole numbers beyond 2^53 the nearest there is.</summary>
    public static double NumberOf(long bits, FieldType type) => type switch
    {
        FieldType.Float => BitConverter.Int64BitsToDouble(bits),
        FieldType.Unsigned => unchecked((ulong)bits),
        _ => bits,
    };

    /// <summary>Summarises ascending samples.</summary>
    /// <returns>
    /// False when only count and times are meaningful: booleans, strings, and where a value is no number.
    /// </returns>
    public static bool TryOf(SampleColumns columns, FieldType type, out SampleSummary summary)
    {
        ReadOnlySpan<long> times = columns.Times;
        ReadOnlySpan<long> bits = columns.Bits;
        summary = new SampleSummary(columns.Count, times[0], times[^1], 0, 0, 0, 0, 0);
        if (type is FieldType.Boolean or FieldType.String)
        {
            return false;
        }

        double sum = 0;
        double min = double.PositiveInfinity;
        double max = double.NegativeInfinity;
        foreach (long value in bits)
        {
            double number = NumberOf(value, type);
            sum += number;
            min = Math.Min(min, number);
            max = Math.Max(max, number);
        }

        summary = summary with
        {
            First = NumberOf(bits[0], type),
            Last = NumberOf(bits[^1], type),
            Min = min,
            Max = max,
            Sum = sum,
        };
        return double.IsFinite(sum);
    }
}
