namespace Telemetry.Model;

/// <summary>A change of a zone's distance from UTC.</summary>
/// <param name="AtSeconds">When, in seconds since 1970 UTC.</param>
/// <param name="OffsetSeconds">Seconds east of UTC from then on.</param>
public readonly record struct ZoneChange(long AtSeconds, int OffsetSeconds);

/// <summary>A time zone as a table of its changes, so that reading a local time needs nothing of the machine.</summary>
public sealed class LocalZone
{
    private const long Day = 86_400;
    private readonly long[] _starts; // of all offsets; the first holds since ever
    private readonly int[] _offsets;

    /// <param name="name">What people call it, such as <c>Asia/Ulaanbaatar</c> or <c>+08:00</c>.</param>
    /// <param name="firstOffsetSeconds">Seconds east of UTC before the first change.</param>
    /// <param name="changes">In ascending order of time.</param>
    public LocalZone(string name, int firstOffsetSeconds, params IReadOnlyList<ZoneChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        Name = name;
        _starts = [long.MinValue, .. changes.Select(change => change.AtSeconds)];
        _offsets = [firstOffsetSeconds, .. changes.Select(change => change.OffsetSeconds)];
    }

    /// <summary>What people call it.</summary>
    public string Name { get; }

    /// <summary>Seconds east of UTC at a time.</summary>
    public int OffsetAt(long utcSeconds) => _offsets[IndexAt(utcSeconds)];

    /// <summary>
    /// The instant of a local time. Of the two that an hour has which comes twice it is the one nearer to
    /// <paramref name="nearSeconds"/>; an hour that is left out is counted on from before.
    /// </summary>
    /// <param name="localSeconds">The local time as if it were UTC, seconds since 1970.</param>
    /// <param name="nearSeconds">When it arrived, seconds since 1970 UTC.</param>
    public long ToUtc(long localSeconds, long nearSeconds)
    {
        int first = IndexAt(localSeconds - Day);
        int last = IndexAt(localSeconds + Day);
        long best = localSeconds - _offsets[first];
        bool isFound = false;
        for (int i = first; i <= last; i++)
        {
            long candidate = localSeconds - _offsets[i];
            bool isNearer = Math.Abs(candidate - nearSeconds) < Math.Abs(best - nearSeconds);
            if (IndexAt(candidate) == i && (!isFound || isNearer))
            {
                best = candidate;
                isFound = true;
            }
        }

        return best;
    }

    private int IndexAt(long utcSeconds)
    {
        int found = Array.BinarySearch(_starts, utcSeconds);
        return found >= 0 ? found : ~found - 1;
    }
}
