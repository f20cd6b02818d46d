namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Takes the comparisons with <c>time</c> out of a condition. As in InfluxDB they always bound the whole query: also
/// under OR they narrow the range, and what remains is the condition without them.
/// </summary>
internal static class ConditionSplit
{
    /// <summary>The time range of a condition and what remains of it.</summary>
    public static (TimeRange Range, Expression? Remainder) Split(
        Expression? condition, long now, TimeZoneInfo? zone)
    {
        switch (condition)
        {
            case null:
                return (default, null);
            case BinaryExpression both when Operators.IsLogical(both.Operator):
                return SplitLogical(both, now, zone);
            case BinaryExpression comparison when IsTime(comparison.Left):
                return (RangeOf(comparison.Operator, InstantOf(comparison.Right, now, zone)), null);
            case BinaryExpression comparison when IsTime(comparison.Right):
                return (RangeOf(Flipped(comparison.Operator), InstantOf(comparison.Left, now, zone)), null);
            case BinaryExpression or ConstantExpression { Value.Kind: ValueKind.Boolean }:
                return (default, condition);
            default:
                throw new QueryRefusedException($"invalid condition expression: {ExpressionText.Of(condition)}");
        }
    }

    private static (TimeRange Range, Expression? Remainder) SplitLogical(
        BinaryExpression both, long now, TimeZoneInfo? zone)
    {
        (TimeRange leftRange, Expression? left) = Split(both.Left, now, zone);
        (TimeRange rightRange, Expression? right) = Split(both.Right, now, zone);
        Expression? rest = left is null || right is null
            ? left ?? right
            : both with { Left = left, Right = right };
        return (leftRange.And(rightRange), rest);
    }

    private static bool IsTime(Expression expression) =>
        expression is NameExpression { Aspect: SampleAspect.Value } name
        && name.Name.Equals("time", StringComparison.OrdinalIgnoreCase);

    private static TimeRange RangeOf(Operator operation, long instant) => operation switch
    {
        Operator.Equal => new TimeRange(instant, instant),
        Operator.Greater => new TimeRange(instant == long.MaxValue ? instant : instant + 1, null),
        Operator.GreaterOrEqual => new TimeRange(instant, null),
        Operator.Less => new TimeRange(null, instant == long.MinValue ? instant : instant - 1),
        Operator.LessOrEqual => new TimeRange(null, instant),
        _ => throw new QueryRefusedException(
            $"invalid time comparison operator: {Operators.TextOf(operation)}"),
    };

    private static Operator Flipped(Operator operation) => operation switch
    {
        Operator.Less => Operator.Greater,
        Operator.LessOrEqual => Operator.GreaterOrEqual,
        Operator.Greater => Operator.Less,
        Operator.GreaterOrEqual => Operator.LessOrEqual,
        _ => operation,
    };

    private static long InstantOf(Expression expression, long now, TimeZoneInfo? zone)
    {
        try
        {
            return Evaluate(expression, now, zone);
        }
        catch (OverflowException)
        {
            throw new QueryRefusedException("time is outside of the range 1677-09-21 to 2262-04-11");
        }
    }

    private static long Evaluate(Expression expression, long now, TimeZoneInfo? zone)
    {
        switch (expression)
        {
            case DurationExpression duration:
                return duration.Nanoseconds;
            case CallExpression { Function: "now", Arguments.Count: 0 }:
                return now;
            case ConstantExpression { Value.Kind: ValueKind.Integer } whole:
                return whole.Value.Bits;
            case ConstantExpression { Value.Kind: ValueKind.Float } number:
                return checked((long)number.Value.AsFloat);
            case ConstantExpression { Value.Kind: ValueKind.Text } text
                when TimeText.TryParse(text.Value.Text!, zone, out long instant):
                return instant;
            case ConstantExpression { Value.Kind: ValueKind.Text } text when TimeText.Resembles(text.Value.Text!):
                throw new QueryRefusedException("invalid timestamp string");
            case BinaryExpression { Operator: Operator.Add } sum:
                return checked(Evaluate(sum.Left, now, zone) + Evaluate(sum.Right, now, zone));
            case BinaryExpression { Operator: Operator.Subtract } difference:
                return checked(Evaluate(difference.Left, now, zone) - Evaluate(difference.Right, now, zone));
            case BinaryExpression { Operator: Operator.Multiply } product:
                return checked(Evaluate(product.Left, now, zone) * Evaluate(product.Right, now, zone));
            default:
                throw new QueryRefusedException(
                    $"invalid operation: time and {ExpressionText.TypeOf(expression)} are not compatible");
        }
    }
}
