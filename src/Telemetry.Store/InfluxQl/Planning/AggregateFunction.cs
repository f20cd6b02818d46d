using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>The functions that reduce the samples of a window.</summary>
internal enum AggregateFunction : byte
{
    Count,
    CountDistinct,
    Distinct,
    First,
    Last,
    Max,
    Mean,
    Median,
    Min,
    Mode,
    Percentile,
    Spread,
    StandardDeviation,
    Sum,
}

/// <summary>One call as it is computed.</summary>
/// <param name="Function">What it does.</param>
/// <param name="FieldName">The field it reduces.</param>
/// <param name="Argument">The percentile's rank in percent; 0 for the others.</param>
internal readonly record struct AggregateCall(AggregateFunction Function, string FieldName, double Argument)
{
    /// <summary>True for functions that pick one of the samples.</summary>
    public bool IsSelector => Function is AggregateFunction.First or AggregateFunction.Last or AggregateFunction.Max
        or AggregateFunction.Min or AggregateFunction.Percentile;

    /// <summary>True for functions that need all samples of a window at once.</summary>
    public bool NeedsSamples => Function is AggregateFunction.CountDistinct or AggregateFunction.Distinct
        or AggregateFunction.Median or AggregateFunction.Mode or AggregateFunction.Percentile
        or AggregateFunction.StandardDeviation;
}

/// <summary>What is known of the functions' names, arguments and types.</summary>
internal static class AggregateFunctions
{
    private static readonly Dictionary<string, AggregateFunction> ByName = new(StringComparer.Ordinal)
    {
        ["count"] = AggregateFunction.Count,
        ["distinct"] = AggregateFunction.Distinct,
        ["first"] = AggregateFunction.First,
        ["last"] = AggregateFunction.Last,
        ["max"] = AggregateFunction.Max,
        ["mean"] = AggregateFunction.Mean,
        ["median"] = AggregateFunction.Median,
        ["min"] = AggregateFunction.Min,
        ["mode"] = AggregateFunction.Mode,
        ["percentile"] = AggregateFunction.Percentile,
        ["spread"] = AggregateFunction.Spread,
        ["stddev"] = AggregateFunction.StandardDeviation,
        ["sum"] = AggregateFunction.Sum,
    };

    private static readonly HashSet<string> KnownToInfluxDb = new(StringComparer.Ordinal)
    {
        "abs", "acos", "asin", "atan", "atan2", "bottom", "ceil", "chande_momentum_oscillator", "cos",
        "cumulative_sum", "derivative", "difference", "double_exponential_moving_average", "elapsed", "exp",
        "exponential_moving_average", "floor", "histogram", "holt_winters", "holt_winters_with_fit", "integral", "ln",
        "log", "log10", "log2", "moving_average", "non_negative_derivative", "non_negative_difference", "pow", "round",
        "sample", "sin", "sqrt", "tan", "top",
    };

    /// <summary>True when the name is that of an aggregate.</summary>
    public static bool Contains(string name) => ByName.ContainsKey(name);

    /// <summary>Reads a call whose wildcards are gone.</summary>
    public static AggregateCall Require(CallExpression call)
    {
        if (!ByName.TryGetValue(call.Function, out AggregateFunction function))
        {
            throw new QueryRefusedException(KnownToInfluxDb.Contains(call.Function)
                ? $"{call.Function}() is not supported: functions are {string.Join(", ", ByName.Keys)}"
                : $"undefined function {call.Function}()");
        }

        int expected = function == AggregateFunction.Percentile ? 2 : 1;
        if (call.Arguments.Count != expected)
        {
            throw new QueryRefusedException(
                $"invalid number of arguments for {call.Function}, expected {expected}, got {call.Arguments.Count}");
        }

        return function switch
        {
            AggregateFunction.Count when call.Arguments[0] is CallExpression { Function: "distinct" } inner =>
                Require(inner) with { Function = AggregateFunction.CountDistinct },
            AggregateFunction.Percentile => new AggregateCall(function, FieldNameOf(call), RankOf(call.Arguments[1])),
            _ => new AggregateCall(function, FieldNameOf(call), 0),
        };
    }

    /// <summary>True when the function takes fields of that type; a wildcard stands for those.</summary>
    public static bool Takes(string function, FieldType type) => type switch
    {
        FieldType.String => function is "count" or "distinct" or "first" or "last" or "mode",
        FieldType.Boolean => function is "count" or "distinct" or "first" or "last" or "mode" or "min" or "max",
        _ => true,
    };

    /// <summary>Refuses a call over a field of a type it does not take, in InfluxDB's words.</summary>
    public static void RequireType(string function, FieldType type)
    {
        if (!Takes(function, type))
        {
            throw new QueryRefusedException(
                $"unsupported {function} iterator type: *query.{FieldTypeNames.Of(type)}InterruptIterator");
        }
    }

    /// <summary>The name of a function in a query.</summary>
    public static string NameOf(AggregateFunction function) => function == AggregateFunction.CountDistinct
        ? "count"
        : ByName.First(pair => pair.Value == function).Key;

    private static string FieldNameOf(CallExpression call) =>
        call.Arguments[0] is NameExpression { Aspect: SampleAspect.Value } name
        ? name.Name
        : throw new QueryRefusedException($"expected field argument in {call.Function}()");

    private static double RankOf(Expression argument) =>
        argument is ConstantExpression { Value.IsNumber: true } rank
            ? rank.Value.AsFloat
            : throw new QueryRefusedException("expected float argument in percentile()");
}
