namespace Telemetry.Ingestion;

/// <summary>
/// Looks at the site's files and has them read when they are others than those read last, and have rested for one look:
/// an editor writes in pieces, and half a file may be a site too.
/// </summary>
internal sealed class SiteWatch(SiteFiles files, SiteChanger changer, TimeProvider time)
{
    /// <summary>Between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private string _lastSeen = "";

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await LookAsync(cancellationToken);
        }
    }

    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        string stamp = files.Stamp();
        if (stamp != changer.StampRead && stamp == _lastSeen)
        {
            await changer.ReloadAsync(cancellationToken);
        }

        _lastSeen = stamp;
    }
}
