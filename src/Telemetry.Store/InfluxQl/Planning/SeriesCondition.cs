using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>What is read of a field.</summary>
/// <param name="Field">The field.</param>
/// <param name="Aspect">The value, or where it comes from.</param>
/// <param name="Cast">The type the value is given in; null for the one it is stored in.</param>
internal readonly record struct FieldAspect(Field Field, SampleAspect Aspect, FieldType? Cast = null);

/// <summary>
/// A condition as one series sees it: its tags are constants, so what is left asks fields only, or is decided.
/// </summary>
/// <param name="Remainder">Over slots that index <paramref name="Fields"/>; null when every sample passes.</param>
/// <param name="Fields">The fields the remainder asks.</param>
internal sealed record SeriesCondition(Expression? Remainder, IReadOnlyList<FieldAspect> Fields)
{
    private static readonly SeriesCondition Passing = new(null, []);

    /// <summary>Reduces a condition; null when no sample of the series can pass.</summary>
    public static SeriesCondition? For(Expression? condition, SeriesEntry series, MeasurementEntry measurement)
    {
        if (condition is null)
        {
            return Passing;
        }

        var fields = new List<FieldAspect>();
        Expression reduced = Reduce(condition, series, measurement, fields);
        if (reduced is ConstantExpression constant)
        {
            return constant.Value.IsTrue ? Passing : null;
        }

        return new SeriesCondition(reduced, fields);
    }

    private static Expression Reduce(
        Expression expression, SeriesEntry series, MeasurementEntry measurement, List<FieldAspect> fields)
    {
        switch (expression)
        {
            case NameExpression name:
                return Resolve(name, series, measurement, fields);
            case BinaryExpression { Left: NameExpression asked, Right: ConstantExpression { Value.Text: not null } }
                when SampleAspects.IsWhole(asked.Aspect):
                throw new QueryRefusedException(
                    $"{ExpressionText.Of(asked)} is a whole number and cannot be compared with a text; a quality is "
                    + "good from 192 on, uncertain from 64 on and bad below");
            case BinaryExpression both:
                Expression left = Reduce(both.Left, series, measurement, fields);
                Expression right = Reduce(both.Right, series, measurement, fields);
                return Fold(both with { Left = left, Right = right });
            case MathExpression math:
                MathFunctions.RequireArguments(math);
                List<Expression> arguments =
                    [.. math.Arguments.Select(argument => Reduce(argument, series, measurement, fields))];
                var reduced = new MathExpression(math.Function, arguments);
                return arguments.TrueForAll(argument => argument is ConstantExpression)
                    ? new ConstantExpression(Evaluation.Of(reduced, []))
                    : reduced;
            case CallExpression call:
                throw new QueryRefusedException($"invalid function call in condition: {ExpressionText.Of(call)}");
            default:
                return expression;
        }
    }

    private static Expression Resolve(
        NameExpression name, SeriesEntry series, MeasurementEntry measurement, List<FieldAspect> fields)
    {
        if (name.Kind == NameKind.Tag || !measurement.Fields.ContainsKey(name.Name))
        {
            bool isTag = name.Aspect == SampleAspect.Value;
            return new ConstantExpression(isTag ? Value.Of(series.TagOf(name.Name)) : Value.None);
        }

        if (series.FieldOf(name.Name) is not { } field)
        {
            return new ConstantExpression(Value.None);
        }

        var wanted = new FieldAspect(field, name.Aspect, name.Cast);
        int index = fields.IndexOf(wanted);
        if (index < 0)
        {
            index = fields.Count;
            fields.Add(wanted);
        }

        return new SlotExpression(index);
    }

    private static Expression Fold(BinaryExpression both)
    {
        bool leftDecided = both.Left is ConstantExpression;
        bool rightDecided = both.Right is ConstantExpression or RegexExpression;
        if (leftDecided && rightDecided)
        {
            return new ConstantExpression(Evaluation.Of(both, []));
        }

        if (!Operators.IsLogical(both.Operator) || (!leftDecided && !rightDecided))
        {
            return both;
        }

        var decided = (ConstantExpression)(leftDecided ? both.Left : both.Right);
        Expression open = leftDecided ? both.Right : both.Left;
        bool absorbs = decided.Value.IsTrue == (both.Operator == Operator.Or);
        return absorbs ? decided : open;
    }
}
