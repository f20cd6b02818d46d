namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Computes expressions over a row of values by InfluxDB's rules: what is missing makes arithmetic missing and
/// comparisons false, whole numbers divide to a float, division by zero is zero, and values of different kinds are
/// never equal.
/// </summary>
internal static class Evaluation
{
    /// <summary>The value of an expression whose names have become slots of <paramref name="row"/>.</summary>
    public static Value Of(Expression expression, ReadOnlySpan<Value> row)
    {
        switch (expression)
        {
            case SlotExpression slot:
                return row[slot.Index];
            case ConstantExpression constant:
                return constant.Value;
            case DurationExpression duration:
                return Value.Of(duration.Nanoseconds);
            case MathExpression math:
                Value second = math.Arguments.Count > 1 ? Of(math.Arguments[1], row) : Value.None;
                return MathEvaluation.Of(math.Function, Of(math.Arguments[0], row), second);
            case BinaryExpression { Right: RegexExpression regex } match:
                return Match(match.Operator, Of(match.Left, row), regex);
            case BinaryExpression both:
                return Apply(both.Operator, Of(both.Left, row), Of(both.Right, row));
            default:
                return Value.None;
        }
    }

    /// <summary>Joins two values.</summary>
    public static Value Apply(Operator operation, in Value left, in Value right)
    {
        if (Operators.IsLogical(operation))
        {
            return Value.Of(
                operation == Operator.And ? left.IsTrue && right.IsTrue : left.IsTrue || right.IsTrue);
        }

        if (Operators.IsComparison(operation))
        {
            return Value.Of(Compare(operation, left, right));
        }

        if (left.Kind == ValueKind.Boolean && right.Kind == ValueKind.Boolean)
        {
            return ApplyBits(operation, left.Bits, right.Bits) is { IsNone: false } bits
                ? Value.Of(bits.Bits != 0)
                : Value.None;
        }

        if (!left.IsNumber || !right.IsNumber)
        {
            return Value.None;
        }

        return left.Kind == ValueKind.Integer && right.Kind == ValueKind.Integer
            ? ApplyWhole(operation, left.Bits, right.Bits)
            : ApplyFloat(operation, left.AsFloat, right.AsFloat);
    }

    private static Value Match(Operator operation, in Value left, RegexExpression regex) =>
        Value.Of(left.Kind == ValueKind.Text
            && regex.Pattern.IsMatch(left.Text!) == (operation == Operator.Matches));

    private static bool Compare(Operator operation, in Value left, in Value right)
    {
        if (left.IsNumber && right.IsNumber)
        {
            return left.Kind == right.Kind && left.Kind != ValueKind.Float
                ? Holds(operation, Value.Compare(left, right))
                : CompareFloat(operation, left.AsFloat, right.AsFloat);
        }

        if (left.Kind != right.Kind || left.IsNone)
        {
            return false;
        }

        bool equal = left == right;
        return operation switch
        {
            Operator.Equal => equal,
            Operator.NotEqual => !equal,
            _ => false,
        };
    }

    private static bool CompareFloat(Operator operation, double left, double right) => operation switch
    {
        Operator.Equal => left == right,
        Operator.NotEqual => left != right,
        Operator.Less => left < right,
        Operator.LessOrEqual => left <= right,
        Operator.Greater => left > right,
        Operator.GreaterOrEqual => left >= right,
        _ => false,
    };

    private static bool Holds(Operator operation, int order) => operation switch
    {
        Operator.Equal => order == 0,
        Operator.NotEqual => order != 0,
        Operator.Less => order < 0,
        Operator.LessOrEqual => order <= 0,
        Operator.Greater => order > 0,
        Operator.GreaterOrEqual => order >= 0,
        _ => false,
    };

    private static Value ApplyWhole(Operator operation, long left, long right) => operation switch
    {
        Operator.Add => Value.Of(unchecked(left + right)),
        Operator.Subtract => Value.Of(unchecked(left - right)),
        Operator.Multiply => Value.Of(unchecked(left * right)),
        Operator.Divide => Value.Of(right == 0 ? 0d : (double)left / right),
        Operator.Modulo => Value.Of(right is 0 or -1 ? 0L : left % right),
        _ => ApplyBits(operation, left, right),
    };

    private static Value ApplyBits(Operator operation, long left, long right) => operation switch
    {
        Operator.BitwiseAnd => Value.Of(left & right),
        Operator.BitwiseOr => Value.Of(left | right),
        Operator.BitwiseXor => Value.Of(left ^ right),
        _ => Value.None,
    };

    private static Value ApplyFloat(Operator operation, double left, double right) => operation switch
    {
        Operator.Add => Value.Of(left + right),
        Operator.Subtract => Value.Of(left - right),
        Operator.Multiply => Value.Of(left * right),
        Operator.Divide => Value.Of(right == 0 ? 0d : left / right),
        Operator.Modulo => Value.Of(left % right),
        _ => Value.None,
    };
}
