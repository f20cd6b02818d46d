namespace Telemetry.Testing;

/// <summary>What a stop leaves of what was not synced.</summary>
public enum StopMode
{
    /// <summary>The process was killed: the machine runs on and keeps everything.</summary>
    Kill,

    /// <summary>The power was cut: nothing that was not synced is left.</summary>
    PowerCut,

    /// <summary>The power was cut, and some sectors, lengths and names had got through by themselves.</summary>
    PowerCutWithRemains,
}
