namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Makes of a stream of results another one, as InfluxDB 1.x does: in the direction of the query, without what is
/// missing. Of results at one time the first counts where differences are taken.
/// </summary>
internal static class TransformationResults
{
    /// <summary>What a transformation gives.</summary>
    /// <param name="step">The transformation.</param>
    /// <param name="input">Its input, in the direction of the query.</param>
    /// <param name="descending">True when that direction is back in time.</param>
    public static List<WindowResult> Of(in Transformation step, List<WindowResult> input, bool descending)
    {
        List<WindowResult> present = [.. input.Where(result => !result.Sample.IsNone)];
        return step.Kind switch
        {
            TransformationKind.CumulativeSum => CumulativeSums(present),
            TransformationKind.MovingAverage => MovingAverages(present, step.Count),
            TransformationKind.Elapsed => ElapsedTimes(present, step.Unit),
            _ => Differences(present, step, descending),
        };
    }

    private static WindowResult At(long time, Value value) => new(time, new PickedSample(value, time, -1));

    private static List<WindowResult> CumulativeSums(List<WindowResult> input)
    {
        var sums = new List<WindowResult>(input.Count);
        Value sum = default;
        foreach (WindowResult result in input)
        {
            sum = sum.IsNone ? result.Sample.Value : Sum(sum, result.Sample.Value);
            sums.Add(At(result.Start, sum));
        }

        return sums;
    }

    /// <summary>Whole numbers wrap around, as those of sum() do.</summary>
    private static Value Sum(in Value left, in Value right) => left.Kind == ValueKind.Float
        ? Value.Of(left.AsFloat + right.AsFloat)
        : left with { Bits = unchecked(left.Bits + right.Bits) };

    private static Value Difference(in Value left, in Value right) => left.Kind == ValueKind.Float
        ? Value.Of(left.AsFloat - right.AsFloat)
        : left with { Bits = unchecked(left.Bits - right.Bits) };

    private static List<WindowResult> MovingAverages(List<WindowResult> input, int count)
    {
        var averages = new List<WindowResult>();
        Value sum = default;
        for (int i = 0; i < input.Count; i++)
        {
            sum = i >= count ? Difference(sum, input[i - count].Sample.Value) : sum;
            sum = sum.IsNone ? input[i].Sample.Value : Sum(sum, input[i].Sample.Value);
            if (i >= count - 1)
            {
                averages.Add(At(input[i].Start, Value.Of(sum.AsFloat / count)));
            }
        }

        return averages;
    }

    private static List<WindowResult> ElapsedTimes(List<WindowResult> input, long unit)
    {
        var elapsed = new List<WindowResult>();
        for (int i = 1; i < input.Count; i++)
        {
            elapsed.Add(At(input[i].Start, Value.Of((input[i].Start - input[i - 1].Start) / unit)));
        }

        return elapsed;
    }

    private static List<WindowResult> Differences(List<WindowResult> input, in Transformation step, bool descending)
    {
        bool isRate = step.Kind is TransformationKind.Derivative or TransformationKind.NonNegativeDerivative;
        bool isNonNegative =
            step.Kind is TransformationKind.NonNegativeDerivative or TransformationKind.NonNegativeDifference;
        var differences = new List<WindowResult>();
        int before = 0;
        for (int i = 1; i < input.Count; i++)
        {
            if (input[i].Start == input[before].Start)
            {
                continue;
            }

            Value left = input[i].Sample.Value;
            Value right = input[before].Sample.Value;
            long elapsed = descending ? input[before].Start - input[i].Start : input[i].Start - input[before].Start;
            before = i;
            if (!isNonNegative || !IsLess(left, right))
            {
                differences.Add(At(input[i].Start, isRate
                    ? Value.Of(FloatDifference(left, right) / ((double)elapsed / step.Unit))
                    : Difference(left, right)));
            }
        }

        return differences;
    }

    /// <summary>True when the difference is below zero; of integers the one that wraps around, as in influxd.</summary>
    private static bool IsLess(in Value left, in Value right) => left.Kind switch
    {
        ValueKind.Float => left.AsFloat - right.AsFloat < 0,
        ValueKind.Unsigned => Value.Compare(left, right) < 0,
        _ => unchecked(left.Bits - right.Bits) < 0,
    };

    private static double FloatDifference(in Value left, in Value right) => left.Kind switch
    {
        ValueKind.Float => left.AsFloat - right.AsFloat,
        ValueKind.Unsigned when Value.Compare(left, right) < 0 => -Difference(right, left).AsFloat,
        _ => Difference(left, right).AsFloat,
    };
}
