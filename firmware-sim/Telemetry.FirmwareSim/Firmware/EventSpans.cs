namespace Telemetry.FirmwareSim;

/// <summary>Events of one kind, asked in the order of time.</summary>
internal sealed class EventSpans
{
    private readonly FirmwareEvent[] _events;
    private int _first; // those before it are over

    public EventSpans(IEnumerable<FirmwareEvent> events, FirmwareEventKind kind) =>
        _events = [.. events.Where(one => one.Kind == kind)];

    /// <summary>The event that is there at a time; null when none is.</summary>
    public FirmwareEvent? At(long time)
    {
        while (_first < _events.Length && _events[_first].End <= time)
        {
            _first++;
        }

        for (int i = _first; i < _events.Length && _events[i].Start <= time; i++)
        {
            if (_events[i].IsAt(time))
            {
                return _events[i];
            }
        }

        return null;
    }
}
