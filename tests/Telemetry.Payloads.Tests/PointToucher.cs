using Telemetry.Model;

namespace Telemetry.Payloads.Tests;

/// <summary>Touches everything a point gives and keeps nothing: for runs that must not allocate.</summary>
public struct PointToucher : IPointHandler
{
    public long Points;
    public long Sum;

    public void OnPoint(scoped in PointView point)
    {
        Points++;
        foreach (ref readonly FieldSlot slot in point.Fields)
        {
            Sum += point.Text.Slice(slot.KeyStart, slot.KeyBytes).Length;
            Sum += point.Text.Slice(slot.ValueStart, slot.ValueBytes).Length;
        }

        Sum += point.Series.Length;
    }
}
