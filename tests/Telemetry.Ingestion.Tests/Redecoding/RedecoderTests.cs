using Telemetry.Model;

namespace Telemetry.Ingestion.Tests;

/// <summary>A mapping was wrong and not failing; it is corrected, and the past is made right.</summary>
public sealed class RedecoderTests : IDisposable
{
    private const long Second = RedecodeRig.Second;
    private static readonly SiteCatalogue Wrong = Site("CR-201.motor_current", scale: 10);
    private static readonly SiteCatalogue Right = Site("CR-201.motor_current", scale: 1, unit: "kA");
    private RedecodeRig _rig = new(Wrong);

    public void Dispose() => _rig.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_wrong_scale_and_unit_are_put_right_with_the_messages_own_times()
    {
        await _rig.SendAsync("{\"ts\":1700000000500,\"I\":1.5}");
        await _rig.SendAsync("{\"I\":2}"); // no time: that of arrival
        Assert.Equal(["0.5: 15 192", "2: 20 192"], await _rig.StoredAsync());

        await _rig.ChangeSiteAsync(Right);
        RedecodeReport report = await _rig.RunAsync();

        Assert.Equal((2, 2, 2, 0, 0), Counts(report));
        Assert.Equal(["0.5: 1500 192 kA", "2: 2000 192 kA"], await _rig.StoredAsync());
        Assert.All(_rig.Redecoded, line => Assert.EndsWith(" late", line, StringComparison.Ordinal));
        Assert.Equal(_rig.SiteNow, report.SiteNow);
        Assert.Single(report.SitesThen);
        Assert.DoesNotContain(_rig.SiteNow, report.SitesThen);
        RedecodeExample example = Assert.Single(report.Examples);
        Assert.Equal(("15", "1500", "A"), (example.Before, example.After, example.Unit));
        Assert.Equal(("", ""), (report.Error, report.Warning));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_second_run_finds_everything_unchanged_and_writes_nothing()
    {
        await FillAsync(3);
        await _rig.ChangeSiteAsync(Right);
        await _rig.RunAsync();
        long end = _rig.Log.Log.AppendedOffset;

        RedecodeReport again = await _rig.RunAsync();

        Assert.Equal((3, 3, 0, 0, 3), Counts(again));
        Assert.Equal(end, _rig.Log.Log.AppendedOffset);
        Assert.Equal(3, (await _rig.StoredAsync()).Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_dry_run_tells_the_same_and_writes_and_audits_nothing()
    {
        await FillAsync(3);
        await _rig.ChangeSiteAsync(Right);
        List<string> stored = await _rig.StoredAsync();
        long end = _rig.Log.Log.AppendedOffset;

        RedecodeReport dry = await _rig.RunAsync(request => request with { IsDryRun = true });
        Assert.Equal(end, _rig.Log.Log.AppendedOffset);
        Assert.Equal(stored, await _rig.StoredAsync());
        Assert.Empty(_rig.Audited);
        Assert.Empty(_rig.Begun);

        RedecodeReport report = await _rig.RunAsync();
        Assert.Equal(Counts(dry), Counts(report));
        Assert.Equal(dry.Examples, report.Examples);
        (RedecodeRequest request, RedecodeReport audited) = Assert.Single(_rig.Audited);
        Assert.Equal(("me", 3L), (request.Who, audited.Changed));
        string begun = Assert.Single(_rig.Begun);
        Assert.StartsWith("messages of all gateways that arrived from ", begun, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_run_tells_how_far_it_has_come_until_it_has_ended()
    {
        await FillAsync(3);
        await _rig.ChangeSiteAsync(Right);
        await _rig.RunAsync();
        RedecodeProgress end = _rig.ProgressAtEnd!;
        Assert.Equal((3, 3, 0, false), (end.Messages, end.Changed, end.Added, end.IsDryRun));
        Assert.InRange(end.Reached, end.From, end.To);
        Assert.Null(_rig.Redecoder.Progress);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_the_wrong_mapping_put_under_another_name_stays_and_is_named()
    {
        _rig.Dispose();
        _rig = new RedecodeRig(Site("CR-202.motor_current", scale: 1));
        await FillAsync(3);
        await _rig.ChangeSiteAsync(Right);

        RedecodeReport report = await _rig.RunAsync();

        Assert.Equal((3, 3, 0, 3, 0), Counts(report));
        Assert.Equal(3, report.LeftBehind);
        RedecodeRemainder remainder = Assert.Single(report.Remainders);
        Assert.Equal("CR1,area=crushing,asset=CR-202,site=pilot", remainder.Series);
        Assert.Equal((SmallMine.Current, 3L, false), (remainder.Field, remainder.Samples, remainder.GetsOthers));
        Assert.Equal(RedecodeRig.Begin + Second, remainder.First);
        Assert.Equal(RedecodeRig.Begin + (3 * Second), remainder.Last);
        Assert.Equal(3, (await _rig.StoredAsync("CR-202")).Count);
        Assert.Equal(3, (await _rig.StoredAsync()).Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_value_that_came_later_is_left_alone_unless_it_is_to_be_overwritten()
    {
        await _rig.SendAsync("{\"ts\":1700000000000,\"I\":1}");
        await _rig.SendAsync("{\"ts\":1700000000000,\"I\":7}", client: "corrector"); // 70, last write counts
        await _rig.ChangeSiteAsync(Right);

        RedecodeReport report = await _rig.RunAsync("gw-1");
        Assert.Equal((1, 0), (report.Later, report.Changed));
        Assert.Equal(["0: 70 192"], await _rig.StoredAsync());

        report = await _rig.RunAsync(request => request with { Gateway = "gw-1", Overwrites = true });
        Assert.Equal((0, 1), (report.Later, report.Changed));
        Assert.Equal(["0: 1000 192 kA"], await _rig.StoredAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Only_the_gateway_and_the_time_that_are_asked_for_change()
    {
        await _rig.SendAsync("{\"I\":1}"); // 1 s
        await _rig.SendAsync("{\"I\":2}", client: "gw-2");
        await _rig.SendAsync("{\"I\":3}");
        await _rig.SendAsync("{\"I\":4}");
        await _rig.ChangeSiteAsync(Right);

        RedecodeReport report = await _rig.RunAsync(request => request with
        {
            From = RedecodeRig.Begin + (2 * Second),
            To = RedecodeRig.Begin + (4 * Second),
            Gateway = "gw-1",
        });

        Assert.Equal((1, 1, 1, 0, 0), Counts(report));
        Assert.Equal(["1: 10 192", "2: 20 192", "3: 3000 192 kA", "4: 40 192"], await _rig.StoredAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_gateway_that_was_not_heard_is_answered_with_those_that_were()
    {
        await FillAsync(1);
        RedecodeReport report = await _rig.RunAsync("gw-7");
        Assert.Equal(0, report.Messages);
        Assert.Equal(["gw-1"], report.Heard);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_fails_is_counted_by_its_reason_and_what_is_stored_of_it_stays()
    {
        await FillAsync(1);
        await _rig.SendAsync("{\"I\":", topic: "a/b");
        await _rig.SendAsync("{\"I\":1 1}");
        await _rig.ChangeSiteAsync(Site("CR-201.motor_current", scale: 1, unit: "K"));

        RedecodeReport report = await _rig.RunAsync();

        Assert.Equal((3, 0), (report.Failed, report.Samples));
        Assert.Contains(report.Failures, failure => failure is { Messages: 1, Topic: "a/b" });
        Assert.Contains(report.Failures, failure => failure.Reason.Contains("\"K\"", StringComparison.Ordinal));
        Assert.Single(await _rig.StoredAsync());
        Assert.Equal(1, report.LeftBehind);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_archive_serves_what_the_spool_has_let_go_of()
    {
        const int Count = 4_000;
        await FillAsync(Count, padding: 100);
        await _rig.ReleaseAsync();
        Assert.True(_rig.Log.Log.FirstOffset > 0);
        Assert.True(_rig.Archive.Count > 3);
        Assert.True(_rig.Archive.PackNext() && _rig.Archive.PackNext());
        await _rig.ChangeSiteAsync(Right);

        RedecodeReport report = await _rig.RunAsync();

        Assert.Equal((Count, Count, Count, 0, 0), Counts(report));
        Assert.Equal("", report.Warning);
        Assert.Equal(
            Enumerable.Range(1, Count).Select(i => FormattableString.Invariant($"{i}: {i * 1000} 192 kA")),
            await _rig.StoredAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_the_archive_ends_is_said_with_its_numbers()
    {
        _rig.Dispose();
        _rig = new RedecodeRig(Wrong, archiveBytes: 200_000);
        await FillAsync(4_000, padding: 100);
        await _rig.ReleaseAsync();
        await _rig.ChangeSiteAsync(Right);

        RedecodeReport report = await _rig.RunAsync();
        long seconds = (report.Oldest - RedecodeRig.Begin) / Second;
        Assert.InRange(seconds, 500, 3_900);
        Assert.Equal(4_000 - seconds + 1, report.Changed);
        Assert.StartsWith("messages are kept since 2023-11-14T", report.Warning, StringComparison.Ordinal);
        Assert.Contains("of at most 0.2 MB (Spool:ArchiveBytesMax)", report.Warning, StringComparison.Ordinal);

        RedecodeReport refused = await _rig.RunAsync(request => request with { To = report.Oldest });
        Assert.True(refused.IsRefused);
        Assert.StartsWith("cannot redecode what came before 2023-11-14T", refused.Error, StringComparison.Ordinal);
        Assert.Single(_rig.Audited);
    }

    /// <summary>
    /// Corrections follow from what was learnt of a clock until then: decoding anew begins with the state of then.
    /// </summary>
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Times_of_a_wrong_clock_are_corrected_as_they_were(bool isArchived)
    {
        _rig.Dispose();
        _rig = new RedecodeRig(Right);
        const int Count = 400;
        for (int i = 1; i <= Count; i++)
        {
            long behind = i < 200 ? 3_600 : 7_200; // it jumps once
            long own = (RedecodeRig.Begin / Second) + (10 * i) - behind;
            await _rig.SendAsync(
                $"{{\"ts\":{own}000,\"I\":{i},\"pad\":\"{new string('x', 500)}\"}}", after: 10 * Second);
        }

        List<string> stored = await _rig.StoredAsync();
        Assert.StartsWith("4000: ", stored[^1], StringComparison.Ordinal); // it is corrected
        if (isArchived)
        {
            await _rig.ReleaseAsync();
            Assert.True(_rig.Log.Log.FirstOffset > 0);
        }

        RedecodeReport report = await _rig.RunAsync(request => request with
        {
            From = RedecodeRig.Begin + (2_500 * Second),
        });

        Assert.Equal((0, 0, 0), (report.Changed, report.Added, report.LeftBehind));
        Assert.Equal(151, report.Unchanged);
        Assert.Equal(stored, await _rig.StoredAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_kill_behind_the_spool_neither_loses_nor_doubles()
    {
        await FillAsync(3);
        await _rig.ChangeSiteAsync(Right);
        await _rig.RunAsync(); // stored in memory only, there was no checkpoint
        List<string> stored = await _rig.StoredAsync();
        await _rig.ChangeSiteAsync(Wrong); // decodes other messages by now, not what was decoded anew

        _rig.Kill();

        Assert.Equal(stored, await _rig.StoredAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_spool_that_takes_nothing_ends_the_run_with_its_cause()
    {
        await FillAsync(3);
        await _rig.ChangeSiteAsync(Right);
        await _rig.TakeAllAsync();
        _rig.Log.Files.CapacityBytes = 0;
        _rig.Log.AppendUncommitted("t", "{}");
        while (_rig.Log.Log.State.Status == Spool.SpoolStatus.Running)
        {
            await Task.Yield();
        }

        RedecodeReport report = await _rig.RunAsync();
        Assert.StartsWith("cannot go on redecoding: the spool takes nothing, ", report.Error, StringComparison.Ordinal);
        _rig.Log.Files.CapacityBytes = long.MaxValue;
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_done_before_the_store_has_what_came_and_one_run_at_a_time()
    {
        await FillAsync(1); // nothing takes it yet
        using var stop = new CancellationTokenSource();
        var request = new RedecodeRequest { From = 0, To = long.MaxValue };
        Task<RedecodeReport> first = _rig.Redecoder.RunAsync(request, stop.Token);

        RedecodeReport second = await _rig.Redecoder.RunAsync(request, CancellationToken.None);

        Assert.True(second.IsRefused);
        Assert.StartsWith("cannot redecode: another run is under way", second.Error, StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(1, (await _rig.RunAsync()).Messages);
    }

    private Task FillAsync(int count, int padding = 0) => _rig.SendAllAsync(Enumerable.Range(1, count).Select(i =>
        padding == 0 ? $"{{\"I\":{i}}}" : $"{{\"I\":{i},\"pad\":\"{new string((char)('a' + (i % 26)), padding)}\"}}"));

    private static (long, long, long, long, long) Counts(RedecodeReport report) =>
        (report.Messages, report.Samples, report.Changed, report.Added, report.Unchanged);

    /// <summary>A site that takes the field I for a signal.</summary>
    private static SiteCatalogue Site(string signal, double scale, string unit = "") =>
        SmallMine.With(SmallMine.Route(decoder: "json") with
        {
            Bindings = [SmallMine.BindingOf("I", signal) with { Scale = scale, Unit = unit }],
        });
}
