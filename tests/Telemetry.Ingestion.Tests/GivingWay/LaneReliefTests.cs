using Telemetry.Alarms;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion.Tests;

/// <summary>What gives way while the store stands still, and that all of it is accounted for.</summary>
public sealed class LaneReliefTests
{
    private const string Alarm = "raw.spool/DROPPED";
    private static readonly TrafficLane Raw = new("raw", ["raw/#"], [], WhenFull.DropOldest);

    [Fact(Timeout = 60_000)]
    public async Task Marked_lanes_lose_their_oldest_and_others_are_refused_only_when_nothing_marked_is_left()
    {
        using var rig = new LaneRig(Raw);
        long before;
        SpoolStatus status;
        do
        {
            await rig.FillAsync(40_000, ("raw/1", "vib", 1_000), ("dam", "dam", 1_000));
            before = Assert.Single(rig.Relief.Lanes).DroppedMessages;
            await rig.LookAsync(); // may win some room, which is to be filled as well
            status = rig.Log.Log.State.Status;
        }
        while (status == SpoolStatus.Running || Assert.Single(rig.Relief.Lanes).DroppedMessages > before);

        Assert.Equal(SpoolStatus.Full, status);
        List<string> raw = rig.Acknowledged("raw/1");
        List<string> dam = rig.Acknowledged("dam");
        LaneView lane = Assert.Single(rig.Relief.Lanes);
        Assert.Equal(("raw", "drop-oldest", true), (lane.Name, lane.WhenFull, lane.IsDropping));
        Assert.True(dam.Count * 1_100 > 6 * 1024 * 1024, "almost all of the spool is theirs in the end");

        (List<(string Topic, string Payload)> whole, int dropped) = rig.ReadLog();
        Assert.Equal(lane.DroppedMessages, dropped);
        Assert.Equal(raw.Skip(dropped), whole.Where(message => message.Topic == "raw/1").Select(Payload));
        Assert.InRange(raw.Count - dropped, 1, 2 * 1024 * 1024 / 2_200); // of the last segment, which is written
        Assert.Equal(dam, whole.Where(message => message.Topic == "dam").Select(Payload));
        Dictionary<string, LedgerRow> pending = await rig.ReadLedgerAsync();
        Assert.Equal((0, dropped), (pending["dam"].Counts.Dropped, pending["vib"].Counts.Dropped));
        Assert.Equal((dam.Count, raw.Count - dropped), (pending["dam"].Pending, pending["vib"].Pending));
        Assert.Equal(raw.Count, pending["vib"].Received);

        await rig.StoreAsync();
        await rig.Log.CommittedAsync(); // what waited for room has it now
        Dictionary<string, LedgerRow> ledger = await rig.ReadLedgerAsync();
        raw = rig.Acknowledged("raw/1");
        dam = rig.Acknowledged("dam");
        Assert.Equal((dam.Count, dam.Count, 0), Told(ledger["dam"]));
        Assert.Equal((raw.Count, raw.Count - dropped, dropped), Told(ledger["vib"]));
        Assert.InRange(ledger["dam"].Pending, 0, 100);
        Assert.Equal(0, rig.Off);
        Assert.Equal(0, rig.Words.Lines.Count(line => line.Contains("BUG", StringComparison.Ordinal)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_gives_way_while_there_is_room_and_no_more_than_is_needed()
    {
        using var rig = new LaneRig(Raw);
        await rig.FillAsync(2_050, ("raw/1", "vib", 3_000)); // six of eight MiB
        Assert.Equal(0, Assert.Single(rig.Relief.Lanes).DroppedMessages);
        Assert.False(rig.Desk.Snapshot.TryFind(Alarm, out _));
        Assert.Empty(rig.Words.Lines);

        await rig.FillAsync(10_000, ("raw/1", "vib", 3_000));
        Assert.Equal(12_050, rig.Acknowledged("raw/1").Count);
        Assert.Equal(SpoolStatus.Running, rig.Log.Log.State.Status);
        (List<(string, string)> whole, _) = rig.ReadLog();
        Assert.InRange(whole.Count * 3_100L, 5 * 1024 * 1024, 7 * 1024 * 1024);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_lane_that_gives_way_is_an_alarm_a_line_in_the_log_and_a_warning_until_it_is_quiet()
    {
        using var rig = new LaneRig(Raw);
        Assert.Equal(HealthStatus.Pass, HealthReport.Lanes(rig.Relief.Lanes).Status);
        await rig.FillAsync(2_800, ("raw/1", "vib", 3_000));
        LaneView lane = Assert.Single(rig.Relief.Lanes);
        Assert.True(rig.Desk.Snapshot.TryFind(Alarm, out Alarm? alarm));
        Assert.Equal((AlarmState.Unacknowledged, "{message}"), (alarm!.State, alarm.Definition.ValueUnit));
        Assert.InRange(alarm.Value, 1, lane.DroppedMessages);
        Assert.Contains(rig.Words.Lines, line => line.StartsWith("lane raw lets go of ", StringComparison.Ordinal));
        HealthCheck health = HealthReport.Lanes(rig.Relief.Lanes);
        Assert.Equal(
            (HealthStatus.Warn, "the spool has or had little room and let go of "
                + $"{lane.DroppedMessages} messages of lane raw, as the site says"),
            (health.Status, health.Message));

        await rig.StoreAsync();
        rig.Time.Advance(LaneRelief.Quiet - TimeSpan.FromSeconds(1));
        await rig.LookAsync();
        Assert.True(rig.Desk.Snapshot.TryFind(Alarm, out alarm) && alarm!.IsPresent);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.LookAsync();
        Assert.True(rig.Desk.Snapshot.TryFind(Alarm, out alarm));
        Assert.Equal((AlarmState.ReturnedUnacknowledged, lane.DroppedMessages), (alarm!.State, alarm.Value));
        Assert.Equal(lane with { IsDropping = false }, Assert.Single(rig.Relief.Lanes));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_alarm_that_stands_from_before_a_restart_ends_when_it_is_quiet_and_only_with_room()
    {
        using var rig = new LaneRig(Raw);
        await rig.FillAsync(2_800, ("raw/1", "vib", 3_000));
        rig.Restart();
        await rig.LookAsync();
        Assert.True(Assert.Single(rig.Relief.Lanes) is { IsDropping: true, DroppedMessages: 0 });
        await rig.FillAsync(5_000, ("dam", "dam", 3_000));
        rig.Time.Advance(LaneRelief.Quiet);
        await rig.LookAsync();
        Assert.True(rig.Desk.Snapshot.TryFind(Alarm, out Alarm? alarm) && alarm!.IsPresent);

        await rig.StoreAsync();
        await rig.LookAsync();
        Assert.True(rig.Desk.Snapshot.TryFind(Alarm, out alarm));
        Assert.Equal(AlarmState.ReturnedUnacknowledged, alarm!.State);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_detection_has_not_taken_for_good_never_gives_way()
    {
        using var rig = new LaneRig(Raw);
        using SpoolHold broker = rig.Log.Log.OpenHold("broker", required: true, 0);
        await rig.FillAsync(10_000, ("raw/1", "vib", 3_000));
        Assert.InRange(rig.Acknowledged("raw/1").Count, 2_000, 3_000);
        Assert.Equal(0, Assert.Single(rig.Relief.Lanes).DroppedMessages);

        broker.ReleaseTo(2 * 1024 * 1024);
        await rig.LookAsync();
        Assert.InRange(Assert.Single(rig.Relief.Lanes).DroppedMessages, 300, 2 * 1024 * 1024 / 3_000);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_lane_that_is_marked_while_the_spool_is_full_makes_room_in_what_is_there()
    {
        using var rig = new LaneRig();
        await rig.FillAsync(10_000, ("raw/1", "vib", 3_000));
        Assert.Equal(SpoolStatus.Full, rig.Log.Log.State.Status);
        rig.Site = LaneRig.SiteWith(Raw with { WhenFull = WhenFull.Refuse });
        await rig.LookAsync();
        Assert.Equal(SpoolStatus.Full, rig.Log.Log.State.Status);

        rig.Site = LaneRig.SiteWith(Raw);
        await rig.LookAsync();
        await rig.Log.CommittedAsync();
        Assert.Equal(SpoolStatus.Running, rig.Log.Log.State.Status);
        Assert.InRange(Assert.Single(rig.Relief.Lanes).DroppedMessages, 300, 3_000);

        rig.Site = LaneRig.SiteWith();
        await rig.LookAsync();
        Assert.Empty(rig.Relief.Lanes);
        Assert.True(rig.Desk.Snapshot.TryFind(Alarm, out Alarm? alarm));
        Assert.Equal(AlarmState.ReturnedUnacknowledged, alarm!.State);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_disk_that_refuses_is_told_once_and_tried_again()
    {
        using var rig = new LaneRig(Raw);
        rig.Site = LaneRig.SiteWith();
        await rig.FillAsync(2_400, ("raw/1", "vib", 3_000));
        rig.Log.Files.SyncsFail = true;
        rig.Site = LaneRig.SiteWith(Raw);
        for (int i = 0; i < 3; i++)
        {
            await rig.LookAsync();
        }

        Assert.Single(
            rig.Words.Lines, line => line.StartsWith("cannot let lanes give way: ", StringComparison.Ordinal));
        Assert.Equal(0, Assert.Single(rig.Relief.Lanes).DroppedMessages);
        rig.Log.Files.SyncsFail = false;
        await rig.LookAsync();
        Assert.True(Assert.Single(rig.Relief.Lanes).DroppedMessages > 0);
    }

    private static string Payload((string Topic, string Payload) message) => message.Payload;

    private static (long Received, long StoredOrPending, long Dropped) Told(LedgerRow row) =>
        (row.Received, row.Counts.Stored + row.Pending, row.Counts.Dropped);
}
