using Microsoft.Extensions.Logging;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Packs what is in the archive, and holds it to its budget, beside everything else: it works for a tenth of one core's
/// time at most. What comes faster than that stays plain until it is its turn, or goes at the budget.
/// </summary>
internal sealed class ArchiveWork(SegmentArchive archive, TimeProvider time, ILogger logger)
{
    private const int RestFactor = 9;
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TimeSpan rest = IdleInterval; // a start has other things to do
        while (true)
        {
            await Task.Delay(rest, time, cancellationToken);
            rest = Work(cancellationToken);
        }
    }

    /// <returns>How long to rest behind it.</returns>
    private TimeSpan Work(CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        try
        {
            archive.HoldToBudget();
            if (!archive.PackNext(cancellationToken))
            {
                return IdleInterval;
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            IngestionLog.ArchiveNotPacked(logger, cause.Message);
            return IdleInterval;
        }

        return time.GetElapsedTime(start) * RestFactor;
    }
}
