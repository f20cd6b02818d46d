namespace Telemetry.Detection.Tests;

public sealed class SignalGroupTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Its_count_is_that_of_signals_unusual_in_the_last_ten_minutes(int seed)
    {
        var random = new Random(seed);
        var group = new SignalGroup("GW-1");
        long[] last = new long[20];
        for (int i = 0; i < last.Length; i++)
        {
            group.Join(last[i]);
        }

        long minute = 1;
        for (int step = 0; step < 2_000; step++)
        {
            minute += random.Next(8) == 0 ? random.Next(30) : random.Next(2);
            int signal = random.Next(last.Length);
            group.MoveUnusual(last[signal], minute);
            last[signal] = minute;
            int left = random.Next(last.Length);
            group.Leave(last[left]);
            last[left] = random.Next(4) == 0 ? 0 : last[left];
            group.Join(last[left]);
            Assert.Equal(last.Count(one => one > 0 && one > minute - 10), group.UnusualCountAt(minute));
        }

        Assert.Equal(last.Length, group.WatchedCount);
        Assert.Equal(0, group.UnusualCountAt(minute + 10));
    }
}
