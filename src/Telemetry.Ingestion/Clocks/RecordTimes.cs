using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>The times that the points of one record bring themselves.</summary>
/// <param name="Count">How many bring one.</param>
/// <param name="Newest">The newest, nanoseconds since 1970.</param>
/// <param name="NewestOnTime">The newest of those near their arrival by what is known of the clock.</param>
/// <param name="OnTimeCount">How many are near.</param>
internal readonly record struct RecordTimes(int Count, long Newest, long NewestOnTime, int OnTimeCount)
{
    /// <summary>
    /// True when most points are on time and the newest is ahead: devices with clocks of their own behind one gateway,
    /// which the newest must not speak for.
    /// </summary>
    public bool IsMixed => OnTimeCount * 2 > Count && Newest - NewestOnTime > ClockAssumptions.AheadMax;

    /// <summary>The time that tells of the clock.</summary>
    public long Telling => IsMixed ? NewestOnTime : Newest;

    /// <summary>Looks at the points of a batch's last record.</summary>
    /// <param name="batch">Its points have their times as they came.</param>
    /// <param name="onTime">What an event time is on time by: arrival less the smallest delay known.</param>
    public static RecordTimes Of(PointBatch batch, long onTime)
    {
        ref readonly RecordEntry record = ref batch.Records[^1];
        int count = 0;
        int onTimeCount = 0;
        long newest = long.MinValue;
        long newestOnTime = long.MinValue;
        foreach (ref readonly PointEntry point in batch.Points.Slice(record.FirstPoint, record.PointCount))
        {
            if ((point.Flags & PointFlags.ArrivalTime) != 0)
            {
                continue;
            }

            count++;
            newest = Math.Max(newest, point.Time);
            if (Math.Abs((double)point.Time - onTime) <= ClockAssumptions.AheadMax)
            {
                onTimeCount++;
                newestOnTime = Math.Max(newestOnTime, point.Time);
            }
        }

        return new RecordTimes(count, newest, newestOnTime, onTimeCount);
    }
}
