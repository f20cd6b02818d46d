using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// The last values of a device that died, once more, with the quality that says that nobody knows them now. Texts are
/// left out.
/// </summary>
internal static class StalePoints
{
    /// <summary>Writes them at the time of the death, or behind the value where that is later.</summary>
    public static void Write(BirthTable births, ReadOnlySpan<byte> series, IPointHandler points, long time)
    {
        int nameBytes = 0;
        foreach (ref BornMetric metric in births.Metrics)
        {
            nameBytes += metric.Name.Length;
        }

        var text = new byte[nameBytes];
        var slots = new List<FieldSlot>();
        int position = 0;
        foreach (ref BornMetric metric in births.Metrics)
        {
            if (!metric.HasValue)
            {
                continue;
            }

            metric.Name.CopyTo(text, position);
            var slot = new FieldSlot
            {
                KeyStart = position,
                KeyBytes = metric.Name.Length,
                Type = metric.ValueType,
                Bits = metric.Bits,
                Quality = Quality.LastKnown,
            };
            position += metric.Name.Length;
            if (metric.Time >= time)
            {
                Give(points, series, text, [slot], metric.Time + 1); // a measured value is never written over
            }
            else
            {
                slots.Add(slot);
            }
        }

        foreach (FieldSlot[] part in slots.Chunk(Limits.FieldsPerPointMax))
        {
            Give(points, series, text, part, time);
        }
    }

    private static void Give(
        IPointHandler points, ReadOnlySpan<byte> series, byte[] text, FieldSlot[] slots, long time)
    {
        points.OnPoint(new PointView
        {
            Series = series,
            Text = text,
            Fields = slots,
            Time = time,
            HasTime = true,
            Flags = PointFlags.Stale,
        });
    }
}
