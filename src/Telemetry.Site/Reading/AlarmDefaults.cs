using Telemetry.Model;

namespace Telemetry.Site.Reading;

/// <summary>
/// How a signal is watched when the site file does not say. Deadbands and delays are the usual starting points by
/// quantity (ISA-18.2, EEMUA 191): flow 5 % and 15 s, level 5 % and 60 s, pressure 2 % and 15 s, temperature 1 % and
/// 60 s.
/// </summary>
internal static class AlarmDefaults
{
    private const double SilenceSecondsMin = 60;
    private const double SilencePeriods = 10;
    private const double FlatlineSecondsMin = 300;
    private const double FlatlinePeriods = 60;

    private static readonly string[] FlowUnits = ["m3/h", "m3/s", "L/h", "L/min", "L/s", "mL/min", "t/h"];
    private static readonly string[] PressureUnits = ["kPa", "bar", "Pa", "hPa"];
    private static readonly string[] StateUnits = ["{bool}", "{code}"];

    /// <summary>The rule of a signal that has these limits and says nothing else.</summary>
    public static AlarmRule For(SignalDefinition signal, LimitSet limits)
    {
        (double fraction, double delay) = ByQuantity(signal);
        double deadband = fraction * (signal.RangeHigh - signal.RangeLow);
        return new AlarmRule(
            limits,
            Math.Min(deadband, HalfWayToNormal(signal.Normal, limits)),
            delay,
            delay,
            RatePerMinuteMax: double.NaN,
            FlatlineSecondsOf(signal),
            SilenceSecondsOf(signal.PeriodSeconds),
            Anomalies: signal is { Noise: > 0, PeriodSeconds: > 0 });
    }

    private static (double Fraction, double DelaySeconds) ByQuantity(SignalDefinition signal)
    {
        if (StateUnits.Contains(signal.Unit))
        {
            return (0, 0);
        }

        if (signal.Key.Contains("level", StringComparison.Ordinal))
        {
            return (0.05, 60);
        }

        if (FlowUnits.Contains(signal.Unit))
        {
            return (0.05, 15);
        }

        return PressureUnits.Contains(signal.Unit) ? (0.02, 15) : (0.01, signal.Unit == "Cel" ? 60 : 10);
    }

    /// <summary>A deadband that reached past the normal value would keep an alarm for ever.</summary>
    private static double HalfWayToNormal(double normal, LimitSet limits)
    {
        double nearest = double.PositiveInfinity;
        foreach (double limit in (ReadOnlySpan<double>)[limits.LowLow, limits.Low, limits.High, limits.HighHigh])
        {
            double distance = Math.Abs(limit - normal);
            nearest = distance < nearest ? distance : nearest;
        }

        return nearest / 2;
    }

    /// <summary>Only a signal with noise is suspicious when it stands still.</summary>
    private static double FlatlineSecondsOf(SignalDefinition signal) => signal is { Noise: > 0, PeriodSeconds: > 0 }
        ? Math.Max(FlatlineSecondsMin, FlatlinePeriods * signal.PeriodSeconds)
        : 0;

    private static double SilenceSecondsOf(double period) =>
        period > 0 ? Math.Max(SilenceSecondsMin, SilencePeriods * period) : 0;
}
