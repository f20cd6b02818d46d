namespace Telemetry.Store.InfluxQl;

/// <summary>A sample that stands for a window, and where it comes from.</summary>
/// <param name="Value">Its value.</param>
/// <param name="Time">Its time.</param>
/// <param name="Member">Index of its series in the group.</param>
internal readonly record struct PickedSample(Value Value, long Time, int Member)
{
    /// <summary>No sample.</summary>
    public static PickedSample None => default;

    /// <summary>True when there is none.</summary>
    public bool IsNone => Value.IsNone;
}

/// <summary>
/// What is known of the samples of one field in one window: enough for the functions that need no second look. Changed
/// in place; it belongs to one <see cref="FieldAggregation"/>.
/// </summary>
internal struct WindowStatistics
{
    public long Start;
    public long Count;
    public long GoodCount;
    public Int128 StateTime; // nanoseconds; machines' hours add up beyond what one clock counts
    public double Sum;
    public long WholeSum; // wraps around, as InfluxDB's does
    public PickedSample First;
    public PickedSample Last;
    public PickedSample Min;
    public PickedSample Max;
    public List<PickedSample>? Samples;

    /// <summary>Takes a candidate for the first sample; at one instant the greater value wins, but false.</summary>
    public void OfferFirst(in PickedSample sample)
    {
        int better = sample.Value.Kind == ValueKind.Boolean ? -1 : 1;
        if (First.IsNone || sample.Time < First.Time
            || (sample.Time == First.Time && Value.Compare(sample.Value, First.Value) * better > 0))
        {
            First = sample;
        }
    }

    /// <summary>Takes a candidate for the last sample; at the same instant the greater value wins.</summary>
    public void OfferLast(in PickedSample sample)
    {
        if (Last.IsNone || sample.Time > Last.Time
            || (sample.Time == Last.Time && Value.Compare(sample.Value, Last.Value) > 0))
        {
            Last = sample;
        }
    }

    /// <summary>Takes a candidate for the least sample; of equal ones the earlier wins.</summary>
    public void OfferMin(in PickedSample sample)
    {
        int order = Min.IsNone ? -1 : Value.Compare(sample.Value, Min.Value);
        if (order < 0 || (order == 0 && sample.Time < Min.Time))
        {
            Min = sample;
        }
    }

    /// <summary>Takes a candidate for the greatest sample; of equal ones the earlier wins.</summary>
    public void OfferMax(in PickedSample sample)
    {
        int order = Max.IsNone ? 1 : Value.Compare(sample.Value, Max.Value);
        if (order > 0 || (order == 0 && sample.Time < Max.Time))
        {
            Max = sample;
        }
    }
}
