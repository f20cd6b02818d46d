namespace Telemetry.Model;

/// <summary>
/// One point as a decoder read it: borrowed, valid only inside <see cref="IPointHandler.OnPoint"/> (law L4).
/// </summary>
public readonly ref struct PointView
{
    /// <summary>
    /// Measurement and tags in line-protocol form with its escapes, <c>measurement[,tag=value…]</c>, tags in the order
    /// in which they came. It is a name as it arrived, not yet an identity; <see cref="SeriesKey"/> makes it one.
    /// </summary>
    public required ReadOnlySpan<byte> Series { get; init; }

    /// <summary>The bytes that the offsets of <see cref="Fields"/> point into.</summary>
    public required ReadOnlySpan<byte> Text { get; init; }

    /// <summary>The fields, at least one.</summary>
    public required ReadOnlySpan<FieldSlot> Fields { get; init; }

    /// <summary>Event time in nanoseconds since 1970; meaningful only with <see cref="HasTime"/>.</summary>
    public long Time { get; init; }

    /// <summary>False when the payload gave no time; arrival time then stands for it.</summary>
    public bool HasTime { get; init; }

    /// <summary>
    /// Of a point without a time, how long after its arrival it was measured, in nanoseconds; negative before it, and 0
    /// unless the payload says otherwise.
    /// </summary>
    public long TimeFromArrival { get; init; }

    /// <summary>
    /// What the handler remembers of <see cref="Series"/>, when the decoder was told by <c>DecodeContext.Names</c>.
    /// </summary>
    public KnownSeries? Known { get; init; }

    /// <summary>Bytes of the head of the line that gave the series; 0 of other formats.</summary>
    public int HeadBytes { get; init; }

    /// <summary>What the payload says of the point besides: that it is late, or not measured.</summary>
    public PointFlags Flags { get; init; }
}

/// <summary>
/// The door every decoder writes through. Implemented by structs or sealed classes, so that the call is direct.
/// </summary>
public interface IPointHandler
{
    /// <summary>Takes one point; what is to be kept must be copied before the call returns.</summary>
    void OnPoint(scoped in PointView point);
}
