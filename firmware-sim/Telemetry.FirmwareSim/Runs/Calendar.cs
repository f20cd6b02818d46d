namespace Telemetry.FirmwareSim;

/// <summary>Which slots are due at a tick, without asking each of them.</summary>
internal sealed class Calendar
{
    private readonly SamplingSlot[] _slots;
    private readonly int[] _events; // those without a period
    private readonly (long Period, int[]?[] ByPhase)[] _periods;
    private readonly int[] _due;

    public Calendar(SamplingSlot[] slots)
    {
        int[] places = [.. Enumerable.Range(0, slots.Length)];
        _slots = slots;
        _due = new int[slots.Length];
        _events = [.. places.Where(place => slots[place].IsEvent)];
        _periods =
        [
            .. places.Where(place => !slots[place].IsEvent)
                .GroupBy(place => slots[place].PeriodTicks)
                .Select(group => (group.Key, ByPhase(group.Key, group, slots))),
        ];
    }

    /// <summary>Places of the slots that are due, in order; valid until the next call.</summary>
    public ReadOnlySpan<int> DueAt(long tick, double seconds)
    {
        int count = 0;
        if (tick == 0)
        {
            for (int place = 0; place < _slots.Length; place++)
            {
                AddIfDue(place, tick, seconds, ref count); // every signal is read at the start
            }

            return _due.AsSpan(0, count);
        }

        foreach ((long period, int[]?[] byPhase) in _periods)
        {
            if (byPhase[tick % period] is { } due)
            {
                due.CopyTo(_due, count);
                count += due.Length;
            }
        }

        foreach (int place in _events)
        {
            AddIfDue(place, tick, seconds, ref count);
        }

        Span<int> all = _due.AsSpan(0, count);
        all.Sort();
        return all;
    }

    private void AddIfDue(int place, long tick, double seconds, ref int count)
    {
        if (_slots[place].IsDue(tick, seconds, tickSeconds: 1))
        {
            _due[count++] = place;
        }
    }

    private static int[]?[] ByPhase(long period, IEnumerable<int> places, SamplingSlot[] slots)
    {
        var byPhase = new int[]?[period];
        foreach (IGrouping<long, int> group in places.GroupBy(place => (period - slots[place].PhaseTicks) % period))
        {
            byPhase[group.Key] = [.. group];
        }

        return byPhase;
    }
}
