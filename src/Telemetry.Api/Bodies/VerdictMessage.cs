using System.Globalization;
using Telemetry.Detection;
using Telemetry.Ingestion;
using Telemetry.Model;

namespace Telemetry.Api;

/// <summary>A verdict as it leaves the service, with the effect it has now.</summary>
internal sealed record VerdictMessage
{
    private const string OfRelation = "none: relations between signals call nobody; later findings name it";

    /// <summary>Its number.</summary>
    public required long Verdict { get; init; }

    /// <summary>true, false or expected.</summary>
    public required string Said { get; init; }

    /// <summary>Number of the finding that was judged.</summary>
    public required long Finding { get; init; }

    /// <summary>Its signal.</summary>
    public required string Signal { get; init; }

    /// <summary>Its event time, milliseconds since 1970.</summary>
    public required long FindingMilliseconds { get; init; }

    /// <summary>Who said it.</summary>
    public required string Operator { get; init; }

    /// <summary>Why; may be empty.</summary>
    public required string Comment { get; init; }

    /// <summary>When, milliseconds since 1970.</summary>
    public required long GivenMilliseconds { get; init; }

    /// <summary>When it ends by itself; null for never.</summary>
    public long? ExpiresMilliseconds { get; init; }

    /// <summary>When it was revoked; null for not.</summary>
    public long? RevokedMilliseconds { get; init; }

    /// <summary>Who revoked it; empty for nobody.</summary>
    public required string RevokedBy { get; init; }

    /// <summary>True while it has an effect.</summary>
    public required bool InForce { get; init; }

    /// <summary>Findings that it has held back.</summary>
    public required long HeldBack { get; init; }

    /// <summary>The last of them; null for none.</summary>
    public long? LastHeldMilliseconds { get; init; }

    /// <summary>What is as large as the signal's threshold is to be expected once in so many days.</summary>
    public required double OnceInDays { get; init; }

    /// <summary>The same without any verdict.</summary>
    public required double InsteadOfDays { get; init; }

    /// <summary>The largest size that is held back as expected, in the unit; null for other verdicts.</summary>
    public double? SizeMax { get; init; }

    /// <summary>True when what was judged was above what was expected; of a noise when it had grown.</summary>
    public required bool IsUp { get; init; }

    /// <summary>UCUM code.</summary>
    public required string Unit { get; init; }

    /// <summary>True of the relations of an asset, which call nobody: then the verdict has no effect.</summary>
    public required bool CallsNobody { get; init; }

    /// <summary>The effect in one sentence in English.</summary>
    public required string Effect { get; init; }

    /// <summary>The message for a verdict.</summary>
    /// <param name="kept">The verdict.</param>
    /// <param name="steps">Where the threshold of its signal is now.</param>
    /// <param name="now">Now.</param>
    public static VerdictMessage Of(KeptVerdict kept, int steps, long now)
    {
        double history = kept.Judged.HistoryDays + ((now - kept.FindingTime) / (double)Timestamp.NanosecondsPerDay);
        double once = history * Math.Pow(10, VerdictRules.ThresholdAt(steps));
        double insteadOf = history * Math.Pow(10, VerdictRules.DefaultThreshold);
        double sizeMax = VerdictRules.SizeRatioMax * Math.Max(kept.Judged.Size, kept.Judged.Tolerance);
        bool isOfRelation = kept.Judged.Channel == AnomalyChannel.Relation;
        bool isExpected = kept.Verdict == OperatorVerdict.Expected;
        return new VerdictMessage
        {
            Verdict = kept.Number,
            Said = OperatorVerdictText.Of(kept.Verdict),
            Finding = kept.FindingNumber,
            Signal = kept.Signal,
            FindingMilliseconds = Milliseconds(kept.FindingTime),
            Operator = kept.Operator,
            Comment = kept.Comment,
            GivenMilliseconds = Milliseconds(kept.GivenAt),
            ExpiresMilliseconds = isExpected ? Milliseconds(kept.ExpiresAt) : null,
            RevokedMilliseconds = kept.RevokedAt > 0 ? Milliseconds(kept.RevokedAt) : null,
            RevokedBy = kept.RevokedBy,
            InForce = kept.IsInForceAt(now),
            HeldBack = kept.HeldCount,
            LastHeldMilliseconds = kept.LastHeldAt > 0 ? Milliseconds(kept.LastHeldAt) : null,
            OnceInDays = once,
            InsteadOfDays = insteadOf,
            SizeMax = isExpected ? sizeMax : null,
            IsUp = kept.Judged.IsUp,
            Unit = kept.Unit,
            CallsNobody = isOfRelation,
            Effect = !kept.IsInForceAt(now) ? EndOf(kept)
                : isOfRelation ? OfRelation
                : isExpected ? PatternOf(kept, sizeMax)
                : ThresholdOf(steps, once, insteadOf),
        };
    }

    private static string EndOf(KeptVerdict kept) =>
        kept.RevokedAt > 0 ? $"none: revoked by {kept.RevokedBy}" : "none: it has expired";

    private static string PatternOf(KeptVerdict kept, double sizeMax)
    {
        string side = kept.Judged.Channel == AnomalyChannel.Noise ? kept.Judged.IsUp ? "louder" : "stiller"
            : kept.Judged.IsUp ? "above" : "below";
        string until = Timestamp.ToDateTimeOffset(kept.ExpiresAt)
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"the same again ({side}, up to {Number(sizeMax)} {kept.Unit} from what is expected) does not call "
            + $"until {until}";
    }

    private static string ThresholdOf(int steps, double once, double insteadOf) => steps == 0
        ? $"calls at once in {Number(insteadOf)} days, as without verdicts"
        : $"calls at once in {Number(once)} days instead of {Number(insteadOf)}";

    private static long Milliseconds(long time) => time / Timestamp.NanosecondsPerMillisecond;

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
