using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>Tells a listener the states of machines: at the start, and each time one has changed.</summary>
internal sealed class StateFeed(IEnumerable<Machine> machines)
{
    private readonly (Machine Machine, MachineState? Told)[] _machines =
        [.. machines.Select(machine => (machine, (MachineState?)null))];

    /// <summary>Tells what has changed by a time.</summary>
    /// <param name="time">Event time, nanoseconds since 1970.</param>
    /// <param name="listener">Who is told.</param>
    public void Tell(long time, IMineListener listener)
    {
        double seconds = (double)time / Timestamp.NanosecondsPerSecond;
        for (int i = 0; i < _machines.Length; i++)
        {
            MachineState state = _machines[i].Machine.StateAt(seconds);
            if (_machines[i].Told != state)
            {
                _machines[i].Told = state;
                listener.OnStateChanged(_machines[i].Machine.Asset, state, time);
            }
        }
    }
}
