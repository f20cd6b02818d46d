namespace Telemetry.FirmwareSim;

/// <summary>
/// Takes what a run yields, in the order of event time. What is called for an episode is the hidden truth: a detector
/// under test must not see it.
/// </summary>
public interface IMineListener
{
    /// <summary>A sensor was read.</summary>
    void OnSample(in MineSample sample);

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
