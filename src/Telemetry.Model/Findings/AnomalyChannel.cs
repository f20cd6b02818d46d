namespace Telemetry.Model;

/// <summary>What the detectors of anomalies look at. Numbers are on disk.</summary>
public enum AnomalyChannel : byte
{
    /// <summary>The last two blocks of ten are like none before.</summary>
    Shape = 0,

    /// <summary>The value is off what is usual at its time of day.</summary>
    Residual = 1,

    /// <summary>The mean has moved.</summary>
    Shift = 2,

    /// <summary>The value has been on one side for long.</summary>
    Drift = 3,

    /// <summary>The noise has grown or gone.</summary>
    Noise = 4,

    /// <summary>The signals of an asset no longer go together as they did.</summary>
    Relation = 5,
}
