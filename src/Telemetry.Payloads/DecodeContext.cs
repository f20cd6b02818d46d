using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>What the route adds to a payload. Borrowed: valid during the call (law L4).</summary>
public readonly ref struct DecodeContext
{
    /// <summary>
    /// Measurement and tags in line-protocol form, for formats that carry none of their own, for instance
    /// <c>plant,site=pilot,gateway=gw7</c>.
    /// </summary>
    public ReadOnlySpan<byte> Series { get; init; }

    /// <summary>
    /// Tags appended to the series of formats that carry their own, with the leading comma:
    /// <c>,site=pilot</c>; may be empty.
    /// </summary>
    public ReadOnlySpan<byte> ExtraTags { get; init; }

    /// <summary>Name of a value that comes without one; empty: <c>value</c>.</summary>
    public ReadOnlySpan<byte> Field { get; init; }

    /// <summary>
    /// What the handler remembers of names that came before; null when it remembers none. A decoder that finds a name
    /// there may compare it instead of reading it anew, and says so by <see cref="PointView.Known"/>.
    /// </summary>
    public ByteKeyTable<KnownSeries>? Names { get; init; }

    /// <summary>The payload stands in another, whose time is that of points without one.</summary>
    internal bool HasTimeAround { get; init; }

    /// <summary>Nanoseconds since 1970.</summary>
    internal long TimeAround { get; init; }

    /// <summary>Unit of the times in line protocol.</summary>
    public TimePrecision Precision { get; init; }

    /// <summary>What times without a zone mean, where the route does not say it.</summary>
    public LocalTimes Local { get; init; }
}
