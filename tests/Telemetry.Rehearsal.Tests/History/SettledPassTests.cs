using System.Globalization;
using Telemetry.Model;
using Telemetry.Store;
using static Telemetry.Rehearsal.Tests.StoredMine;

namespace Telemetry.Rehearsal.Tests;

/// <summary>Law L8: what comes late sounds nothing, and settled it is judged as if it had come in time.</summary>
public sealed class SettledPassTests
{
    private const long GapFrom = 11 * Hour;
    private const long GapTo = 15 * Hour;

    [Fact]
    public void Over_an_outage_the_settled_pass_finds_what_it_finds_without_one()
    {
        using var inTime = new StoredMine();
        using var behindGap = new StoredMine();
        for (int pump = 1; pump <= 5; pump++)
        {
            string asset = $"PU-{pump}";
            Func<long, double> pressure = PressureOf(seed: pump);
            inTime.AddMinutes(asset, 0, 2 * Day, pressure);
            behindGap.AddMinutes(asset, 0, 2 * Day, pressure, Held);
        }

        foreach (StoredMine mine in new[] { inTime, behindGap })
        {
            mine.AddMinutes("PU-9", 0, 2 * Day); // over another link: somebody listened
        }

        string expected = Settle(inTime, out RehearsalReport settled);
        Assert.Equal(expected, Settle(behindGap, out _));
        Assert.True(settled.Alarms.Findings.Total > 20, $"{settled.Alarms.Findings.Total} findings");
        Assert.Equal(0, settled.LateCount);
    }

    [Fact]
    public void What_began_and_ended_in_the_outage_is_learned_late_and_sounds_nothing()
    {
        using var mine = new StoredMine();
        mine.AddMinutes("PU-1", 0, Day, time => time is >= (12 * Hour) and < (13 * Hour) ? 85 : 50, Held);
        mine.AddMinutes("PU-2", 0, Day, time => time is >= (12 * Hour) and < (13 * Hour) ? 85 : 50);
        RehearsalReport live = mine.Rehearse(Day, Pumps);
        Settle(mine, out RehearsalReport settled, length: Day);

        ConditionSpan late = Assert.Single(ConditionSpans.LearnedLate(settled.Spans, live.Spans));
        Assert.Equal(
            new ConditionSpan("PU-1.pressure", ConditionKind.High, Start + (12 * Hour), Start + (13 * Hour)), late);
        Assert.Equal(
            [(ConditionKind.High, 1), (ConditionKind.Silence, 1)], // of PU-2; and the gap of PU-1
            live.Alarms.Kinds.Select(kind => (kind.Kind, kind.Alarms)).Order());
    }

    [Fact]
    public void What_was_under_way_for_longer_than_the_horizon_is_left_out_and_counted()
    {
        using var mine = new StoredMine();
        mine.AddMinutes("PU-1", 0, Hour, delayOf: time => time < 10 * Minute ? 4 * Day : 0);
        Settle(mine, out RehearsalReport settled, length: Hour);
        Assert.Equal((50, 10), (settled.SampleCount, settled.UnsettledCount));
    }

    private static SiteCatalogue Pumps { get; } =
        SiteOf(80, "test", "PU-1", "PU-2", "PU-3", "PU-4", "PU-5", "PU-9");

    private static long Held(long time) => time is >= GapFrom and < GapTo ? GapTo - time : 0;

    /// <summary>A pressure that wanders over its limit now and then.</summary>
    private static Func<long, double> PressureOf(int seed)
    {
        var random = new Random(seed);
        double[] values = new double[2 * 24 * 60];
        double value = 60;
        for (int i = 0; i < values.Length; i++)
        {
            value = Math.Clamp(value + (random.NextDouble() * 6) - 3, 20, 99);
            values[i] = value;
        }

        return time => values[time / Minute];
    }

    private static string Settle(StoredMine mine, out RehearsalReport report, long length = 2 * Day)
    {
        var rows = new StringWriter(CultureInfo.InvariantCulture);
        using StoreHistory history = mine.Open();
        RehearsalOptions options = Over(length) with { SettleHorizon = RehearsalOptions.SettleHorizonDefault };
        report = new HistoryRehearsal(history, Pumps, options, target: rows).Run();
        return rows.ToString();
    }
}
