using Microsoft.Extensions.Logging;
using Telemetry.Alarms;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Lets messages go from the middle of the spool when its room gets small, as the lanes of the site say, the oldest
/// first; whatever goes is logged, counted, an alarm, and in the ledger once the store comes by. It gives way what is
/// on its way to the store only: not what detection or the broker have still to take, for an alarm must neither be
/// missed nor made by it, and no subscriber is to miss what came.
/// </summary>
internal sealed class LaneRelief(
    Spool.Spool spool,
    DecodedLog log,
    CursorPump store,
    Func<SiteCatalogue> site,
    AlarmDesk desk,
    ArrivalClock clock,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>Less room than this part of what the spool can hold is little.</summary>
    public const int LittlePercent = 20;

    /// <summary>With this part of it there is room enough.</summary>
    public const int EnoughPercent = 30;

    /// <summary>An alarm ends when nothing has gone for so long.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private SiteCatalogue? _site;
    private LaneTable _lanes = new(SiteCatalogue.Empty);
    private LaneSieve? _sieve;
    private LaneLoss[] _losses = [];
    private long _lookedTo; // nothing more is to be won before
    private bool _isStuck;

    /// <summary>What gave way, lane by lane.</summary>
    public IReadOnlyList<LaneView> Lanes => [.. Volatile.Read(ref _losses).Select(loss => loss.View)];

    /// <summary>Looks after the room until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await LookAsync(cancellationToken);
        }
    }

    /// <summary>Makes room when there is little, and tells of it.</summary>
    internal async ValueTask LookAsync(CancellationToken cancellationToken)
    {
        SiteCatalogue inForce = site();
        if (inForce != _site)
        {
            await FollowAsync(inForce, cancellationToken);
        }

        if (_losses.Length == 0)
        {
            return;
        }

        bool isLittle = Room() < Part(LittlePercent);
        if (isLittle && _lanes.GivesWay)
        {
            MakeRoom(cancellationToken);
        }

        foreach (LaneLoss loss in _losses)
        {
            await TellAsync(loss, isLittle, cancellationToken);
        }
    }

    /// <summary>Other lanes: what was left in place before may give way now.</summary>
    private async ValueTask FollowAsync(SiteCatalogue inForce, CancellationToken cancellationToken)
    {
        foreach (LaneLoss gone in _losses.Where(loss => loss.IsOn && Find(inForce, loss.Lane.Name) is null))
        {
            await EndAsync(gone, cancellationToken);
        }

        IEnumerable<LaneLoss> losses = inForce.Lanes.Select(
            lane => Array.Find(_losses, loss => loss.Lane.Name == lane.Name) ?? NewLoss(lane));
        Volatile.Write(ref _losses, [.. losses]);
        foreach (LaneLoss loss in _losses)
        {
            loss.Lane = Find(inForce, loss.Lane.Name)!;
        }

        _site = inForce;
        _lanes = new LaneTable(inForce);
        _sieve = new LaneSieve(log, _lanes);
        _lookedTo = 0;
    }

    /// <summary>An alarm that stands from before a restart is on, and ends like any other.</summary>
    private LaneLoss NewLoss(TrafficLane lane)
    {
        bool isOn = desk.Snapshot.TryFind(AlarmDefinition.ForLane(lane.Name).Id, out Alarm? alarm) && alarm!.IsPresent;
        return new LaneLoss(lane) { IsOn = isOn, QuietSince = time.GetTimestamp() };
    }

    private static TrafficLane? Find(SiteCatalogue site, string lane) =>
        site.Lanes.FirstOrDefault(known => known.Name == lane);

    /// <summary>Bytes that can come until intake stops.</summary>
    private long Room()
    {
        IEnumerable<SpoolHold> required = spool.Holds.Where(hold => hold.IsRequired);
        return spool.RoomBehind(required.Select(hold => hold.Offset).DefaultIfEmpty(spool.DurableOffset).Min());
    }

    /// <summary>A part of what the spool can hold, in bytes.</summary>
    private long Part(int percent) => spool.CapacityBytes / 100 * percent;

    private void MakeRoom(CancellationToken cancellationToken)
    {
        long enough = Part(EnoughPercent);
        long before = spool.Holds
            .Where(hold => hold.IsRequired && hold.Name != store.Name)
            .Select(hold => hold.Offset)
            .Append(log.Tail)
            .Min();
        try
        {
            bool isMore = true;
            while (isMore && Room() < enough && !cancellationToken.IsCancellationRequested)
            {
                long from = Math.Max(_lookedTo, store.DurablePosition);
                isMore = TryCompact(ref from, before);
                _lookedTo = from;
            }

            _isStuck = false;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            if (!_isStuck)
            {
                IngestionLog.LanesStuck(logger, cause.Message, Room());
            }

            _isStuck = true;
        }
        finally
        {
            _sieve!.End();
        }
    }

    /// <summary>Looks at the next segment; false when there is none.</summary>
    private bool TryCompact(ref long from, long before)
    {
        long start = from;
        CompactionResult result = spool.CompactNext(ref from, before, _sieve!);
        for (int i = 0; result.IsReplaced && i < _losses.Length; i++)
        {
            LaneTally tally = _sieve!.Tallies[i];
            if (tally.Messages > 0)
            {
                LaneLoss loss = _losses[i];
                loss.Add(tally, clock.Now(), time.GetTimestamp());
                IngestionLog.LaneGaveWay(
                    logger, loss.Lane.Name, tally.Messages, tally.Bytes, from, loss.Messages, Room());
            }
        }

        return from > start;
    }

    private async ValueTask TellAsync(LaneLoss loss, bool isLittle, CancellationToken cancellationToken)
    {
        if (!loss.IsOn && loss.MessagesOfEpisode > 0)
        {
            loss.IsOn = true;
            await TellAsync(loss, FindingEdge.Began, cancellationToken);
        }
        else if (loss.IsOn && !isLittle && time.GetElapsedTime(loss.QuietSince) >= Quiet)
        {
            await EndAsync(loss, cancellationToken);
        }
    }

    private async ValueTask EndAsync(LaneLoss loss, CancellationToken cancellationToken)
    {
        await TellAsync(loss, FindingEdge.Ended, cancellationToken);
        loss.IsOn = false;
        loss.MessagesOfEpisode = 0;
    }

    private ValueTask TellAsync(LaneLoss loss, FindingEdge edge, CancellationToken cancellationToken)
    {
        var condition = new Condition(FieldId: -1, ConditionKind.Dropped);
        var finding = new Finding(
            condition, edge, clock.Now(), spool.DurableOffset, loss.MessagesOfEpisode, double.NaN);
        return desk.TellAsync(AlarmDefinition.ForLane(loss.Lane.Name), finding, cancellationToken);
    }
}
