namespace Telemetry.Model;

/// <summary>What becomes of the messages of a lane when the spool has little room.</summary>
public enum WhenFull : byte
{
    /// <summary>They stay; new ones are not acknowledged when there is no room.</summary>
    Refuse = 0,

    /// <summary>The oldest go.</summary>
    DropOldest = 1,

    /// <summary>Of the oldest, those stay that have an extreme, the first or the last value of an interval.</summary>
    Thin = 2,
}

/// <summary>Messages that share what becomes of them when the spool has little room.</summary>
/// <param name="Name">Its name, unique in the site.</param>
/// <param name="Topics">Topic filters; what one of them takes is of the lane.</param>
/// <param name="Gateways">Keys of gateways; what one of them sends is of the lane.</param>
/// <param name="WhenFull">What becomes of its messages.</param>
/// <param name="ThinNanoseconds">Length of an interval in nanoseconds; 0 unless they are thinned.</param>
public sealed record TrafficLane(
    string Name,
    IReadOnlyList<string> Topics,
    IReadOnlyList<string> Gateways,
    WhenFull WhenFull,
    long ThinNanoseconds = 0);
