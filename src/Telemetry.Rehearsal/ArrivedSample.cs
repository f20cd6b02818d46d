using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>A sample and when it came.</summary>
/// <param name="Arrival">When it arrived, nanoseconds since 1970.</param>
/// <param name="Time">Its event time, corrected, nanoseconds since 1970.</param>
/// <param name="FieldId">Its field.</param>
/// <param name="Type">The field's type.</param>
/// <param name="Quality">Its quality as an OPC byte.</param>
/// <param name="Bits">The value as in <see cref="FieldSlot.Bits"/>; 0 for texts, which nobody judges.</param>
public readonly record struct ArrivedSample(
    long Arrival, long Time, int FieldId, FieldType Type, byte Quality, long Bits)
{
    /// <summary>By arrival; what came together by event time, and then by field.</summary>
    internal static int Compare(ArrivedSample left, ArrivedSample right)
    {
        int order = left.Arrival.CompareTo(right.Arrival);
        order = order != 0 ? order : left.Time.CompareTo(right.Time);
        return order != 0 ? order : left.FieldId.CompareTo(right.FieldId);
    }
}
