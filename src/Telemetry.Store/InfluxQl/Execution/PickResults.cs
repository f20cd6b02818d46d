namespace Telemetry.Store.InfluxQl;

/// <summary>The samples that top and bottom pick of a window; of equal values the earlier ones.</summary>
internal static class PickResults
{
    /// <summary>The picked samples in order of their times, which they keep.</summary>
    public static IEnumerable<WindowResult> Of(AggregateCall call, WindowStatistics window, SeriesGroup group)
    {
        IEnumerable<PickedSample> samples = call.Tags.Count == 0
            ? window.Samples!
            : window.Samples!
                .GroupBy(sample => TagsOf(call, group.Members[sample.Member].Series))
                .Select(same => Ranked(call, same).First());
        return Ranked(call, samples)
            .Take(call.Count)
            .OrderBy(sample => sample.Time)
            .Select(sample => new WindowResult(sample.Time, sample));
    }

    private static string TagsOf(AggregateCall call, SeriesEntry series) =>
        string.Join('\0', call.Tags.Select(series.TagOf));

    private static IEnumerable<PickedSample> Ranked(AggregateCall call, IEnumerable<PickedSample> samples)
    {
        int sign = call.Function == AggregateFunction.Top ? -1 : 1;
        return samples
            .Order(Comparer<PickedSample>.Create((left, right) => sign * Value.Compare(left.Value, right.Value)))
            .ThenBy(sample => sample.Time);
    }
}
