using Telemetry.Model;

namespace Telemetry.Influx;

/// <summary>
/// How long the server keeps points, by its own clock: a machine whose clock is ahead would else withhold what the
/// server takes. For any thread.
/// </summary>
/// <param name="time">The machine's clock, which the server's is held against.</param>
public sealed class ServerRetention(TimeProvider time)
{
    private const long Unknown = 0;
    private const int YearMost = 2200; // nanoseconds since 1970 end in 2262

    /// <summary>Between what is surely too old and what the server decides on.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);
    private long _keeps = Unknown; // ticks
    private long _serverAhead = long.MinValue; // ticks; unknown before the server's first answer

    /// <summary>How long points are kept; null when that is for ever, or unknown.</summary>
    public TimeSpan? Keeps => Volatile.Read(ref _keeps) is var ticks and > 0 ? TimeSpan.FromTicks(ticks) : null;

    /// <summary>
    /// Points with times before this, nanoseconds since 1970, are surely dropped by the server; the beginning of time
    /// when that is not known.
    /// </summary>
    public long Oldest
    {
        get
        {
            long ahead = Volatile.Read(ref _serverAhead);
            if (Keeps is not { } keeps || ahead == long.MinValue)
            {
                return long.MinValue;
            }

            DateTimeOffset now = time.GetUtcNow().AddTicks(ahead);
            TimeSpan span = keeps + Margin;
            return now - DateTimeOffset.UnixEpoch < span ? long.MinValue : Timestamp.From(now - span);
        }
    }

    /// <summary>The server said, or was set, to keep points for so long; zero for ever.</summary>
    public void Learn(TimeSpan keeps) => Volatile.Write(ref _keeps, Math.Max(keeps.Ticks, Unknown));

    /// <summary>The server's clock showed this a moment ago.</summary>
    public void NoteServerTime(DateTimeOffset date)
    {
        if (date.Year < YearMost)
        {
            Volatile.Write(ref _serverAhead, (date - time.GetUtcNow()).Ticks);
        }
    }
}
