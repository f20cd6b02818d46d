using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>The widths of roll-ups' windows; they begin at multiples of their width since 1970.</summary>
internal static class RollupLevels
{
    /// <summary>Roll-ups of a field are made day by day (UTC), in nanoseconds.</summary>
    public const long Day = Timestamp.NanosecondsPerDay;

    /// <summary>
    /// Samples per window, on average over a day, from which a level is kept: of values with one decimal a window takes
    /// as many bytes as so many samples, and a thinner one would cost the disk more than it saves the reader.
    /// </summary>
    public const int SamplesPerWindowMin = 32;

    private const long Second = Timestamp.NanosecondsPerSecond;

    /// <summary>Widths in nanoseconds, the widest first; each divides those before it, and all the day.</summary>
    public static ReadOnlySpan<long> Widths => [3_600 * Second, 600 * Second, 60 * Second, 10 * Second];

    /// <summary>Fields of that type have roll-ups.</summary>
    public static bool Has(FieldType type) => type is FieldType.Float or FieldType.Integer or FieldType.Unsigned;

    /// <summary>The greatest multiple of <paramref name="width"/> up to an instant, which is not before 1970.</summary>
    public static long FloorTo(long time, long width) => time - (time % width);
}
