namespace Telemetry.FirmwareSim;

/// <summary>How an effect grows from the start of a failure until it is full.</summary>
public enum EffectShape : byte
{
    /// <summary>In a straight line.</summary>
    Ramp = 0,

    /// <summary>Slowly at first: with the cube of the time.</summary>
    Late = 1,

    /// <summary>All of it at the start.</summary>
    Step = 2,
}
