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

    /// <summary>True when the process ends because of a bug.</summary>
    public bool HasFailed { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        pipeline.Start();
        _ = WatchAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        ServiceLog.Draining(logger, pipeline.Spool.AppendedOffset - pipeline.StorePump.Position);
        await pipeline.StopAsync(DrainPatience);
        ServiceLog.Drained(logger);
    }

    private async Task WatchAsync()
    {
        try
        {
            await pipeline.WaitAsync();
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception bug)
        {
            HasFailed = true;
            ServiceLog.PipelineFailed(logger, bug);
        }

        host.StopApplication();
    }
}
