namespace Telemetry.Ingestion;

/// <summary>What became of a wish to give or revoke a verdict.</summary>
public enum VerdictOutcome
{
    /// <summary>It is done, and on disk.</summary>
    Done = 0,

    /// <summary>What was sent cannot be right.</summary>
    Invalid = 1,

    /// <summary>There is no such finding or verdict.</summary>
    Unknown = 2,

    /// <summary>It is so already, or there are too many.</summary>
    Refused = 3,

    /// <summary>The disk takes nothing.</summary>
    NotKept = 4,
}

/// <summary>The answer to it.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Error">Why it was not done, and what holds now; empty when it was.</param>
/// <param name="Verdict">The verdict as it is now; null when nothing was done.</param>
public sealed record VerdictAnswer(VerdictOutcome Outcome, string Error, KeptVerdict? Verdict);
