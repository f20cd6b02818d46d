using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>The functions that make of a stream of values another one.</summary>
internal enum TransformationKind : byte
{
    CumulativeSum,
    Derivative,
    Difference,
    Elapsed,
    MovingAverage,
    NonNegativeDerivative,
    NonNegativeDifference,
}

/// <summary>One transformation as it is computed.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Unit">The span that a derivative or an elapsed time is given per, in nanoseconds; else 0.</param>
/// <param name="Count">The values of a moving average; else 0.</param>
internal readonly record struct Transformation(TransformationKind Kind, long Unit, int Count)
{
    /// <summary>True when the first value asked for needs the window before it.</summary>
    public bool LooksBack => Kind != TransformationKind.CumulativeSum;

    /// <summary>The kind of the values it gives.</summary>
    public ValueKind KindOf(ValueKind input) => Kind switch
    {
        TransformationKind.Elapsed => ValueKind.Integer,
        TransformationKind.Derivative or TransformationKind.NonNegativeDerivative or TransformationKind.MovingAverage =>
            ValueKind.Float,
        _ => input,
    };

    /// <summary>Refuses values that it cannot take, in InfluxDB's words.</summary>
    public void RequireInput(ValueKind input)
    {
        if (input is ValueKind.Boolean or ValueKind.Text && Kind != TransformationKind.Elapsed)
        {
            string name = Transformations.NameOf(Kind).Replace("non_negative_", "", StringComparison.Ordinal)
                .Replace('_', ' ');
            string type = FieldTypeNames.Of(input == ValueKind.Text ? FieldType.String : FieldType.Boolean);
            throw new QueryRefusedException($"unsupported {name} iterator type: *query.{type}InterruptIterator");
        }
    }
}

/// <summary>How transformations are written.</summary>
internal static class Transformations
{
    private static readonly Dictionary<string, TransformationKind> ByName = new(StringComparer.Ordinal)
    {
        ["cumulative_sum"] = TransformationKind.CumulativeSum,
        ["derivative"] = TransformationKind.Derivative,
        ["difference"] = TransformationKind.Difference,
        ["elapsed"] = TransformationKind.Elapsed,
        ["moving_average"] = TransformationKind.MovingAverage,
        ["non_negative_derivative"] = TransformationKind.NonNegativeDerivative,
        ["non_negative_difference"] = TransformationKind.NonNegativeDifference,
    };

    /// <summary>The transformations' names.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>The transformation of that name.</summary>
    public static bool TryRead(string name, out TransformationKind kind) => ByName.TryGetValue(name, out kind);

    /// <summary>The name of a transformation in a query.</summary>
    public static string NameOf(TransformationKind kind) => ByName.First(pair => pair.Value == kind).Key;

    /// <summary>Reads a call's arguments after the first.</summary>
    /// <param name="call">The call.</param>
    /// <param name="kind">What it does.</param>
    /// <param name="interval">The width of the statement's windows, per which a derivative is given; 0 without.</param>
    public static Transformation Require(CallExpression call, TransformationKind kind, long interval)
    {
        RequireCount(call, kind);
        Expression? second = call.Arguments.Count > 1 ? call.Arguments[1] : null;
        switch (kind)
        {
            case TransformationKind.MovingAverage:
                return new Transformation(kind, 0, CountOf(second!));
            case TransformationKind.Derivative or TransformationKind.NonNegativeDerivative:
                return new Transformation(kind, UnitOf(call, second, interval > 0 ? interval : 1_000_000_000), 0);
            case TransformationKind.Elapsed:
                return new Transformation(kind, UnitOf(call, second, 1), 0);
            default:
                return new Transformation(kind, 0, 0);
        }
    }

    private static void RequireCount(CallExpression call, TransformationKind kind)
    {
        (int least, int most) = kind switch
        {
            TransformationKind.MovingAverage => (2, 2),
            TransformationKind.Derivative or TransformationKind.NonNegativeDerivative or TransformationKind.Elapsed =>
                (1, 2),
            _ => (1, 1),
        };
        int count = call.Arguments.Count;
        if (count < least || count > most)
        {
            string expected = least == most ? $"{least}" : $"at least {least} but no more than {most}";
            throw new QueryRefusedException(
                $"invalid number of arguments for {call.Function}, expected {expected}, got {count}");
        }
    }

    private static long UnitOf(CallExpression call, Expression? argument, long without) => argument switch
    {
        null => without,
        DurationExpression { Nanoseconds: > 0 } unit => unit.Nanoseconds,
        DurationExpression unit => throw new QueryRefusedException(
            $"duration argument must be positive, got {Duration.Format(unit.Nanoseconds)}"),
        _ => throw new QueryRefusedException(
            $"second argument to {call.Function} must be a duration, got {ExpressionText.TypeOf(argument)}"),
    };

    private static int CountOf(Expression argument)
    {
        if (argument is not ConstantExpression { Value.Kind: ValueKind.Integer } number)
        {
            throw new QueryRefusedException(
                $"second argument for moving_average must be an integer, got {ExpressionText.TypeOf(argument)}");
        }

        return number.Value.Bits is > 1 and <= int.MaxValue
            ? (int)number.Value.Bits
            : throw new QueryRefusedException(
                $"moving_average window must be greater than 1, got {number.Value.Bits}");
    }
}
