namespace Telemetry.FirmwareSim;

/// <summary>The truth about one fault of a run, against which detectors can be scored.</summary>
/// <param name="Id">Unique in the run, for instance <c>bearing-1</c>.</param>
/// <param name="Scenario">What happened, and to which asset and signal.</param>
/// <param name="Start">Event time of its start, nanoseconds since 1970.</param>
/// <param name="End">Event time of its end; null while it lasts.</param>
public sealed record FaultLabel(string Id, FaultScenario Scenario, long Start, long? End = null)
{
    /// <summary>True when the fault is there at a time.</summary>
    public bool IsActiveAt(long time) => time >= Start && (End is not { } end || time < end);
}
