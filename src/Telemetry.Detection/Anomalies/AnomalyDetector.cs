using Telemetry.Model;

namespace Telemetry.Detection;

/// <summary>
/// How unusual an observation is for its own series: the weighted mean of five surprises that are different in kind (a
/// shape not seen before, a value off its time of day, a shift, a drift, other noise), each by its rank among the
/// events of its channel. Linear changes of the series and of its clock change nothing.
/// </summary>
internal static class AnomalyDetector
{
    /// <summary>Surprise from which on an observation is worth a look.</summary>
    public const double Notice = -0.8;

    /// <summary>
    /// What a channel's surprise counts less when the others do not agree, by channel. Set on the healthy simulated
    /// mine so that each alone is as rarely beyond a threshold as all together.
    /// </summary>
    private static readonly double[] AloneDiscounts = [1.1, 1.7, 1.7, 1.1, 1.1];

    private const int Gap = 10; // rows within which two large values are one event
    private const int LongGap = 50; // the same for sums, which rise and fall slowly
    private const double Fade = 1e-5; // per row
    private const double Relaxation = 0.25; // per decade of history: what is rarest so far gets rarer with time
    private const double Rise = 0.8; // by how much a surprise must exceed the one told to be told within its hold
    private const double NoiseWeight = 0.5;
    private const double HoldShare = 0.2; // of the warm-up
    private const double RoundingShare = 1e-9; // of the largest magnitude
    private const double NarrowShare = 1e-6; // of the largest difference: what single precision cannot tell apart
    private const double ValueMax = 1e15; // keeps squares of differences within single precision

    /// <summary>Takes an observation.</summary>
    /// <param name="state">What is known of the series.</param>
    /// <param name="time">Event time, nanoseconds since 1970.</param>
    /// <param name="raw">The observation, a finite number.</param>
    /// <param name="warmUpCount">Observations that are only learnt from.</param>
    /// <param name="isTold">True when it is to be told: after the warm-up, and not soon after one like it.</param>
    /// <returns>−log10 of the expected number of past events as large, corrected for the length of history.</returns>
    public static double Observe(ref AnomalyState state, long time, double raw, int warmUpCount, out bool isTold)
    {
        double value = Normalise(ref state, raw);
        double resolution = (RoundingShare * state.Magnitude * state.Unit) + (NarrowShare * state.Reach);
        int row = state.Count++;
        double shape = state.Shape.Observe(value, resolution);
        double ofResidual =
            state.ResidualEvents.Observe(row, state.Residual.Observe(time, value, resolution), Gap, Fade);
        double ofShift = state.ShiftEvents.Observe(row, state.Shift.Observe(value, resolution), Gap, Fade);
        double ofDrift = state.DriftEvents.Observe(row, state.Drift.Observe(value, resolution), LongGap, Fade);
        double ofNoise = state.NoiseEvents.Observe(row, state.Noise.Observe(value, resolution), Gap, Fade);
        Compare(ref state, [shape, ofResidual, ofShift, ofDrift, ofNoise]);
        double ofLevel = (ofShift + ofDrift) / 2;
        double sum = shape + ofResidual + ofLevel + (NoiseWeight * ofNoise);
        double history = Math.Log10((double)Math.Max(row, warmUpCount) / warmUpCount);
        double surprise = (sum / (3 + NoiseWeight)) + (Relaxation * history);
        isTold = row >= warmUpCount && surprise >= Notice && IsNew(ref state, row, surprise, warmUpCount);
        return surprise;
    }

    /// <summary>
    /// How far from what is usual at a time of day a value may be, in mean absolute deviations of one.
    /// </summary>
    /// <param name="state">What is known of the series.</param>
    /// <param name="time">Event time, nanoseconds since 1970.</param>
    /// <param name="usual">What is usual, in the series' unit.</param>
    public static double SpreadAt(in AnomalyState state, long time, out double usual)
    {
        double unit = state.Unit == 0 ? 1 : state.Unit;
        usual = state.Origin + (state.Residual.UsualAt(time, out double spread) / unit);
        return spread / unit;
    }

    /// <summary>What a channel says, for a person.</summary>
    public static string NameOf(AnomalyChannel channel) => channel switch
    {
        AnomalyChannel.Shape => "a course not seen before",
        AnomalyChannel.Residual => "far from what is usual",
        AnomalyChannel.Shift => "its level has moved",
        AnomalyChannel.Drift => "it drifts",
        _ => "its noise has changed",
    };

    private static void Compare(ref AnomalyState state, ReadOnlySpan<double> surprises)
    {
        int foremost = 0;
        double alone = double.NegativeInfinity;
        for (int i = 0; i < surprises.Length; i++)
        {
            foremost = surprises[i] > surprises[foremost] ? i : foremost;
            alone = Math.Max(alone, surprises[i] - AloneDiscounts[i]);
        }

        state.Foremost = (AnomalyChannel)foremost;
        state.Alone = (float)alone;
    }

    private static bool IsNew(ref AnomalyState state, int row, double surprise, int warmUpCount)
    {
        bool isHeld = state.ToldRow > 0
            && row - state.ToldRow <= HoldShare * warmUpCount
            && surprise <= state.ToldSurprise + Rise;
        if (!isHeld)
        {
            state.ToldRow = row;
            state.ToldSurprise = (float)surprise;
        }

        return !isHeld;
    }

    private static double Normalise(ref AnomalyState state, double raw)
    {
        if (state.Count == 0)
        {
            state.Origin = raw;
        }

        state.Magnitude = Math.Max(state.Magnitude, Math.Abs(raw));
        double difference = raw - state.Origin;
        if (state.Unit == 0 && difference != 0)
        {
            state.Unit = Math.ScaleB(1, -Math.ILogB(difference));
        }

        double value = Math.Clamp(difference * state.Unit, -ValueMax, ValueMax);
        state.Reach = Math.Max(state.Reach, Math.Abs(value));
        return value;
    }
}
