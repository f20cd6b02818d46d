using Telemetry.Buffers;

namespace Telemetry.Detection.Assets;

/// <summary>Numbers in a row, in a state.</summary>
internal static class AssetState
{
    /// <summary>Writes them without their count, which follows from what was written before.</summary>
    public static void Doubles(this StateWriter writer, ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            writer.Double(value);
        }
    }

    /// <summary>Reads as many as there is room for; false when there are fewer.</summary>
    public static bool TryDoubles(this ref StateReader reader, Span<double> values)
    {
        foreach (ref double value in values)
        {
            value = reader.Double();
        }

        return !reader.IsFailed;
    }
}
