using Telemetry.Model;

namespace Telemetry.Detection;

/// <summary>What the anomaly detector knows of one series: 1.4 KB.</summary>
internal struct AnomalyState
{
    public ShapeNovelty Shape;
    public ClockResidual Residual;
    public EventRank ResidualEvents;
    public MeanShift Shift;
    public EventRank ShiftEvents;
    public SlowDrift Drift;
    public EventRank DriftEvents;
    public NoiseChange Noise;
    public EventRank NoiseEvents;

    /// <summary>
    /// The first value: all others are taken as differences from it, so that single precision suffices.
    /// </summary>
    public double Origin;

    /// <summary>A power of two that brings the first difference near 1; 0 before there was one.</summary>
    public double Unit;

    /// <summary>The largest magnitude so far.</summary>
    public double Magnitude;

    /// <summary>The largest difference from <see cref="Origin"/> so far, in <see cref="Unit"/>s.</summary>
    public double Reach;

    /// <summary>The channel with the largest surprise at the last observation.</summary>
    public AnomalyChannel Foremost;

    /// <summary>The largest surprise of one channel alone, less what it counts less for that.</summary>
    public float Alone;

    /// <summary>How far the mean of the last observations has moved, as a part of a span in the series' unit.</summary>
    public readonly double MovementIn(double span) =>
        span > 0 && Unit > 0 ? Math.Abs(Shift.Distance) / (Unit * span) : 0;

    /// <summary>Forgets what was learnt of levels and spreads since; that there was an event stays known.</summary>
    public void TakeBaselinesOf(in AnomalyState before)
    {
        Residual = before.Residual;
        Shift = before.Shift;
        Drift = before.Drift;
        Noise = before.Noise;
    }

    /// <summary>What indexes an array is not taken on trust when the state comes from a file.</summary>
    public readonly bool IsSane => Count >= 0
        && Shape.IsSane
        && Shift.IsSane
        && ResidualEvents.IsSane
        && ShiftEvents.IsSane
        && DriftEvents.IsSane
        && NoiseEvents.IsSane;

    /// <summary>Observations so far.</summary>
    public int Count;

    /// <summary>Row of the last one told.</summary>
    public int ToldRow;

    /// <summary>Surprise of the last one told.</summary>
    public float ToldSurprise;
}
