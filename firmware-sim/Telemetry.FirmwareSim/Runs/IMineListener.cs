using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>
/// Takes what a run yields, in the order of event time. What is called for an episode is the hidden truth: a detector
/// under test must not see it.
/// </summary>
public interface IMineListener
{
    /// <summary>A sensor was read.</summary>
    void OnSample(in MineSample sample);

    /// <summary>
    /// A machine is in another state, or in this one at the start of the run. No secret: what controls a machine knows
    /// its state. Machines that never stop are not told of.
    /// </summary>
    /// <param name="asset">The machine.</param>
    /// <param name="state">Its state from now on.</param>
    /// <param name="time">Event time, nanoseconds since 1970.</param>
    void OnStateChanged(Asset asset, MachineState state, long time)
    {
    }

    /// <summary>A failure begins.</summary>
    void OnStarted(Episode episode)
    {
    }

    /// <summary>A failure has its full size.</summary>
    void OnFull(Episode episode)
    {
    }

    /// <summary>Nothing of a failure is left.</summary>
    void OnEnded(Episode episode)
    {
    }
}
