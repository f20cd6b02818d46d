using System.Runtime.CompilerServices;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Wakes those who wait for the next commit when the spool has no room, for then there is none: what they have taken
/// and not made durable yet may be what the room is held for.
/// </summary>
internal sealed class SpoolRelief(Spool.Spool spool, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private CancellationTokenSource _wake = new();

    /// <summary>True after a commit beyond an offset; false when there is no room for one.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WaitForCommitAsync(long beyond, CancellationToken cancellationToken)
    {
        try
        {
            await spool.WaitForCommitAsync(beyond, Volatile.Read(ref _wake).Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    /// <summary>Watches the spool until cancelled; then everyone is woken, to see that it is over.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (spool.State.Status == SpoolStatus.Full)
                {
                    await Interlocked.Exchange(ref _wake, new CancellationTokenSource()).CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Volatile.Read(ref _wake).CancelAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _wake.Dispose();
}
