using System.Buffers;
using System.Globalization;
using Telemetry.Model;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

public sealed class ClockDecodingTests : IDisposable
{
    private const long Second = 1_000_000_000;
    private readonly TestLog _log = new() { Arrival = ClockScenario.Start };
    private readonly SeriesCatalogue _catalogue = new();
    private GatewayRegistry _gateways = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Who_decodes_a_record_at_the_tail_behind_it_or_after_a_restart_sees_the_same_correction()
    {
        DecodedLog tail = Open();
        var atTail = new List<string>();
        var marks = new List<(long Offset, int Lines)>();
        long position = 0;
        for (int i = 0; i < 40; i++)
        {
            marks.Add((position, atTail.Count));
            await SendAsync(skewSeconds: i < 20 ? -50 : 700);
            await _log.TickAsync();
            position = Read(tail, position, atTail);
            if (i == 13)
            {
                tail.Complete(); // a state is kept here
            }
        }

        Assert.Contains(atTail, line => line.EndsWith(" 50", StringComparison.Ordinal));
        Assert.Contains(atTail, line => line.EndsWith(" -700", StringComparison.Ordinal));
        var behind = new List<string>();
        Read(tail, 0, behind);
        Assert.Equal(atTail, behind);

        _log.Reopen();
        DecodedLog later = Open();
        foreach ((long offset, int lines) in marks)
        {
            var anew = new List<string>();
            Read(later, offset, anew);
            Assert.Equal(atTail[lines..], anew);
        }
    }

    [Theory]
    [InlineData(true, PointFlags.None)]
    [InlineData(false, PointFlags.Late)]
    public async Task Late_is_judged_on_the_corrected_time_unless_correction_is_off(bool correct, PointFlags expected)
    {
        PointEntry last = await LastOfAsync(new ClockPolicy { Correct = correct }, skewSeconds: -600);
        Assert.Equal((expected, correct ? 600.0 : 0.0), (last.Flags, Math.Round(last.Correction.Nanoseconds / 1e9)));
        Assert.True(last.Correction.Uncertainty > (correct ? 2 : 600) * Second);
    }

    [Fact]
    public async Task A_known_delay_is_not_taken_for_a_slow_clock()
    {
        var policy = new ClockPolicy { DelayNanoseconds = 600 * Second };
        PointEntry last = await LastOfAsync(policy, skewSeconds: -600);
        Assert.Equal(0, last.Correction.Nanoseconds);
    }

    [Theory]
    [InlineData(TimeSource.Arrival, 0, 0)]
    [InlineData(TimeSource.Relative, 0, -7)]
    public async Task A_policy_may_date_samples_by_arrival(TimeSource source, double newest, double older)
    {
        PointEntry[] points = await PointsOfAsync(new ClockPolicy { Times = source }, skewSeconds: 5_000);
        long arrival = _log.Arrival - 1;
        Assert.Equal(
            [newest, older],
            points[^2..].Select(point => Math.Round((point.Time - arrival) / 1e9)));
        Assert.All(points[^2..], point => Assert.NotEqual(0, point.Correction.Nanoseconds));
    }

    [Fact]
    public async Task Devices_with_clocks_of_their_own_behind_one_gateway_do_not_move_the_others()
    {
        DecodedLog log = Open();
        for (int i = 0; i < 30; i++)
        {
            long arrival = _log.Arrival += 10 * Second;
            long ahead = arrival + (3_600 * Second);
            await _log.AppendAsync("mine/1", $"m v=1 {arrival - 1}\nm w=1 {arrival - 2}\nd v=1 {ahead}");
        }

        PointEntry[] points = PointsOf(log);
        Assert.All(points, point => Assert.Equal(0, point.Correction.Nanoseconds));
    }

    [Fact]
    public async Task Lines_over_HTTP_import_history_and_are_never_corrected()
    {
        DecodedLog log = Open();
        for (int i = 0; i < 30; i++)
        {
            _log.Arrival += 10 * Second;
            string lines = $"h v=1 {_log.Arrival - (600 * Second)}\nh v=2 {i * Second}";
            await _log.AppendAsync("", lines, "http", RecordKind.HttpWrite);
        }

        Assert.All(PointsOf(log), point => Assert.Equal(default, point.Correction));
        Assert.Null(Assert.Single(_gateways.All).Clock);
    }

    [Fact]
    public void Giving_times_to_a_record_allocates_nothing()
    {
        var batch = new PointBatch();
        var watched = new WatchedClock(ClockPolicy.Default);
        long arrival = ClockScenario.Start;
        Assert.Equal(0, Allocation.Measure(() =>
        {
            arrival += 10 * Second;
            batch.Reset();
            batch.AddRecord(0, arrival, 0);
            batch.AddPoint(0, arrival - (600 * Second), PointFlags.None);
            batch.AddPoint(0, arrival - (601 * Second), PointFlags.None);
            RecordTiming.Apply(batch, watched, isStale: false, lateBefore: arrival - (300 * Second));
        }));
        Assert.Equal(ClockState.Corrected, watched.Clock.State);
    }

