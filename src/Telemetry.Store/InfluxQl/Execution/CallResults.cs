using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// What a call gives for a group, in the direction of the query: reduced per window, filled, and then transformed. Each
/// result has the time of its row.
/// </summary>
internal sealed class CallResults(SelectPlan plan, TimeWindows windows, Filling filling, QueryBudget budget)
{
    private const int BytesPerResult = 64;

    /// <summary>The results of a call.</summary>
    public List<WindowResult> Of(AggregateCall call, IFieldReduction reduction, SeriesGroup group)
    {
        List<WindowResult> results = call.Function switch
        {
            AggregateFunction.Samples => StreamOf(reduction),
            AggregateFunction.Integral => IntegralsOf(call, reduction),
            AggregateFunction.Top or AggregateFunction.Bottom => PicksOf(call, reduction, group),
            _ => ReducedOf(call, reduction),
        };
        foreach (Transformation step in call.Steps)
        {
            budget.Charge((long)results.Count * BytesPerResult);
            results = TransformationResults.Of(step, results, plan.Statement.Descending);
            budget.CheckTime();
        }

        // As in influxd each call has its page; calls with results at other times make further rows.
        return [.. plan.Statement.Rows.Of(results)];
    }

    private List<WindowResult> ReducedOf(AggregateCall call, IFieldReduction reduction)
    {
        List<WindowResult> found =
            [.. reduction.Ordered().SelectMany(window => WindowResults.Of(call, reduction.Type, window))];
        if (windows.IsWhole)
        {
            bool keepsTime = plan.OnlySelector is not null;
            return found.ConvertAll(result => result with { Start = keepsTime ? result.Sample.Time : WholeTime });
        }

        if (call.Function == AggregateFunction.Distinct)
        {
            return found;
        }

        bool isCount = call.Function is AggregateFunction.Count or AggregateFunction.CountDistinct;
        ValueKind kind = WindowResults.KindOf(call.Function, reduction.Type);
        long? wanted = call.Steps.Count == 0 ? plan.Statement.Rows.Reach : null;
        return filling.Fill(found, plan.RangeWith(call.WindowsBefore), wanted, kind, isCount);
    }

    private List<WindowResult> PicksOf(AggregateCall call, IFieldReduction reduction, SeriesGroup group)
    {
        IEnumerable<WindowStatistics> ordered = reduction.Ordered();
        return
        [
            .. (plan.Statement.Descending ? ordered.Reverse() : ordered)
                .SelectMany(window => PickResults.Of(call, window, group)),
        ];
    }

    private List<WindowResult> IntegralsOf(AggregateCall call, IFieldReduction reduction)
    {
        long wholeTime = reduction.Type == FieldType.Float ? 0 : WholeTime; // so it is in influxd
        return new IntegralResults(windows, call.Unit, wholeTime, plan.Statement.Descending).Of(StreamOf(reduction));
    }

    /// <summary>The row's time of what has none of its own.</summary>
    private long WholeTime => plan.Range.First ?? 0;

    /// <summary>The samples of all series of the group by time.</summary>
    private List<WindowResult> StreamOf(IFieldReduction reduction)
    {
        List<PickedSample> samples = [.. reduction.Ordered().SelectMany(window => window.Samples!)];
        budget.Charge((long)samples.Count * BytesPerResult);
        IEnumerable<PickedSample> ordered = samples.OrderBy(sample => sample.Time); // stable
        IEnumerable<PickedSample> directed = plan.Statement.Descending ? ordered.Reverse() : ordered;
        return [.. directed.Select(sample => new WindowResult(sample.Time, sample))];
    }
}
