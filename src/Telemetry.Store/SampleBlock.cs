using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// Samples of one field in ascending order of time: borrowed, valid only inside
/// <see cref="ISampleVisitor.OnSamples"/> (law L4). The spans of times, bits and qualities have the same length,
/// and so have those that say where samples came from, unless the visitor does not want them.
/// </summary>
public readonly ref struct SampleBlock
{
    /// <summary>Event times in nanoseconds since 1970.</summary>
    public required ReadOnlySpan<long> Times { get; init; }

    /// <summary>
    /// The values as in <see cref="FieldSlot.Bits"/>; of strings the start (upper half) and length (lower half) in
    /// <see cref="Text"/>.
    /// </summary>
    public required ReadOnlySpan<long> Bits { get; init; }

    /// <summary>Qualities as OPC bytes; see <see cref="Quality"/>.</summary>
    public required ReadOnlySpan<byte> Qualities { get; init; }

    /// <summary>The bytes that the bits of strings point into; empty for other types.</summary>
    public ReadOnlySpan<byte> Text { get; init; }

    /// <summary>Arrival times in milliseconds since 1970.</summary>
    public ReadOnlySpan<long> Arrivals { get; init; }

    /// <summary>Numbers in <see cref="SourceCatalogue"/>; 0 when unknown.</summary>
    public ReadOnlySpan<long> Sources { get; init; }

    /// <summary>What was added to the times as they came; see <see cref="TimeCorrection"/>.</summary>
    public ReadOnlySpan<long> Corrections { get; init; }

    /// <summary>Bounds of the times' errors; see <see cref="TimeCorrection"/>.</summary>
    public ReadOnlySpan<long> Uncertainties { get; init; }

    /// <summary>The type of the values.</summary>
    public required FieldType Type { get; init; }

    /// <summary>How many samples there are.</summary>
    public int Count => Times.Length;

    /// <summary>The value of a string sample.</summary>
    public ReadOnlySpan<byte> TextAt(int index) =>
        Text.Slice((int)(Bits[index] >>> 32), (int)(Bits[index] & 0xFFFF_FFFF));
}
