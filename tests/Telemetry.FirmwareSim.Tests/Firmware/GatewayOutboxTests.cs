using System.Text.Json;
using Telemetry.Model;
using Telemetry.Site;

namespace Telemetry.FirmwareSim.Tests.Firmware;

public sealed class GatewayOutboxTests
{
    private const int Plenty = ScenarioFirmware.BufferMessagesMax;

    private static readonly ScenarioFirmware Everything = new()
    {
        ClockDrift = 60,
        TimeSyncHours = 0.5,
        Resets = 40,
        ClockLost = 0.5,
        BufferLost = 0.5,
        Outages = 40,
        OutageMinutes = 5,
        BufferMessages = 500,
        BackfillReordered = 0.2,
        Reordered = 0.05,
        Duplicates = 0.05,
        BrownOuts = 30,
        Update = FirmwareUpdate.Rename,
        UpdateAfterHours = 0,
    };

    [Fact]
    public void The_same_seed_gives_the_same_messages_in_the_same_order_however_they_are_asked_for()
    {
        foreach (string gateway in (string[])["GW-GRAV", "GW-CRUSH", "GW-WX"])
        {
            FirmwareRun atOnce = FirmwareRuns.Play(Everything, hours: 1, gateway, stepSeconds: 3_600);
            FirmwareRun bySeconds = FirmwareRuns.Play(Everything, hours: 1, gateway, stepSeconds: 0.7);

            Assert.Equal(atOnce.Messages.Take(bySeconds.Messages.Count), bySeconds.Messages);
            Assert.InRange(bySeconds.Messages.Count, atOnce.Messages.Count - 50, atOnce.Messages.Count);
            Assert.Equal(atOnce.Events, bySeconds.Events);
            Assert.Equal(atOnce.Ledger.Take(bySeconds.Ledger.Length), bySeconds.Ledger);
        }
    }

    [Fact]
    public void Another_seed_gives_other_behaviour()
    {
        Assert.NotEqual(
            FirmwareRuns.Play(Everything, hours: 1).Events, FirmwareRuns.Play(Everything, hours: 1, seed: 2).Events);
    }

    [Fact]
    public void Nothing_happens_unless_it_was_asked_for()
    {
        FirmwareRun without = FirmwareRuns.Play(firmware: null, hours: 0.5);
        FirmwareRun asked = FirmwareRuns.Play(new ScenarioFirmware(), hours: 0.5);
        FirmwareRun ofOthers = FirmwareRuns.Play(Everything with { Gateways = ["GW-MILL"] }, hours: 0.5);

        Assert.Equal(without.Messages, asked.Messages);
        Assert.Equal(without.Messages, ofOthers.Messages);
        Assert.Empty(asked.Events);
        Assert.Empty(ofOthers.Events);
        Assert.Equal(new FirmwareCounts(0, 0, 0, 0, 0), asked.Counts);
        Assert.DoesNotContain(asked.Messages, message => message.LosesAcknowledgement);
        Assert.All(asked.Messages, message => Assert.Equal(message.Origin.Time, message.Origin.TimeTold));
    }

