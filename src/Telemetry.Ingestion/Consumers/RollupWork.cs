using Microsoft.Extensions.Logging;
using Telemetry.Store;

namespace Telemetry.Ingestion;

/// <summary>
/// Has the embedded store make its roll-ups, beside everything else: it works for a quarter of one core's time at most,
/// and looks again after a while when nothing is due.
/// </summary>
internal sealed class RollupWork(EmbeddedStore store, TimeProvider time, ILogger logger)
{
    private const int RestFactor = 3;
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RestMin = TimeSpan.FromMilliseconds(200);

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
            if (store.BuildRollups(cancellationToken) == 0)
            {
                return IdleInterval;
            }
        }
        catch (StoreException failure)
        {
            IngestionLog.RollupsFailed(logger, failure.Message);
            return IdleInterval;
        }

        TimeSpan rest = time.GetElapsedTime(start) * RestFactor;
        return rest > RestMin ? rest : RestMin;
    }
}
