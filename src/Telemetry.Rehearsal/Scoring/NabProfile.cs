namespace Telemetry.Rehearsal;

/// <summary>What a hit, a false alarm and a miss weigh in the Numenta Anomaly Benchmark.</summary>
/// <param name="Name">The benchmark's name for it.</param>
/// <param name="Hit">Weight of a window that is found.</param>
/// <param name="FalseAlarm">Weight of a row that is told outside all windows.</param>
/// <param name="Miss">Weight of a window that is not found.</param>
public sealed record NabProfile(string Name, double Hit, double FalseAlarm, double Miss)
{
    /// <summary>The three profiles of version 1.1 (Lavin and Ahmad 2015, arXiv:1510.03336).</summary>
    public static IReadOnlyList<NabProfile> All { get; } =
    [
        new("standard", 1, 0.11, 1),
        new("reward low FP rate", 1, 0.22, 1),
        new("reward low FN rate", 1, 0.11, 2),
    ];
}
