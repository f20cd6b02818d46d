namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Computes functions of one row's values: numbers only; whole numbers stay whole where nothing is rounded.
/// </summary>
internal static class MathEvaluation
{
    /// <summary>The value of a function; none where an argument is no number.</summary>
    public static Value Of(MathFunction function, in Value first, in Value second)
    {
        if (!first.IsNumber)
        {
            return Value.None;
        }

        if (MathFunctions.KeepsType(function) && first.Kind != ValueKind.Float)
        {
            return first; // influxd leaves whole numbers as they are, abs() of negative ones too
        }

        bool isPair = function is MathFunction.Atan2 or MathFunction.Log or MathFunction.Pow;
        if (isPair)
        {
            return second.IsNumber ? Value.Of(OfPair(function, first.AsFloat, second.AsFloat)) : Value.None;
        }

        return Value.Of(OfOne(function, first.AsFloat));
    }

    private static double OfOne(MathFunction function, double x) => function switch
    {
        MathFunction.Abs => Math.Abs(x),
        MathFunction.Acos => Math.Acos(x),
        MathFunction.Asin => Math.Asin(x),
        MathFunction.Atan => Math.Atan(x),
        MathFunction.Ceil => Math.Ceiling(x),
        MathFunction.Cos => Math.Cos(x),
        MathFunction.Exp => Math.Exp(x),
        MathFunction.Floor => Math.Floor(x),
        MathFunction.Ln => Math.Log(x),
        MathFunction.Log10 => Math.Log10(x),
        MathFunction.Log2 => Math.Log2(x),
        MathFunction.Round => Math.Round(x, MidpointRounding.AwayFromZero),
        MathFunction.Sin => Math.Sin(x),
        MathFunction.Sqrt => Math.Sqrt(x),
        _ => Math.Tan(x),
    };

    private static double OfPair(MathFunction function, double x, double y) => function switch
    {
        MathFunction.Atan2 => Math.Atan2(x, y),
        MathFunction.Log => Math.Log(x) / Math.Log(y),
        _ => Math.Pow(x, y),
    };
}
