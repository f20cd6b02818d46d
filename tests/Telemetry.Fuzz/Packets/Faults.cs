namespace Telemetry.Fuzz;

/// <summary>Decides where a packet breaks a rule, and knows afterwards whether it does.</summary>
internal sealed class Faults(FuzzRandom random)
{
    private bool _isAllowed;

    /// <summary>A rule was broken: whoever takes the packet is wrong.</summary>
    public bool Any { get; private set; }

    /// <summary>Begins a packet, which may break rules or not.</summary>
    public void Begin(bool isAllowed)
    {
        _isAllowed = isAllowed;
        Any = false;
    }

    /// <summary>Whether to break a rule here; whoever asks does it when this is true.</summary>
    public bool Here(int oneIn)
    {
        if (!_isAllowed || !random.OneIn(oneIn))
        {
            return false;
        }

        Any = true;
        return true;
    }
}
