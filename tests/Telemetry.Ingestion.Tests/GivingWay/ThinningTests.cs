using Telemetry.Model;

namespace Telemetry.Ingestion.Tests;

/// <summary>A lane that is thinned keeps what a person would see in a chart of it.</summary>
public sealed class ThinningTests
{
    private const long Second = Timestamp.NanosecondsPerSecond;
    private const long Start = 1_800_000_000 * Second;
    private static readonly TrafficLane Fast = new("fast", ["fast/#"], [], WhenFull.Thin, 10 * Second);

    [Fact(Timeout = 60_000)]
    public async Task Of_each_field_and_interval_the_extremes_and_both_ends_stay()
    {
        using var rig = new LaneRig(Fast);
        var values = new Random(7);
        rig.PayloadOf = i =>
        {
            // Two fields; a tenth of a second between messages, some of which come in another order.
            long time = Start + ((i ^ 3) * Second / 10);
            return $"m v={values.Next(100_000)},w={values.NextDouble():F6} {time}";
        };
        await rig.FillAsync(8_000, ("fast/1", "vib", 3_000));

        string[] sent = [.. rig.Acknowledged("fast/1")];
        (List<(string Topic, string Payload)> whole, int dropped) = rig.ReadLog();
        string[] left = [.. whole.Select(message => message.Payload)];
        Assert.Equal(sent.Length, left.Length + dropped);
        Assert.Equal(dropped, Assert.Single(rig.Relief.Lanes).DroppedMessages);
        Assert.True(dropped > sent.Length / 2, $"{dropped} of {sent.Length} went");
        Assert.Equal(Extremes(sent), Extremes(left));

        await rig.StoreAsync();
        LedgerRow row = (await rig.ReadLedgerAsync())["vib"];
        Assert.Equal((sent.Length, dropped), (row.Received, row.Counts.Dropped));
        Assert.Equal(0, rig.Off);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_cannot_be_judged_by_numbers_stays()
    {
        using var rig = new LaneRig(Fast);
        rig.PayloadOf = i => (i % 4) switch
        {
            0 => "broken " + i,
            1 => $"m text=\"said\",v=5 {Start + i}",
            2 => $"status up {i}",
            _ => $"m v=5 {Start + i}",
        };
        await rig.FillAsync(3_000, ("fast/1", "vib", 3_000));

        (List<(string Topic, string Payload)> whole, int dropped) = rig.ReadLog();
        Assert.True(dropped > 300);
        Assert.All(Enumerable.Range(0, 3), kind => Assert.Equal(
            rig.Acknowledged("fast/1").Count(payload => KindOf(payload) == kind),
            whole.Count(message => KindOf(message.Payload) == kind)));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_truth_value_keeps_both_of_its_states()
    {
        using var rig = new LaneRig(Fast);
        rig.PayloadOf = i => $"m on={(i % 100 == 50 ? "true" : "false")} {Start + (i * Second / 10)}";
        await rig.FillAsync(4_000, ("fast/1", "vib", 3_000));

        (List<(string Topic, string Payload)> whole, int dropped) = rig.ReadLog();
        Assert.True(dropped > 1_000);
        Assert.Equal(
            rig.Acknowledged("fast/1").Count(payload => payload.Contains("true", StringComparison.Ordinal)),
            whole.Count(message => message.Payload.Contains("true", StringComparison.Ordinal)));
    }

    private static int KindOf(string payload) =>
        payload.StartsWith("broken", StringComparison.Ordinal) ? 0
        : payload.StartsWith("m text", StringComparison.Ordinal) ? 1
        : payload.StartsWith("status", StringComparison.Ordinal) ? 2
        : 3;

    /// <summary>By field and interval: the least and the greatest value, the first and the last time.</summary>
    private static Dictionary<(string, long), (double, double, long, long)> Extremes(string[] payloads)
    {
        var found = new Dictionary<(string, long), (double Least, double Greatest, long First, long Last)>();
        foreach (string payload in payloads)
        {
            string[] parts = payload[..payload.IndexOf('\n', StringComparison.Ordinal)].Split(' ', ',', '=');
            long time = long.Parse(parts[^1]);
            foreach ((string field, string text) in new[] { (parts[1], parts[2]), (parts[3], parts[4]) })
            {
                double value = double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
                (string, long) key = (field, time / (10 * Second));
                found[key] = found.TryGetValue(key, out var known)
                    ? (Math.Min(known.Least, value), Math.Max(known.Greatest, value),
                        Math.Min(known.First, time), Math.Max(known.Last, time))
                    : (value, value, time, time);
            }
        }

        return found;
    }
}
