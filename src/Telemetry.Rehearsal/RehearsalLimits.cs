namespace Telemetry.Rehearsal;

/// <summary>Ceilings of this room (law L6).</summary>
public static class RehearsalLimits
{
    /// <summary>Samples of a slice of time, 40 bytes each; one that has more is halved, down to a minute.</summary>
    public const int SliceSamplesMax = 1_000_000;

    /// <summary>Samples in memory from which on late ones, which nobody judges, are left out and counted.</summary>
    public const int HeldSamplesMax = 4_000_000;

    /// <summary>Labels of one file.</summary>
    public const int LabelsMax = 100_000;

    /// <summary>Characters of one label.</summary>
    public const int LabelCharactersMax = 1_000_000;
}
