using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>What is taken for possible of clocks and links, and what for proof; docs/time.md.</summary>
internal static class ClockAssumptions
{
    /// <summary>
    /// Fastest drift in nanoseconds per nanosecond, as a divisor: 86,400 / 5,760 = 15 s a day. A 32 kHz crystal
    /// without compensation loses 12.4 s a day at −40 °C (0.034 to 0.04 ppm/K² around 25 °C).
    /// </summary>
    public const long DriftDivisor = 5_760;

    /// <summary>
    /// Largest smallest delay of a link: what a correction can be wrong by for want of any other reference.
    /// A geostationary satellite has 0.7 s, confirmed LoRaWAN up to 2 s.
    /// </summary>
    public const long DelayMax = 2 * Timestamp.NanosecondsPerSecond;

    /// <summary>How far apart delays may be and still tell of the same clock.</summary>
    public const long Tolerance = 2 * Timestamp.NanosecondsPerSecond;

    /// <summary>A clock that is wrong by more than this is corrected…</summary>
    public const long CorrectFrom = 3 * Timestamp.NanosecondsPerSecond;

    /// <summary>…until it is right to this.</summary>
    public const long CorrectUntil = 3 * Timestamp.NanosecondsPerSecond / 2;

    /// <summary>Corrections move by at least this, so that neighbouring samples share one.</summary>
    public const long Step = Timestamp.NanosecondsPerSecond / 10;

    /// <summary>Records with more delay than this above the smallest were buffered.</summary>
    public const long LiveSpan = 60 * Timestamp.NanosecondsPerSecond;

    /// <summary>A record whose time is after its arrival by more than this is ahead.</summary>
    public const long AheadMax = 5 * Timestamp.NanosecondsPerSecond;

    /// <summary>Records and time that prove a clock.</summary>
    public const int ProofRecords = 5;

    /// <inheritdoc cref="ProofRecords"/>
    public const long ProofSpan = 60 * Timestamp.NanosecondsPerSecond;

    /// <summary>Records and time after which a new delay looks like a jump.</summary>
    public const int SuspectRecords = 3;

    /// <inheritdoc cref="SuspectRecords"/>
    public const long SuspectSpan = 30 * Timestamp.NanosecondsPerSecond;

    /// <summary>Records that prove a jump back: a link that is slow for a while looks the same.</summary>
    public const int JumpRecords = 10;

    /// <summary>How long a jump back by more than <see cref="SmallJump"/> must stand.</summary>
    public const long JumpSpan = 300 * Timestamp.NanosecondsPerSecond;

    /// <summary>How long a smaller one must stand.</summary>
    public const long SmallJumpSpan = 3_600 * Timestamp.NanosecondsPerSecond;

    /// <summary>What a congested link can do to delays for many minutes.</summary>
    public const long SmallJump = 60 * Timestamp.NanosecondsPerSecond;

    /// <summary>Distance of remembered estimates.</summary>
    public const long KnotSpan = 1_200 * Timestamp.NanosecondsPerSecond;

    /// <summary>A drift is told from estimates that are this far apart at least.</summary>
    public const long DriftSpanMin = 3_600 * Timestamp.NanosecondsPerSecond;

    /// <summary>A drift is told from estimates that are this far apart at most: it follows the temperature.</summary>
    public const long DriftSpanMax = 6 * 3_600 * Timestamp.NanosecondsPerSecond;

    /// <summary>How far a clock of the fastest drift is off after a while.</summary>
    public static long Aged(long span) => Math.Abs(span) / DriftDivisor;
}
