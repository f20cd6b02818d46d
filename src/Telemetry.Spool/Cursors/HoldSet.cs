namespace Telemetry.Spool;

/// <summary>All claims on the spool and what they leave to be deleted.</summary>
internal sealed class HoldSet
{
    private readonly Lock _gate = new();
    private readonly List<SpoolHold> _holds = [];

    /// <summary>Called after a release, outside the lock.</summary>
    public Action? Released { get; set; }

    /// <summary>All of them now.</summary>
    public IReadOnlyList<SpoolHold> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _holds];
            }
        }
    }

    public SpoolHold Add(string name, bool isRequired, long offset)
    {
        var hold = new SpoolHold(this, name, isRequired, offset);
        lock (_gate)
        {
            if (_holds.Exists(other => other.Name == name))
            {
                throw new InvalidOperationException($"cannot hold the spool as '{name}': someone does already");
            }

            _holds.Add(hold);
        }

        return hold;
    }

    public void Remove(SpoolHold hold)
    {
        lock (_gate)
        {
            _holds.Remove(hold);
        }

        OnReleased();
    }

    public void OnReleased() => Released?.Invoke();

    /// <summary>
    /// What lies before may go at any time: everyone has released it. A spool that nobody is required to read is kept
    /// up to its quota.
    /// </summary>
    public long Floor
    {
        get
        {
            lock (_gate)
            {
                return _holds.Exists(hold => hold.IsRequired) ? MinimumLocked(requiredOnly: false) : 0;
            }
        }
    }

    /// <summary>What lies before may go when room is short: every required holder has released it.</summary>
    public long PressureFloor
    {
        get
        {
            lock (_gate)
            {
                return MinimumLocked(requiredOnly: true);
            }
        }
    }

    /// <summary>The optional holder that still wants something before an offset, if there is one.</summary>
    public SpoolHold? FindOverruled(long before)
    {
        lock (_gate)
        {
            return _holds.Find(hold => !hold.IsRequired && hold.Offset < before);
        }
    }

    private long MinimumLocked(bool requiredOnly)
    {
        long minimum = long.MaxValue;
        foreach (SpoolHold hold in _holds)
        {
            if (hold.IsRequired || !requiredOnly)
            {
                minimum = Math.Min(minimum, hold.Offset);
            }
        }

        return minimum;
    }
}
