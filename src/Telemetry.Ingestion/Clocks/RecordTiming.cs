using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>Gives the points of a record the times that the policy of their gateway and its clock say.</summary>
internal static class RecordTiming
{
    /// <summary>Corrects the points of a batch's last record, and judges which of them are late (law L8).</summary>
    /// <param name="batch">The points have their times as they came.</param>
    /// <param name="watched">The gateway's clock, which hears of the record.</param>
    /// <param name="isStale">The record was kept by a broker and tells nothing of the clock.</param>
    /// <param name="lateBefore">Times before this are late, while the clock is known.</param>
    public static void Apply(PointBatch batch, WatchedClock watched, bool isStale, long lateBefore)
    {
        RecordEntry record = batch.Records[^1];
        GatewayClock clock = watched.Clock;
        ClockPolicy policy = watched.Policy;
        long arrival = record.ArrivalTime - policy.DelayNanoseconds;
        var times = RecordTimes.Of(batch, clock.OnTimeAt(arrival));
        if (times.Count == 0)
        {
            return;
        }

        TimeCorrection correction = isStale
            ? clock.Judge(times.Telling, arrival)
            : clock.Observe(times.Telling, arrival);
        if (policy.Times == TimeSource.Relative)
        {
            correction = new TimeCorrection(ToArrival(record.ArrivalTime, times.Newest), 0);
        }
        else if (!policy.Correct)
        {
            correction = AsItCame(correction);
        }

        bool countsByArrival = policy is { Correct: true, Times: TimeSource.Own } && clock.CountsByArrival;
        bool isNews = countsByArrival && lateBefore < record.ArrivalTime;
        for (int i = record.FirstPoint; i < record.FirstPoint + record.PointCount; i++)
        {
            TimeCorrection own = policy.Times == TimeSource.Arrival
                ? new TimeCorrection(ToArrival(record.ArrivalTime, batch.Points[i].Time), 0)
                : correction;
            batch.CorrectTime(i, own, isNews ? long.MinValue : lateBefore);
        }
    }

    /// <summary>What is not corrected is wrong by the correction; where nothing is known that stays unsaid.</summary>
    private static TimeCorrection AsItCame(TimeCorrection correction) => correction.Uncertainty == 0
        ? default
        : new TimeCorrection(0, correction.Uncertainty + Math.Abs(correction.Nanoseconds));

    private static long ToArrival(long arrival, long time)
    {
        Int128 distance = (Int128)arrival - time;
        return (long)Int128.Clamp(distance, long.MinValue, long.MaxValue);
    }
}
