namespace Telemetry.Store;

/// <summary>
/// Times of samples that came behind what was sealed and are in no roll-up yet: a window that holds one is read anew.
/// </summary>
internal sealed class LateTimes
{
    private readonly List<long> _times = [];

    public void Clear() => _times.Clear();

    public void Add(ReadOnlySpan<long> times) => _times.AddRange(times);

    /// <summary>Behind the last addition.</summary>
    public void Sort() => _times.Sort();

    /// <summary>One of them is in [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public bool AnyIn(long from, long to)
    {
        int found = _times.BinarySearch(from);
        int next = found < 0 ? ~found : found;
        return next < _times.Count && _times[next] < to;
    }
}
