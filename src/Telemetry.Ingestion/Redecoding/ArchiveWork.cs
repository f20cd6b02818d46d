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

    /// <summary>Works until cancelled, on a thread of its own; a rest behind each block spares all others.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.Factory.StartNew(
        () => Run(cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken cancellationToken)
    {
        bool isMore = false; // a start has other things to do
        while (true)
        {
            Rest(isMore ? TimeSpan.Zero : IdleInterval, cancellationToken);
            isMore = TryWork(cancellationToken);
        }
    }

    private bool TryWork(CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        try
        {
            archive.HoldToBudget();
            return archive.PackNext(RestBehindBlock);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            IngestionLog.ArchiveNotPacked(logger, cause.Message);
            return false;
        }

        void RestBehindBlock()
        {
            Rest(time.GetElapsedTime(start) * RestFactor, cancellationToken);
            start = time.GetTimestamp();
        }
    }

    private static void Rest(TimeSpan rest, CancellationToken cancellationToken)
    {
        cancellationToken.WaitHandle.WaitOne(rest);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
