namespace Telemetry.Detection;

/// <summary>What the signals of an asset, or all that come through a gateway, have in common lately.</summary>
/// <param name="name">The asset or the gateway.</param>
internal sealed class SignalGroup(string name)
{
    /// <summary>A signal counts as unusual for so many minutes of <see cref="LaneClock.Listening"/>.</summary>
    public const int RecentMinutes = 10;

    private readonly int[] _unusual = new int[RecentMinutes]; // signals by the minute in which they last were, a ring
    private long _newest;

    /// <summary>The asset or the gateway.</summary>
    public string Name => name;

    /// <summary>Signals in it.</summary>
    public int MemberCount { get; set; }

    /// <summary>When anything of it was last heard, nanoseconds of <see cref="LaneClock.Listening"/>.</summary>
    public long LastHeard { get; private set; }

    /// <summary>Its signals that are watched for anomalies.</summary>
    public int WatchedCount { get; private set; }

    /// <summary>Its signals whose silence is watched, as of the last count.</summary>
    public int HeardCount { get; private set; }

    /// <summary>Those of them of which much is missing, as of the last count.</summary>
    public int GappyCount { get; private set; }

    /// <summary>Something of it was heard.</summary>
    public void Hear(long listening) => LastHeard = Math.Max(LastHeard, listening);

    /// <summary>A signal is watched for anomalies from now on.</summary>
    /// <param name="unusualMinute">When it was last unusual; 0 for never.</param>
    public void Join(long unusualMinute)
    {
        WatchedCount++;
        Add(unusualMinute, 1);
    }

    /// <summary>A signal is no longer watched for anomalies.</summary>
    public void Leave(long unusualMinute)
    {
        WatchedCount--;
        Add(unusualMinute, -1);
    }

    /// <summary>A signal was unusual again.</summary>
    public void MoveUnusual(long from, long to)
    {
        Add(from, -1);
        Add(to, 1);
    }

    /// <summary>Signals that were unusual within the last <see cref="RecentMinutes"/>.</summary>
    public int UnusualCountAt(long minute)
    {
        Advance(minute);
        return _unusual.Sum();
    }

    /// <summary>Begins to count what is missing.</summary>
    public void BeginCount() => (HeardCount, GappyCount) = (0, 0);

    /// <summary>Counts a signal.</summary>
    public void Count(bool isGappy)
    {
        HeardCount++;
        GappyCount += isGappy ? 1 : 0;
    }

    /// <summary>True while what was unusual in that minute counts.</summary>
    public static bool IsRecent(long unusualMinute, long minute) =>
        unusualMinute > 0 && unusualMinute > minute - RecentMinutes;

    private void Add(long minute, int count)
    {
        Advance(minute);
        if (IsRecent(minute, _newest))
        {
            _unusual[minute % RecentMinutes] += count;
        }
    }

    private void Advance(long minute)
    {
        for (long passed = Math.Max(_newest, minute - RecentMinutes) + 1; passed <= minute; passed++)
        {
            _unusual[passed % RecentMinutes] = 0;
        }

        _newest = Math.Max(_newest, minute);
    }
}
