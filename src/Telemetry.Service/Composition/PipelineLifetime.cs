using System.Runtime.InteropServices;
using Telemetry.Ingestion;

namespace Telemetry.Service;

/// <summary>
/// Starts the pipeline before the listeners open and stops it after they are closed, so that what was acknowledged is
/// stored. A pipeline that ends by itself is a bug and stops the process (law L7); the supervisor starts it again.
/// </summary>
internal sealed class PipelineLifetime(
    IngestPipeline pipeline, IHostApplicationLifetime host, ILogger<PipelineLifetime> logger) : IHostedService
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(20);

    private volatile bool _isStopping;
    private PosixSignalRegistration? _hangUp;

    /// <summary>True when the process ends because of a bug.</summary>
    public bool HasFailed { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        pipeline.Start();
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp);
        host.ApplicationStopping.Register(pipeline.TellLeaving); // while the listeners are still open
        _ = WatchAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        _hangUp?.Dispose();
        ServiceLog.Draining(logger, pipeline.Spool.AppendedOffset - pipeline.StorePump.Position);
        long left = await pipeline.StopAsync(DrainPatience);
        if (left == 0)
        {
            ServiceLog.Drained(logger);
        }
        else
        {
            ServiceLog.NotDrained(logger, left, pipeline.StoreConsumer.Fault ?? "there was no time");
        }
    }

    /// <summary>SIGHUP reads the site again, as it does with most daemons; what came of it is in the log.</summary>
    private void OnHangUp(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _ = pipeline.Sites.ReloadAsync(CancellationToken.None);
    }

    private async Task WatchAsync()
    {
        Exception? cause = null;
        try
        {
            await pipeline.WaitAsync();
        }
        catch (Exception end)
        {
            cause = end;
        }

        // Only who was asked to stop may end; a cancellation that nobody asked for is a bug like any other.
        if (_isStopping && (cause is null or OperationCanceledException))
        {
            return;
        }

        HasFailed = true;
        ServiceLog.PipelineFailed(logger, cause ?? new InvalidOperationException("a part of it has returned"));
        host.StopApplication();
    }
}