    [Fact]
    public void What_an_outage_holds_back_follows_in_order_when_the_link_is_back()
    {
        FirmwareRun run = FirmwareRuns.Play(
            new() { Outages = 24, OutageMinutes = 5, BufferMessages = Plenty }, hours: 6);

        FirmwareEvent[] outages = [.. run.Of(FirmwareEventKind.Outage).Where(one => one.Start < EndOf(hours: 6))];
        Assert.InRange(outages.Length, 2, 12);
        Assert.Equal(run.Messages.Count, run.Numbers.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, run.Messages.Count).Select(number => (long)number), run.Numbers);
        Assert.Equal(
            run.Messages.Count(message => outages.Any(outage => outage.IsAt(message.Origin.Time))),
            run.Counts.HeldCount);
        Assert.DoesNotContain(outages, outage => outage.IsAt(EndOf(hours: 6))); // else some would still wait
        Assert.Equal(0, run.Counts.LostCount + run.Counts.ReorderedCount);
    }

    [Fact]
    public void A_message_of_an_outage_is_not_there_before_its_end()
    {
        var options = new SimulatorOptions { Firmware = new() { Outages = 24, OutageMinutes = 20 } };
        GatewayPayloads payloads = Runs.Open(FirmwareRuns.Gateway, Runs.Winter, options);
        var outbox = new GatewayOutbox(FirmwareRuns.Gateway, payloads);
        FirmwareEvent outage = payloads.Firmware!.Events[0];

        while (outbox.TryNext(outage.End - 1, out GatewayPayload payload))
        {
            Assert.True(payload.Time < outage.Start);
        }

        Assert.True(outbox.TryNext(outage.End, out GatewayPayload first));
        Assert.True(outage.IsAt(first.Time));
    }

    [Fact]
    public void A_share_of_a_back_fill_comes_later_than_its_turn_and_nothing_is_missing()
    {
        FirmwareRun run = FirmwareRuns.Play(
            new() { Outages = 24, OutageMinutes = 10, BackfillReordered = 0.2 }, hours: 6);

        Assert.Equal(LateCount(run), run.Counts.ReorderedCount);
        Assert.InRange(run.Counts.ReorderedCount, 0.1 * run.Counts.HeldCount, 0.25 * run.Counts.HeldCount);
        Assert.Equal(run.Messages.Count, run.Numbers.Distinct().Count());
    }

    [Fact]
    public void Live_messages_change_places_where_that_was_asked_for()
    {
        FirmwareRun run = FirmwareRuns.Play(new() { Reordered = 0.05 }, hours: 0.5);

        Assert.Equal(LateCount(run), run.Counts.ReorderedCount);
        Assert.InRange(run.Counts.ReorderedCount, 0.03 * run.Messages.Count, 0.06 * run.Messages.Count);
        Assert.All(run.Numbers.Select((number, place) => place - number), late => Assert.InRange(late, -8, 8));
    }

    [Fact]
    public void Of_more_than_the_buffer_holds_the_oldest_are_lost_and_named()
    {
        FirmwareRun run = FirmwareRuns.Play(
            new() { Outages = 24, OutageMinutes = 10, BufferMessages = 50 }, hours: 6);

        Assert.True(run.Counts.LostCount > 0);
        long[] lost = LostNumbers(run, "buffer full");
        Assert.Equal(run.Counts.LostCount, lost.Length);
        Assert.Empty(lost.Intersect(run.Numbers));
        long last = run.Numbers.Max();
        Assert.Equal(last + 1, run.Messages.Count + lost.Count(number => number < last));
    }

    [Fact]
    public void A_reset_may_lose_what_waits()
    {
        var firmware = new ScenarioFirmware
        {
            Outages = 60,
            OutageMinutes = 20,
            BufferMessages = Plenty,
            Resets = 60,
        };
        FirmwareRun keeping = FirmwareRuns.Play(firmware, hours: 6);
        FirmwareRun losing = FirmwareRuns.Play(firmware with { BufferLost = 1 }, hours: 6);

        Assert.Equal(0, keeping.Counts.LostCount);
        Assert.All(keeping.Of(FirmwareEventKind.Reset), reset => Assert.False(reset.IsBufferLost));
        Assert.All(losing.Of(FirmwareEventKind.Reset), reset => Assert.True(reset.IsBufferLost));
        long[] lost = LostNumbers(losing, "reset");
        Assert.NotEmpty(lost);
        Assert.Equal(losing.Counts.LostCount, lost.Length);
        Assert.Empty(lost.Intersect(losing.Numbers));
        Assert.Superset(lost.ToHashSet(), keeping.Numbers.ToHashSet());
    }

    [Fact]
    public void A_share_of_messages_loses_its_acknowledgement()
    {
        FirmwareRun run = FirmwareRuns.Play(new() { Duplicates = 0.1 }, hours: 0.5);

        int count = run.Messages.Count(message => message.LosesAcknowledgement);
        Assert.InRange(count, 0.08 * run.Messages.Count, 0.12 * run.Messages.Count);
    }

    [Fact]
    public void The_ledger_has_each_message_once_with_both_times()
    {
        FirmwareRun run = FirmwareRuns.Play(Everything, hours: 1);

        var left = run.Ledger.Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => !line.TryGetProperty("lost", out _)).ToList();
        Assert.Equal(run.Numbers, left.Select(line => line.GetProperty("message").GetInt64()));
        Assert.Equal(
            run.Messages.Select(message => message.Origin.Time), left.Select(line => TimeOf(line, "time")));
        Assert.Equal(
            run.Messages.Select(message => message.Origin.TimeTold), left.Select(line => TimeOf(line, "told")));
        Assert.Equal(
            run.Messages.Sum(message => message.Origin.SampleCount),
            left.Sum(line => line.GetProperty("samples").GetInt32()));
    }

    private static long EndOf(double hours) => Timestamp.From(Runs.Winter.AddHours(hours));

    private static long LateCount(FirmwareRun run)
    {
        long newest = -1;
        long count = 0;
        foreach (long number in run.Numbers)
        {
            count += number < newest ? 1 : 0;
            newest = Math.Max(newest, number);
        }

        return count;
    }

    private static long[] LostNumbers(FirmwareRun run, string cause) =>
    [
        .. run.Ledger.Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.TryGetProperty("lost", out JsonElement lost) && lost.GetString() == cause)
            .Select(line => line.GetProperty("message").GetInt64()),
    ];

    private static long TimeOf(JsonElement line, string name) =>
        Timestamp.From(line.GetProperty(name).GetDateTimeOffset());
}
