namespace Telemetry.Model;

/// <summary>A condition that an anomaly was seen under: air temperature or load.</summary>
/// <param name="Value">What it was, in its signal's unit; NaN when the series is not held against it.</param>
/// <param name="Span">How far it has gone in the series' history, from lowest to highest, in the same unit.</param>
public readonly record struct AnomalyCondition(double Value, double Span)
{
    /// <summary>The series is not held against it.</summary>
    public static AnomalyCondition None { get; } = new(double.NaN, 0);

    /// <summary>True when the series is held against it.</summary>
    public bool IsKnown => !double.IsNaN(Value);
}
