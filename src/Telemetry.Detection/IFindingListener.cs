using Telemetry.Model;

namespace Telemetry.Detection;

/// <summary>Takes what detectors find, on the thread that observes, in spool order.</summary>
public interface IFindingListener
{
    /// <summary>
    /// Takes one finding. Findings of one condition come in strictly ascending order of (offset, time, edge), so that
    /// triple tells a finding that was seen before from a new one.
    /// </summary>
    void OnFinding(in Finding finding);

    /// <summary>
    /// Takes what is worth a look but no reason to wake anyone: an anomaly of the lower level; it does not end.
    /// </summary>
    void OnNotice(in Finding notice)
    {
    }

    /// <summary>Takes an anomaly of which a verdict keeps people from being told; it begins and ends.</summary>
    /// <param name="finding">What was found.</param>
    /// <param name="verdict">Number of the verdict.</param>
    void OnHeld(in Finding finding, long verdict)
    {
    }

    /// <summary>Takes an anomaly that was told or noticed and is clearly larger by now.</summary>
    void OnGrown(in Finding finding)
    {
    }
}
