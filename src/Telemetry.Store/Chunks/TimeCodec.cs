using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>Event times: in the coarsest unit that keeps them exact, then as <see cref="IntegerCodec"/>.</summary>
/// <remarks>Layout: digits of the unit as a byte (9 s, 6 ms, 3 µs, 0 ns), then the integers.</remarks>
internal static class TimeCodec
{
    private const byte SecondDigits = 9;
    private const byte MillisecondDigits = 6;
    private const byte MicrosecondDigits = 3;
    private const byte NanosecondDigits = 0;

    /// <summary>A unit the compiler knows, so that it divides by multiplying.</summary>
    private interface IUnit
    {
        static abstract long Nanoseconds { get; }
    }

    public static void Encode(ReadOnlySpan<long> times, BlobWriter target, Span<long> scratch)
    {
        Span<long> counts = scratch[..times.Length];
        byte digits =
            TryCount<Second>(times, counts) ? SecondDigits
            : TryCount<Millisecond>(times, counts) ? MillisecondDigits
            : TryCount<Microsecond>(times, counts) ? MicrosecondDigits
            : NanosecondDigits;
        if (digits == NanosecondDigits)
        {
            times.CopyTo(counts);
        }

        target.WriteByte(digits);
        IntegerCodec.Encode(counts, target);
    }

    public static void Decode(ref BlobReader source, Span<long> times)
    {
        long unit = source.ReadByte() switch
        {
            SecondDigits => Second.Nanoseconds,
            MillisecondDigits => Millisecond.Nanoseconds,
            MicrosecondDigits => Microsecond.Nanoseconds,
            NanosecondDigits => 1,
            _ => 0,
        };
        if (unit == 0)
        {
            source.Fail();
            return;
        }

        IntegerCodec.Decode(ref source, times);
        foreach (ref long time in times)
        {
            time = unchecked(time * unit);
        }
    }

    private static bool TryCount<TUnit>(ReadOnlySpan<long> times, Span<long> counts)
        where TUnit : struct, IUnit
    {
        for (int i = 0; i < times.Length; i++)
        {
            long count = times[i] / TUnit.Nanoseconds;
            if (count * TUnit.Nanoseconds != times[i])
            {
                return false;
            }

            counts[i] = count;
        }

        return true;
    }

    private readonly struct Second : IUnit
    {
        public static long Nanoseconds => Timestamp.NanosecondsPerSecond;
    }

    private readonly struct Millisecond : IUnit
    {
        public static long Nanoseconds => Timestamp.NanosecondsPerMillisecond;
    }

    private readonly struct Microsecond : IUnit
    {
        public static long Nanoseconds => 1_000;
    }
}
