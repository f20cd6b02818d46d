using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>The functions that reduce the samples of a window.</summary>
internal enum AggregateFunction : byte
{
    /// <summary>Nothing is reduced: a transformation takes the samples themselves.</summary>
    Samples,
    Bottom,
    Count,
    CountDistinct,
    Distinct,
    First,
    GoodShare,
    Integral,
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
    TimeInState,
    Top,
}

/// <summary>One call as it is computed: samples are reduced, and what comes of it may be transformed.</summary>
internal sealed record AggregateCall
{
    /// <summary>What becomes of the samples of a window.</summary>
    public required AggregateFunction Function { get; init; }

    /// <summary>The field it reduces.</summary>
    public required string FieldName { get; init; }

    /// <summary>The type the field is given in; null for the one it is stored in.</summary>
    public FieldType? Cast { get; init; }

    /// <summary>The percentile's rank in percent; 0 for the others.</summary>
    public double Argument { get; init; }

    /// <summary>How many samples top and bottom pick.</summary>
    public int Count { get; init; }

    /// <summary>The tags of whose values top and bottom take the best sample only.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The span that an integral is given per, in nanoseconds.</summary>
    public long Unit { get; init; }

    /// <summary>The state whose time is asked for; null for other functions.</summary>
    public StateCondition? State { get; init; }

    /// <summary>What is made of the results, the first one first.</summary>
    public IReadOnlyList<Transformation> Steps { get; init; } = [];

    /// <summary>True for functions that pick samples.</summary>
    public bool IsSelector => Steps.Count == 0 && (PicksMany || Function is AggregateFunction.First
        or AggregateFunction.Last or AggregateFunction.Max or AggregateFunction.Min or AggregateFunction.Percentile);

    /// <summary>True for functions that pick several samples, which keep their own times.</summary>
    public bool PicksMany => Function is AggregateFunction.Top or AggregateFunction.Bottom;

    /// <summary>True for functions that take the samples of all windows as one stream.</summary>
    public bool NeedsStream => Function is AggregateFunction.Samples or AggregateFunction.Integral;

    /// <summary>True for functions that need all samples of a window at once.</summary>
    public bool NeedsSamples => NeedsStream || PicksMany
        || Function is AggregateFunction.CountDistinct or AggregateFunction.Distinct
        or AggregateFunction.Median or AggregateFunction.Mode or AggregateFunction.Percentile
        or AggregateFunction.StandardDeviation;

    /// <summary>How many windows before the range there are, so that the first row has one to look back to.</summary>
    public int WindowsBefore => Steps.Count(step => step.LooksBack);

    /// <summary>How many of them are read; the others are empty, as they are in influxd.</summary>
    public int WindowsRead =>
        Math.Min(WindowsBefore, Steps.Select(step => Math.Max(step.Count, 1)).DefaultIfEmpty().Max());

    /// <summary>The kind of value that the call gives over a field of that type.</summary>
    public ValueKind KindOver(FieldType type) =>
        Steps.Aggregate(WindowResults.KindOf(Function, Cast ?? type), (kind, step) => step.KindOf(kind));
}

/// <summary>What is known of the functions' names and types.</summary>
internal static class AggregateFunctions
{
    private static readonly Dictionary<string, AggregateFunction> ByName = new(StringComparer.Ordinal)
    {
        ["bottom"] = AggregateFunction.Bottom,
        ["count"] = AggregateFunction.Count,
        ["distinct"] = AggregateFunction.Distinct,
        ["first"] = AggregateFunction.First,
        ["good_share"] = AggregateFunction.GoodShare,
        ["integral"] = AggregateFunction.Integral,
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
        ["time_in_state"] = AggregateFunction.TimeInState,
        ["top"] = AggregateFunction.Top,
    };

    private static readonly HashSet<string> KnownToInfluxDb = new(StringComparer.Ordinal)
    {
        "chande_momentum_oscillator", "double_exponential_moving_average", "exponential_moving_average", "histogram",
        "holt_winters", "holt_winters_with_fit", "kaufmans_adaptive_moving_average", "kaufmans_efficiency_ratio",
        "relative_strength_index", "sample", "triple_exponential_derivative", "triple_exponential_moving_average",
    };

    /// <summary>The function of that name.</summary>
    public static AggregateFunction Require(string name)
    {
        if (ByName.TryGetValue(name, out AggregateFunction function))
        {
            return function;
        }

        throw new QueryRefusedException(KnownToInfluxDb.Contains(name)
            ? $"{name}() is not supported: functions are {string.Join(", ", ByName.Keys.Concat(Transformations.Names))}"
            : $"undefined function {name}()");
    }

    /// <summary>True when the function takes fields of that type; a wildcard stands for those.</summary>
    public static bool Takes(string function, FieldType type) => type switch
    {
        FieldType.String => TakesAny(function),
        FieldType.Boolean => TakesAny(function) || function is "min" or "max",
        _ => true,
    };

    private static bool TakesAny(string function) => function is "count" or "distinct" or "elapsed" or "first"
        or "good_share" or "last" or "mode" or "time_in_state";

    /// <summary>Refuses a call over a field of a type it does not take, in InfluxDB's words.</summary>
    public static void RequireType(AggregateCall call, FieldType type)
    {
        if (call.Function != AggregateFunction.Samples && !Takes(NameOf(call.Function), type))
        {
            string typeName = FieldTypeNames.Of(type);
            throw new QueryRefusedException(
                $"unsupported {NameOf(call.Function)} iterator type: *query.{typeName}InterruptIterator");
        }

        call.State?.RequireType(call.FieldName, type);
        ValueKind kind = WindowResults.KindOf(call.Function, type);
        foreach (Transformation step in call.Steps)
        {
            step.RequireInput(kind);
            kind = step.KindOf(kind);
        }
    }

    private static string NameOf(AggregateFunction function) => function == AggregateFunction.CountDistinct
        ? "count"
        : ByName.First(pair => pair.Value == function).Key;
}
