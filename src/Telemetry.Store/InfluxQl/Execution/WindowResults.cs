using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>What a call gives for one window.</summary>
/// <param name="Start">The window's first instant.</param>
/// <param name="Sample">The value; for selectors with the time and series of the sample it is.</param>
internal readonly record struct WindowResult(long Start, PickedSample Sample);

/// <summary>Computes a call over the statistics of a window, as InfluxDB 1.x does.</summary>
internal static class WindowResults
{
    /// <summary>The results of a window: one, or as many as there are distinct values.</summary>
    public static IEnumerable<WindowResult> Of(AggregateCall call, FieldType type, WindowStatistics window)
    {
        if (call.Function == AggregateFunction.Distinct)
        {
            return Distinct(window).Select(value => new WindowResult(window.Start, Computed(value)));
        }

        PickedSample one = OneOf(call, type, window);
        bool isMissing = call.Function == AggregateFunction.Percentile && one.IsNone; // its rank is before the first
        return isMissing ? [] : [new WindowResult(window.Start, one)];
    }

    /// <summary>The kind of value that a call gives over a field of that type.</summary>
    public static ValueKind KindOf(AggregateFunction function, FieldType type) => function switch
    {
        AggregateFunction.Count or AggregateFunction.CountDistinct => ValueKind.Integer,
        AggregateFunction.Mean or AggregateFunction.Median or AggregateFunction.StandardDeviation
            or AggregateFunction.Integral or AggregateFunction.GoodShare or AggregateFunction.TimeInState =>
            ValueKind.Float,
        _ => Value.KindOf(type),
    };

    private static PickedSample OneOf(AggregateCall call, FieldType type, in WindowStatistics window) =>
        call.Function switch
        {
            AggregateFunction.First => window.First,
            AggregateFunction.Last => window.Last,
            AggregateFunction.Min => window.Min,
            AggregateFunction.Max => window.Max,
            AggregateFunction.Percentile => Percentile(window.Samples!, call.Argument),
            AggregateFunction.Count => Computed(Value.Of(window.Count)),
            AggregateFunction.CountDistinct => Computed(Value.Of((long)Distinct(window).Count())),
            AggregateFunction.GoodShare => Computed(Value.Of((double)window.GoodCount / window.Count)),
            AggregateFunction.TimeInState => Computed(
                Value.Of((double)window.StateTime / Timestamp.NanosecondsPerSecond)),
            AggregateFunction.Sum => Computed(SumOf(type, window)),
            AggregateFunction.Mean => Computed(Value.Of(SumOf(type, window).AsFloat / window.Count)),
            AggregateFunction.Spread => Computed(
                Evaluation.Apply(Operator.Subtract, window.Max.Value, window.Min.Value)),
            AggregateFunction.Median => Computed(Value.Of(Median(window.Samples!))),
            AggregateFunction.Mode => Computed(Mode(window.Samples!)),
            AggregateFunction.StandardDeviation => Computed(StandardDeviation(window.Samples!)),
            _ => PickedSample.None,
        };

    private static PickedSample Computed(Value value) => new(value, 0, 0);

    private static Value SumOf(FieldType type, in WindowStatistics window) =>
        type == FieldType.Float ? Value.Of(window.Sum) : Value.Of(type, window.WholeSum);

    private static IEnumerable<Value> Distinct(WindowStatistics window) =>
        window.Samples!.OrderBy(sample => sample.Time).Select(sample => sample.Value).Distinct();

    private static PickedSample[] Sorted(List<PickedSample> samples)
    {
        PickedSample[] sorted = [.. samples];
        Array.Sort(sorted, (left, right) =>
        {
            int order = Value.Compare(left.Value, right.Value);
            return order != 0 ? order : left.Time.CompareTo(right.Time);
        });
        return sorted;
    }

    /// <summary>The sample of nearest rank; none when the rank falls before the first.</summary>
    private static PickedSample Percentile(List<PickedSample> samples, double percent)
    {
        double rank = Math.Floor((samples.Count * percent / 100.0) + 0.5) - 1;
        return rank < 0 || rank >= samples.Count ? PickedSample.None : Sorted(samples)[(int)rank];
    }

    private static double Median(List<PickedSample> samples)
    {
        PickedSample[] sorted = Sorted(samples);
        double upper = sorted[sorted.Length / 2].Value.AsFloat;
        if (sorted.Length % 2 == 1)
        {
            return upper;
        }

        double lower = sorted[(sorted.Length / 2) - 1].Value.AsFloat;
        return lower + ((upper - lower) / 2);
    }

    /// <summary>
    /// The most frequent value; of several the one that was seen first, the least when each was seen once, and true.
    /// </summary>
    private static Value Mode(List<PickedSample> samples)
    {
        PickedSample[] sorted = Sorted(samples);
        if (sorted.Length > 1 && sorted[0].Value.Kind == ValueKind.Boolean)
        {
            return Value.Of(samples.Count(sample => sample.Value.IsTrue) * 2 >= samples.Count);
        }

        PickedSample best = sorted[0];
        int bestCount = 0;
        int start = 0;
        for (int i = 1; i <= sorted.Length; i++)
        {
            if (i < sorted.Length && Value.Compare(sorted[i].Value, sorted[start].Value) == 0)
            {
                continue;
            }

            int count = i - start;
            bool isSooner = count > 1 && count == bestCount && sorted[start].Time < best.Time;
            if (count > bestCount || isSooner)
            {
                (best, bestCount) = (sorted[start], count);
            }

            start = i;
        }

        return best.Value;
    }

    /// <summary>Of a sample, so over n − 1; none for a single value.</summary>
    private static Value StandardDeviation(List<PickedSample> samples)
    {
        if (samples.Count < 2)
        {
            return Value.None;
        }

        double mean = 0;
        for (int i = 0; i < samples.Count; i++)
        {
            mean += (samples[i].Value.AsFloat - mean) / (i + 1);
        }

        double squares = 0;
        foreach (PickedSample sample in samples)
        {
            double distance = sample.Value.AsFloat - mean;
            squares += distance * distance;
        }

        return Value.Of(Math.Sqrt(squares / (samples.Count - 1)));
    }
}
