using Microsoft.Extensions.Logging;

namespace Telemetry.Ingestion;

/// <summary>
/// Says once when arrival times have left the machine's clock behind, and once when it has caught up. They cannot go
/// back with it: which of the two is wrong nobody here can know, and an arrival time that was given is on disk.
/// </summary>
internal sealed class ClockWatch(ArrivalClock clock, ILogger logger)
{
    /// <summary>Beyond what a time server corrects in passing, and below what makes a point late.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    private bool _isAhead;

    /// <summary>To be called now and then.</summary>
    public void Look()
    {
        TimeSpan ahead = clock.Ahead;
        bool isAhead = ahead > Tolerance;
        if (isAhead && !_isAhead)
        {
            IngestionLog.ClockBehind(logger, ahead.TotalSeconds);
        }
        else if (!isAhead && _isAhead)
        {
            IngestionLog.ClockCaughtUp(logger);
        }

        _isAhead = isAhead;
    }
}
