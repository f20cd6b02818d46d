namespace Telemetry.Model;

/// <summary>
/// Which signal an arriving name is, and for how long. What a binding does not name it takes whatever it is. Where two
/// take one name at one time, the more particular one does: the one that asks for all the other asks for, and more.
/// Names are kept as people see them.
/// </summary>
public sealed record SignalBinding
{
    /// <summary>The field as it arrives.</summary>
    public required string From { get; init => field = VisibleName.Of(value); }

    /// <summary>The asset it belongs to.</summary>
    public required string Asset { get; init; }

    /// <summary>The key of its signal.</summary>
    public required string Signal { get; init; }

    /// <summary>The route it comes by; empty: any.</summary>
    public string Route { get; init; } = "";

    /// <summary>The gateway it comes from, by its key; empty: any.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>The measurement it arrives under; empty: any.</summary>
    public string Measurement { get; init => field = VisibleName.Of(value); } = "";

    /// <summary>Tags it arrives with, others may be there too.</summary>
    public IReadOnlyList<Tag> Tags
    {
        get;
        init => field = [.. value.Select(tag => new Tag(VisibleName.Of(tag.Key), VisibleName.Of(tag.Value)))];
    } = [];

    /// <summary>Its unit as UCUM code; empty: as the route or the message says.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Factor on the arriving number, which gives the value in <see cref="Unit"/>.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Added after the factor, in <see cref="Unit"/>.</summary>
    public double Offset { get; init; }

    /// <summary>Holds for samples of this time on, in nanoseconds since 1970.</summary>
    public long Since { get; init; } = long.MinValue;

    /// <summary>Holds for samples before this time.</summary>
    public long Until { get; init; } = long.MaxValue;

    /// <summary>How much it asks for; of two that take one name, one that asks for more is more particular.</summary>
    public int ConditionCount => Count(Route) + Count(Gateway) + Count(Measurement) + Tags.Count;

    /// <summary>True when it holds at some time at which the other does.</summary>
    public bool Overlaps(SignalBinding other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Since < other.Until && other.Since < Until;
    }

    /// <summary>
    /// True when some name may be taken by both, and neither is more particular than the other.
    /// </summary>
    public bool IsAmbiguousWith(SignalBinding other)
    {
        ArgumentNullException.ThrowIfNull(other);
        bool bothTake = From == other.From
            && MayBeBoth(Route, other.Route)
            && MayBeBoth(Gateway, other.Gateway)
            && MayBeBoth(Measurement, other.Measurement)
            && !Tags.Any(tag => other.Tags.Any(more => more.Key == tag.Key && more.Value != tag.Value));
        return bothTake && AsksAllOf(other) == other.AsksAllOf(this);
    }

    private bool AsksAllOf(SignalBinding other) =>
        (other.Route.Length == 0 || Route.Length > 0)
        && (other.Gateway.Length == 0 || Gateway.Length > 0)
        && (other.Measurement.Length == 0 || Measurement.Length > 0)
        && other.Tags.All(tag => Tags.Any(own => own.Key == tag.Key));

    private static bool MayBeBoth(string left, string right) =>
        left.Length == 0 || right.Length == 0 || left == right;

    private static int Count(string condition) => condition.Length > 0 ? 1 : 0;
}
