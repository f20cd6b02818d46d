namespace Telemetry.Testing;

/// <summary>Measures what a piece of code allocates on this thread.</summary>
public static class Allocation
{
    private const int WarmUpRounds = 200; // enough for tier-0 to hand over and for tables to have grown
    private const int MeasuredRounds = 1_000;
    private const int Attempts = 5;

    /// <summary>
    /// Bytes allocated by a thousand rounds of <paramref name="act"/>, after a warm-up: the least of five attempts.
    /// What the code allocates by itself it allocates in every attempt; what the runtime does once (a change of tier,
    /// a table of its own) it does in one.
    /// </summary>
    public static long Measure(Action act)
    {
        for (int i = 0; i < WarmUpRounds; i++)
        {
            act();
        }

        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            least = Math.Min(least, MeasureOnce(act));
        }

        return least;
    }

    private static long MeasureOnce(Action act)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < MeasuredRounds; i++)
        {
            act();
        }

        // The counter is read before any assertion: assertions allocate.
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
