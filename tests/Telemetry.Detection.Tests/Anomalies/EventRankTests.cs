namespace Telemetry.Detection.Tests;

public sealed class EventRankTests
{
    private const int Gap = 10;

    /// <summary>The same by a list of events, each of which fades by itself.</summary>
    private sealed class SlowRank(double fade)
    {
        private readonly List<(int Row, double Size)> _events = [];

        public double Observe(int row, double size)
        {
            for (int i = 0; i < _events.Count; i++)
            {
                _events[i] = (_events[i].Row, _events[i].Size * (1 - fade));
            }

            double[] largest = [.. _events.Select(one => one.Size).OrderDescending()];
            double surprise = EventRank.Usual;
            if (largest.Length >= 3 && size > largest[^1])
            {
                int leftOut = Math.Min(6, largest.Length - 3); // Rényi's spacings of the others
                double sum = Enumerable.Range(leftOut, largest.Length - 1 - leftOut)
                    .Sum(i => (i + 1) * Math.Log(largest[i] / largest[i + 1]));
                double width = (sum + 0.5) / (largest.Length - leftOut);
                surprise = (Math.Log(size / largest[^1]) / width / Math.Log(10)) - Math.Log10(largest.Length);
                surprise = Math.Clamp(surprise, EventRank.Usual, EventRank.SurpriseMax);
            }

            int open = _events.FindLastIndex(one => row - one.Row <= Gap);
            if (open >= 0 && size > _events[open].Size)
            {
                _events.RemoveAt(open);
                _events.Add((row, size));
            }
            else if (open < 0 && (_events.Count < EventRank.PeakCountMax || size > largest[^1]))
            {
                if (_events.Count == EventRank.PeakCountMax)
                {
                    _events.Remove(_events.MinBy(one => one.Size));
                }

                _events.Add((row, size));
            }

            return surprise;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-5)]
    [InlineData(0.01)]
    public void It_agrees_with_a_slow_list(double fade)
    {
        var random = new Random(1);
        var rank = default(EventRank);
        var slow = new SlowRank(fade);
        for (int row = 0; row < 20_000; row++)
        {
            double size = Math.Exp(3 * random.NextDouble());
            Assert.Equal(slow.Observe(row, size), rank.Observe(row, size, Gap, fade), 1e-3);
        }
    }

    [Fact]
    public void A_value_as_large_as_the_smallest_of_sixteen_events_was_seen_sixteen_times()
    {
        var rank = default(EventRank);
        for (int i = 1; i <= 100; i++)
        {
            rank.Observe(i * 100, i, Gap, fade: 0);
        }

        Assert.Equal(-Math.Log10(EventRank.PeakCountMax), rank.Observe(20_000, 85.0001, Gap, fade: 0), 0.01);
        Assert.InRange(rank.Observe(30_000, 1_000, Gap, fade: 0), 1, EventRank.SurpriseMax);
        Assert.Equal(EventRank.Usual, rank.Observe(40_000, 50, Gap, fade: 0));
        Assert.Equal(EventRank.Usual, rank.Observe(50_000, 0, Gap, fade: 0));
    }

    [Fact]
    public void Large_values_close_together_are_one_event()
    {
        var rank = default(EventRank);
        for (int row = 0; row < 30_000; row++)
        {
            rank.Observe(row, row % 1_000 < 5 ? 10 : 1, Gap, fade: 0);
        }

        Assert.InRange(rank.Observe(40_000, 10.1, Gap, fade: 0), -Math.Log10(16), -Math.Log10(10));
    }
}
