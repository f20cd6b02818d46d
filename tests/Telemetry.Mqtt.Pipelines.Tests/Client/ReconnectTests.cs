using Telemetry.Testing;

namespace Telemetry.Mqtt.Pipelines.Client;

public sealed class ReconnectTests
{
    private const int Seed = 4_711;
    private static readonly double[] Ceilings = [1, 2, 4, 8, 16, 30, 30, 30];

    [Fact]
    public void Pauses_lie_between_nothing_and_a_ceiling_that_doubles_to_half_a_minute()
    {
        var random = new Random(Seed);
        double longest = 0;
        for (int run = 0; run < 200; run++)
        {
            var delay = new ReconnectDelay(random);
            foreach (double ceiling in Ceilings)
            {
                double seconds = delay.Next().TotalSeconds;
                Assert.InRange(seconds, 0, ceiling);
                longest = Math.Max(longest, seconds);
            }

            delay.Reset();
            Assert.InRange(delay.Next().TotalSeconds, 0, 1);
        }

        Assert.InRange(longest, 25, 30); // full jitter uses the whole range
    }

    [Fact]
    public void The_word_of_a_CONNACK_is_remembered()
    {
        var choice = new ProtocolChoice(BrokerProtocol.Auto);
        Assert.Equal(ProtocolLevel.V50, choice.Next);
        Assert.True(choice.OnUnsupported(ProtocolLevel.V50));
        Assert.Equal(ProtocolLevel.V311, choice.Next);
        choice.OnAccepted(ProtocolLevel.V311);
        Assert.Equal(ProtocolLevel.V311, choice.Next);
    }

    [Fact]
    public void A_close_makes_one_attempt_in_3_1_1_and_is_remembered_the_second_time()
    {
        var choice = new ProtocolChoice(BrokerProtocol.Auto);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(ProtocolLevel.V50, choice.Next);
            Assert.True(choice.OnClosed(ProtocolLevel.V50));
            Assert.Equal(ProtocolLevel.V311, choice.Next);
            choice.OnAccepted(ProtocolLevel.V311);
        }

        Assert.Equal(ProtocolLevel.V311, choice.Next);
    }

    [Fact]
    public void A_broker_that_closed_once_while_it_restarted_is_spoken_to_in_5_again()
    {
        var choice = new ProtocolChoice(BrokerProtocol.Auto);
        choice.OnClosed(ProtocolLevel.V50);
        Assert.False(choice.OnClosed(ProtocolLevel.V311));
        Assert.Equal(ProtocolLevel.V50, choice.Next);
    }

    [Theory]
    [InlineData(BrokerProtocol.V50, ProtocolLevel.V50)]
    [InlineData(BrokerProtocol.V311, ProtocolLevel.V311)]
    internal void A_level_that_was_asked_for_is_the_only_one(BrokerProtocol asked, ProtocolLevel level)
    {
        var choice = new ProtocolChoice(asked);
        Assert.False(choice.OnUnsupported(level));
        Assert.False(choice.OnClosed(level));
        Assert.Equal(level, choice.Next);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(30)]
    [InlineData(65_535)]
    public void Silence_is_noticed_before_one_and_a_half_times_the_keep_alive(int keepAliveSeconds)
    {
        var time = new ManualTime();
        var watch = new LinkWatch(time, (ushort)keepAliveSeconds);
        TimeSpan elapsed = TimeSpan.Zero;
        int pings = 0;
        LinkDuty duty;
        do
        {
            time.Advance(watch.LookEvery);
            elapsed += watch.LookEvery;
            duty = watch.Look(elapsed);
            pings += duty == LinkDuty.Ping ? 1 : 0;
        }
        while (duty != LinkDuty.GiveUp && elapsed.TotalSeconds < 100_000);

        Assert.Equal(keepAliveSeconds == 0 ? 0 : 1, pings);
        Assert.Equal(keepAliveSeconds == 0 ? LinkDuty.None : LinkDuty.GiveUp, duty);
        if (keepAliveSeconds > 0)
        {
            Assert.InRange(elapsed.TotalSeconds, keepAliveSeconds * 1.25, keepAliveSeconds * 1.5);
        }
    }

    [Fact]
    public void While_reading_is_paused_silence_is_not_counted_and_PINGREQ_goes_on()
    {
        var time = new ManualTime();
        var watch = new LinkWatch(time, keepAliveSeconds: 30);
        watch.OnPaused();
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(LinkDuty.Ping, watch.Look(TimeSpan.FromSeconds(23)));
        Assert.Equal(LinkDuty.Ping, watch.Look(TimeSpan.FromSeconds(23)));
        Assert.Equal(LinkDuty.None, watch.Look(TimeSpan.FromSeconds(1)));
        watch.OnResumed();
        Assert.Equal(LinkDuty.None, watch.Look(TimeSpan.FromSeconds(1)));
    }
}
