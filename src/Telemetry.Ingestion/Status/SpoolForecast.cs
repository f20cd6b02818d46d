using Microsoft.Extensions.Logging;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>How long the spool can keep what one holder has not had.</summary>
/// <param name="Name">The holder.</param>
/// <param name="IsRequired">Whether intake stops at the end; otherwise the spool lets go of the oldest.</param>
/// <param name="BehindBytes">Bytes it has not released.</param>
/// <param name="IsBehind">Whether that is more than it leaves there while all is well.</param>
/// <param name="RoomBytes">Bytes that can still come, by quota and free space, if it releases nothing more.</param>
/// <param name="HoursLeft">How long that lasts, in hours; null when that is not known or for ever.</param>
public sealed record HolderForecast(
    string Name, bool IsRequired, long BehindBytes, bool IsBehind, long RoomBytes, double? HoursLeft);

/// <summary>How long the spool lasts.</summary>
/// <param name="BytesPerSecond">Intake of the last hour; null in the first minute.</param>
/// <param name="HoursLeft">Hours until intake stops if no required holder releases more; null as above.</param>
/// <param name="Holders">The same by holder.</param>
public sealed record SpoolOutlook(
    double? BytesPerSecond, double? HoursLeft, IReadOnlyList<HolderForecast> Holders)
{
    /// <summary>The holder that is behind and lasts shortest; null when all keep up.</summary>
    public HolderForecast? Shortest =>
        Holders.Where(holder => holder is { IsBehind: true, HoursLeft: not null }).MinBy(holder => holder.HoursLeft);
}

/// <summary>
/// How long the spool will survive its holders' standstill, from what came in and what it may still take.
/// </summary>
public sealed class SpoolForecast
{
    private const double BehindSeconds = 300; // checkpoints of large states are minutes apart,
    private const long BehindBytesMin = 32 * 1024 * 1024; // and an unchanged one is not written for less
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepInterval = TimeSpan.FromMinutes(1);
    private readonly Spool.Spool _spool;
    private readonly TimeProvider _time;
    private readonly IntakeProfile _profile;
    private readonly ForecastCheckpoint _checkpoint;

    /// <summary>Goes on from what an earlier run has learnt.</summary>
    /// <param name="spool">Whose survival it is.</param>
    /// <param name="warningHours">Fewer hours than this are a warning while a holder is behind; 0: never.</param>
    /// <param name="files">The disk.</param>
    /// <param name="directory">Where it is kept what was learnt.</param>
    /// <param name="time">For the rates.</param>
    /// <param name="logger">For a checkpoint that cannot be read or written.</param>
    public SpoolForecast(
        Spool.Spool spool,
        double warningHours,
        IFileSystem files,
        string directory,
        TimeProvider time,
        ILogger logger)
    {
        _spool = spool;
        _time = time;
        _profile = new IntakeProfile(time);
        _checkpoint = new ForecastCheckpoint(files, directory, logger);
        WarningHours = warningHours;
        _checkpoint.Restore(_profile, spool.DurableOffset);
        Observe();
    }

    /// <summary>Fewer hours than this are a warning while a holder is behind; 0: never.</summary>
    public double WarningHours { get; }

    /// <summary>How it looks now.</summary>
    public SpoolOutlook Now()
    {
        Observe();
        double? rate = _profile.BytesPerSecond;
        HolderForecast[] holders = [.. _spool.Holds.Select(hold => Of(hold, rate))];
        double? hours = holders.Where(holder => holder.IsRequired).Min(holder => holder.HoursLeft);
        return new SpoolOutlook(rate, hours, holders);
    }

    /// <summary>Watches the intake until cancelled, and keeps what it has learnt each minute and at the end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        long keptAt = _time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                Observe();
                if (_time.GetElapsedTime(keptAt) >= KeepInterval)
                {
                    _checkpoint.Write(_profile);
                    keptAt = _time.GetTimestamp();
                }
            }
        }
        finally
        {
            Observe();
            _checkpoint.Write(_profile);
        }
    }

    private void Observe() => _profile.Observe(_spool.DurableOffset);

    private HolderForecast Of(SpoolHold hold, double? rate)
    {
        long behind = Math.Max(0, _spool.DurableOffset - hold.Offset);
        long room = _spool.RoomBehind(hold.Offset);
        return new HolderForecast(
            hold.Name,
            hold.IsRequired,
            behind,
            behind > BehindBytesMin && behind > rate * BehindSeconds,
            room,
            _profile.TimeFor(room)?.TotalHours);
    }
}
