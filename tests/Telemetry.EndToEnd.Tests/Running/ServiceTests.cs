namespace Telemetry.EndToEnd.Tests;

/// <summary>Tests that each begin with a service of their own on an empty data directory.</summary>
[Collection(OneAtATime.Name)]
public abstract class ServiceTests : IAsyncLifetime
{
    private readonly ScratchDirectory _directory = new();

    private protected RunningService Service { get; private set; } = null!;

    private protected ScratchDirectory Directory => _directory;

    private protected virtual string DataDirectory => _directory.Path;

    private protected virtual string[] Arguments => [];

    /// <summary>Of a service whose site stays as it is: what its site file says; null without one.</summary>
    private protected virtual string? SiteText => null;

    /// <summary>History that comes at once is judged as if it had come in time.</summary>
    private protected static string[] JudgingHistory => ["--set", "Detection:LateAfterSeconds=31536000"];

    public virtual async Task InitializeAsync()
    {
        if (SiteText is { } text)
        {
            await File.WriteAllTextAsync(_directory.At("site.yaml"), text);
        }

        await StartAsync();
    }

    public virtual async Task DisposeAsync()
    {
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }

        _directory.Delete();
    }

    /// <summary>kill -9, and a new process on the same data directory.</summary>
    private protected async Task RestartAfterKillAsync()
    {
        await Service.KillAsync();
        await Service.DisposeAsync();
        await StartAsync();
    }

    private protected async Task StartAsync()
    {
        string[] site = SiteText is null ? [] : ["--site", _directory.At("site.yaml")];
        Service = await RunningService.ServeAsync(DataDirectory, [.. site, .. Arguments]);
    }
}
