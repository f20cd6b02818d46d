namespace Telemetry.Buffers;

/// <summary>Numbers that several threads raise and none lowers: offsets.</summary>
public static class Monotone
{
    /// <summary>Raises a number to at least <paramref name="to"/>; one that is there already stays.</summary>
    public static void Raise(ref long value, long to)
    {
        long seen = Volatile.Read(ref value);
        while (to > seen)
        {
            long before = Interlocked.CompareExchange(ref value, to, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
