using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>Makes an <see cref="AggregateCall"/> of a call as written; the words of refusals are InfluxDB's.</summary>
/// <param name="statement">What it stands in.</param>
internal readonly struct CallReading(SelectStatement statement)
{
    private long Interval => statement.Grouping.Time?.Interval ?? 0;

    /// <summary>Reads a call; a wildcard in it is taken as a name.</summary>
    public AggregateCall Require(CallExpression call)
    {
        if (Transformations.TryRead(call.Function, out TransformationKind kind))
        {
            return RequireTransformation(call, kind);
        }

        AggregateFunction function = AggregateFunctions.Require(call.Function);
        switch (function)
        {
            case AggregateFunction.Top or AggregateFunction.Bottom:
                return RequirePick(call, function);
            case AggregateFunction.Integral:
                return RequireIntegral(call);
            case AggregateFunction.TimeInState:
                return RequireState(call);
            case AggregateFunction.Percentile:
                RequireCount(call, 2);
                return Over(call, function) with { Argument = RankOf(call.Arguments[1]) };
            case AggregateFunction.Count when call.Arguments is [CallExpression { Function: "distinct" } inner]:
                return Require(inner) with { Function = AggregateFunction.CountDistinct };
            default:
                RequireCount(call, 1);
                return Over(call, function);
        }
    }

    private AggregateCall RequireTransformation(CallExpression call, TransformationKind kind)
    {
        Transformation step = Transformations.Require(call, kind, Interval);
        if (call.Arguments[0] is not CallExpression inner)
        {
            if (Interval > 0 && !statement.HasOuterWindows)
            {
                throw new QueryRefusedException($"aggregate function required inside the call to {call.Function}");
            }

            return Over(call, AggregateFunction.Samples) with { Steps = [step] };
        }

        if (Interval == 0)
        {
            throw new QueryRefusedException($"{call.Function} aggregate requires a GROUP BY interval");
        }

        AggregateCall reduced = Require(inner);
        return reduced with { Steps = [.. reduced.Steps, step] };
    }

    private AggregateCall RequirePick(CallExpression call, AggregateFunction function)
    {
        if (call.Arguments.Count < 2)
        {
            throw new QueryRefusedException(
                $"invalid number of arguments for {call.Function}, expected at least 2, got {call.Arguments.Count}");
        }

        Expression last = call.Arguments[^1];
        if (last is not ConstantExpression { Value.Kind: ValueKind.Integer } count)
        {
            throw new QueryRefusedException(
                $"expected integer as last argument in {call.Function}(), found {ExpressionText.Of(last)}");
        }

        if (count.Value.Bits is <= 0 or > int.MaxValue)
        {
            throw new QueryRefusedException(
                $"limit ({count.Value.Bits}) in {call.Function} function must be at least 1");
        }

        if (statement.Rows.Limit > 0 && count.Value.Bits > statement.Rows.Limit)
        {
            throw new QueryRefusedException(
                $"limit ({count.Value.Bits}) in {call.Function} function can not be larger than the LIMIT "
                + $"({statement.Rows.Limit}) in the select statement");
        }

        if (call.Arguments[0] is not NameExpression)
        {
            throw new QueryRefusedException(
                $"expected first argument to be a field in {call.Function}(), "
                + $"found {ExpressionText.Of(call.Arguments[0])}");
        }

        return Over(call, function) with { Count = (int)count.Value.Bits, Tags = TagsOf(call) };
    }

    private static List<string> TagsOf(CallExpression call)
    {
        var tags = new List<string>();
        foreach (Expression argument in call.Arguments.Skip(1).SkipLast(1))
        {
            tags.Add(argument is NameExpression name
                ? name.Name
                : throw new QueryRefusedException(
                    $"only fields or tags are allowed in {call.Function}(), found {ExpressionText.Of(argument)}"));
        }

        return tags;
    }

    private static AggregateCall RequireIntegral(CallExpression call)
    {
        long unit = SpanOf(call, Timestamp.NanosecondsPerSecond);
        return Over(call, AggregateFunction.Integral) with { Unit = unit };
    }

    private static AggregateCall RequireState(CallExpression call)
    {
        long longest = SpanOf(call, long.MaxValue);
        if (call.Arguments[0] is not BinaryExpression
            {
                Left: NameExpression { Kind: not NameKind.Tag, Aspect: SampleAspect.Value } name,
                Right: ConstantExpression or RegexExpression,
            } comparison || !StateCondition.Takes(comparison.Operator))
        {
            throw new QueryRefusedException(
                "time_in_state() expects a field compared with a constant, as in time_in_state(x > 5), "
                + $"found {ExpressionText.Of(call.Arguments[0])}");
        }

        return new AggregateCall
        {
            Function = AggregateFunction.TimeInState,
            FieldName = name.Name,
            Cast = name.Cast,
            State = new StateCondition(comparison.Operator, comparison.Right, longest),
        };
    }

    /// <summary>The span that may stand behind the first argument.</summary>
    private static long SpanOf(CallExpression call, long usual)
    {
        if (call.Arguments.Count is not (1 or 2))
        {
            throw new QueryRefusedException(
                $"invalid number of arguments for {call.Function}, expected at least 1 but no more than 2, "
                + $"got {call.Arguments.Count}");
        }

        return call.Arguments.Count == 1 ? usual : call.Arguments[1] switch
        {
            DurationExpression { Nanoseconds: > 0 } span => span.Nanoseconds,
            DurationExpression span => throw new QueryRefusedException(
                $"duration argument must be positive, got {Duration.Format(span.Nanoseconds)}"),
            _ => throw new QueryRefusedException("second argument must be a duration"),
        };
    }

    private static AggregateCall Over(CallExpression call, AggregateFunction function) => call.Arguments[0] switch
    {
        NameExpression { Aspect: SampleAspect.Value } name =>
            new AggregateCall { Function = function, FieldName = name.Name, Cast = name.Cast },
        WildcardExpression or RegexExpression => new AggregateCall { Function = function, FieldName = "*" },
        _ => throw new QueryRefusedException($"expected field argument in {call.Function}()"),
    };

    private static void RequireCount(CallExpression call, int expected)
    {
        if (call.Arguments.Count != expected)
        {
            throw new QueryRefusedException(
                $"invalid number of arguments for {call.Function}, expected {expected}, got {call.Arguments.Count}");
        }
    }

    private static double RankOf(Expression argument) =>
        argument is ConstantExpression { Value.IsNumber: true } rank
            ? rank.Value.AsFloat
            : throw new QueryRefusedException("expected float argument in percentile()");
}
