namespace Telemetry.Store;

/// <summary>What the samples of one window come to while they are gone through in order of time.</summary>
internal struct RollupWindow
{
    public long Count;
    public long GoodCount;
    public long FirstTime;
    public long LastTime;
    public long MinTime;
    public long MaxTime;
    public double First;
    public double Last;
    public double Min;
    public double Max;
    public double Sum;

    public readonly bool IsEmpty => Count == 0;

    /// <summary>The window of one sample.</summary>
    public static RollupWindow Of(long time, double value, bool isGood) => new()
    {
        Count = 1,
        GoodCount = isGood ? 1 : 0,
        FirstTime = time,
        LastTime = time,
        MinTime = time,
        MaxTime = time,
        First = value,
        Last = value,
        Min = value,
        Max = value,
        Sum = value,
    };

    /// <summary>Takes in samples that come behind all it has.</summary>
    public void Add(in RollupWindow later)
    {
        if (IsEmpty)
        {
            this = later;
            return;
        }

        Count += later.Count;
        GoodCount += later.GoodCount;
        LastTime = later.LastTime;
        Last = later.Last;
        Sum += later.Sum;
        if (later.Min < Min)
        {
            (Min, MinTime) = (later.Min, later.MinTime);
        }

        if (later.Max > Max)
        {
            (Max, MaxTime) = (later.Max, later.MaxTime);
        }
    }
}