    [Theory]
    [InlineData("2026-01-10 08:30:00", 8)]
    [InlineData("2026-01-10T00:30:00Z", 8)] // says its zone itself
    [InlineData("2026-01-09 16:30:00", -8)]
    public async Task A_local_time_is_read_in_the_zone_of_its_gateway(string text, int hours)
    {
        DecodedLog log = Open(new ClockPolicy { Zone = new LocalZone("here", hours * 3_600) }, "json");
        await _log.AppendAsync("mine/1", $$"""{"time":"{{text}}","v":1}""");
        PointEntry point = Assert.Single(PointsOf(log));
        Assert.Equal(
            DateTimeOffset.Parse("2026-01-10T00:30:00Z", CultureInfo.InvariantCulture),
            Timestamp.ToDateTimeOffset(point.Time));
    }

    [Fact]
    public async Task The_status_of_a_gateway_shows_its_clock()
    {
        await LastOfAsync(new ClockPolicy(), skewSeconds: -600);
        ClockView clock = Assert.Single(_gateways.All).Clock!;
        Assert.Equal(("corrected", true), (clock.State, clock.IsCorrected));
        Assert.Equal(-600, clock.SkewSeconds!.Value, tolerance: 0.1);
        Assert.Null(clock.DriftSecondsPerDay);
        Assert.InRange(clock.UncertaintySeconds!.Value, 2, 3);
    }

    [Fact]
    public void What_is_saved_is_restored_and_saved_the_same()
    {
        var clocks = new GatewayClocks();
        for (int i = 0; i < 500; i++)
        {
            long arrival = ClockScenario.Start + (i * 60 * Second);
            clocks.Of("a"u8)!.Clock.Observe(arrival - (40 * Second), arrival);
            clocks.Of("b"u8)!.Clock.Observe(i * 60 * Second, arrival);
        }

        byte[] saved = Saved(clocks);
        var restored = new GatewayClocks();
        Assert.True(restored.TryRestore(saved));
        Assert.Equal(saved, Saved(restored));
        Assert.Equal(-40, restored.Of("a"u8)!.Clock.Skew / 1e9, tolerance: 1);
        for (int length = 0; length < saved.Length; length++)
        {
            Assert.True(!restored.TryRestore(saved.AsSpan(0, length)) || IsWhole(saved, length), $"cut at {length}");
        }
    }

    [Fact]
    public void Beyond_the_ceiling_gateways_have_no_clock_and_known_ones_keep_theirs()
    {
        var clocks = new GatewayClocks();
        for (int i = 0; i < GatewayClocks.CountMax; i++)
        {
            Assert.NotNull(clocks.Of(SmallMine.Bytes($"g{i}")));
        }

        Assert.Null(clocks.Of("one more"u8));
        Assert.NotNull(clocks.Of("g0"u8));
        Assert.Null(new GatewayClocks().Of(new byte[GatewayClocks.KeyBytesMax + 1]));
    }

    /// <summary>A cut between two gateways is a whole state of fewer.</summary>
    private static bool IsWhole(byte[] saved, int length)
    {
        var clocks = new GatewayClocks();
        ReadOnlySpan<byte> cut = saved.AsSpan(0, length);
        return clocks.TryRestore(cut) && cut.SequenceEqual(Saved(clocks));
    }

    private static byte[] Saved(GatewayClocks clocks)
    {
        var target = new ArrayBufferWriter<byte>();
        clocks.Save(target);
        return target.WrittenSpan.ToArray();
    }

    private async Task<PointEntry> LastOfAsync(ClockPolicy policy, double skewSeconds) =>
        (await PointsOfAsync(policy, skewSeconds))[^2];

    private async Task<PointEntry[]> PointsOfAsync(ClockPolicy policy, double skewSeconds)
    {
        DecodedLog log = Open(policy);
        for (int i = 0; i < 30; i++)
        {
            await SendAsync(skewSeconds);
        }

        return PointsOf(log);
    }

    /// <summary>One record each ten seconds: a point of now and one of seven seconds ago.</summary>
    private async Task SendAsync(double skewSeconds)
    {
        _log.Arrival += 10 * Second;
        long told = _log.Arrival - (Second / 20) + (long)(skewSeconds * 1e9);
        await _log.AppendAsync("mine/1", $"m v=1 {told}\nm w=1 {told - (7 * Second)}");
    }

    private PointEntry[] PointsOf(DecodedLog log)
    {
        using BatchLease lease = log.TryNext(0, log.OpenLagging())!;
        return lease.Batch.Points.ToArray();
    }

    private long Read(DecodedLog log, long from, List<string> lines)
    {
        LaggingDecoder lagging = log.OpenLagging();
        while (log.TryNext(from, lagging) is { } lease)
        {
            foreach (PointEntry point in lease.Batch.Points)
            {
                double seconds = Math.Round(point.Correction.Nanoseconds / 1e9);
                lines.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{point.Time} {point.Flags} {point.Correction.Uncertainty} {seconds}"));
            }

            from = lease.Batch.EndOffset;
            lease.Dispose();
        }

        return from;
    }

    private DecodedLog Open(ClockPolicy? policy = null, string decoder = "line-protocol")
    {
        SiteCatalogue site = SmallMine.With(SmallMine.Route("mine/#", decoder));
        site = new SiteCatalogue(
            site.Site,
            site.Assets,
            [new Gateway("gw-1", new DisplayName("one"), "", "", policy)],
            site.Routes,
            site.Signals);
        var context = new DecodingContext(site, _catalogue, new UnboundNames(), 300 * Second);
        _gateways = context.Gateways;
        return new DecodedLog(
            _log.Log, context, new IngestionMetrics(), new RefusedNames(), _log.OpenSnapshots(), TimeProvider.System);
    }
}
