using Telemetry.FirmwareSim;
using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>One episode and the first that was found of it.</summary>
/// <param name="Episode">What was wrong.</param>
/// <param name="Told">What a person would have been told; null for nothing.</param>
/// <param name="Noticed">What would have been noticed; null for nothing.</param>
public sealed record EpisodeResult(Episode Episode, Finding? Told, Finding? Noticed)
{
    /// <summary>The earlier one of the two; null for none.</summary>
    public Finding? First =>
        Told is { } told && (Noticed is not { } noticed || told.Time <= noticed.Time) ? Told : Noticed;
}

/// <summary>A condition that began on a signal that nothing was wrong with.</summary>
/// <param name="Signal">The signal.</param>
/// <param name="Finding">What was found.</param>
/// <param name="IsNotice">True when it was only noticed.</param>
public sealed record FalseFinding(SignalInstance Signal, Finding Finding, bool IsNotice);

/// <summary>How the detectors fared on a simulated mine.</summary>
/// <param name="Episodes">Everything that was wrong while findings counted.</param>
/// <param name="False">What was found where nothing was wrong.</param>
/// <param name="SeriesDays">Signals times days.</param>
public sealed record MineTrialReport(
    IReadOnlyList<EpisodeResult> Episodes, IReadOnlyList<FalseFinding> False, double SeriesDays);
