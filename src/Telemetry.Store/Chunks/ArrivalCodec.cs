using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>Arrival times (law L8) in milliseconds, as their distance from the event times, then as integers.</summary>
internal static class ArrivalCodec
{
    public static void Encode(
        ReadOnlySpan<long> times, ReadOnlySpan<long> arrivals, BlobWriter target, Span<long> scratch)
    {
        Span<long> delays = scratch[..arrivals.Length];
        for (int i = 0; i < arrivals.Length; i++)
        {
            delays[i] = unchecked(arrivals[i] - MillisecondsOf(times[i]));
        }

        IntegerCodec.Encode(delays, target);
    }

    public static void Decode(ref BlobReader source, ReadOnlySpan<long> times, Span<long> arrivals)
    {
        IntegerCodec.Decode(ref source, arrivals);
        for (int i = 0; i < arrivals.Length; i++)
        {
            arrivals[i] = unchecked(arrivals[i] + MillisecondsOf(times[i]));
        }
    }

    private static long MillisecondsOf(long time) => time / Timestamp.NanosecondsPerMillisecond;
}
