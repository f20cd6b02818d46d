using Telemetry.Testing;

namespace Telemetry.Mqtt.Pipelines.Connections;

public sealed class RatePacerTests
{
    [Fact]
    public void A_seconds_worth_may_come_at_once_and_one_more_has_to_wait_its_share()
    {
        var time = new ManualTime();
        var pacer = new RatePacer(100, time);
        Assert.Equal(TimeSpan.Zero, pacer.Take(100));
        Assert.Equal(TimeSpan.FromMilliseconds(10), pacer.Take(1));
        time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(TimeSpan.FromMilliseconds(10), pacer.Take(1));
    }

    [Fact]
    public void Over_a_long_time_the_rate_is_held_and_a_rest_gives_a_second_no_more()
    {
        var time = new ManualTime();
        var pacer = new RatePacer(100, time);
        time.Advance(TimeSpan.FromSeconds(60));
        long sent = 0;
        DateTimeOffset end = time.GetUtcNow().AddSeconds(10);
        while (time.GetUtcNow() < end)
        {
            sent += 7;
            time.Advance(pacer.Take(7));
        }

        Assert.InRange(sent, 1_000, 1_300); // ten seconds, the bucket, and what a rest before refilled
    }

    [Fact]
    public void Without_a_ceiling_nothing_waits() =>
        Assert.Equal(TimeSpan.Zero, new RatePacer(0, new ManualTime()).Take(long.MaxValue));

    [Theory]
    [InlineData(3, 0)] // the ceiling
    [InlineData(4, 1)]
    public async Task Above_its_rate_a_connection_is_read_later_and_loses_nothing(int messages, int pauses)
    {
        using var server = new TestServer(options => options.MessagesPerSecondMax = 3);
        server.Intake.CommitsAtOnce = true;
        Peer peer = await server.ConnectAsync(ProtocolLevel.V311, "gateway");
        byte[][] sent = [.. Enumerable.Range(1, messages).Select(i => peer.Publish("a", $"{i}", i))];
        await peer.SendAsync(sent);
        await peer.ExpectAsync([.. Enumerable.Range(1, messages).Select(i => $"4002{i:X4}")]);
        await PublishTests.Eventually(() => server.Metrics.PacedReads == pauses);
        await peer.SendAsync([0xC0, 0x00]);
        Task<string> answer = peer.ReadAsync();
        await PublishTests.Eventually(() =>
        {
            server.Time.Advance(pauses * TimeSpan.FromMilliseconds(100));
            return answer.IsCompleted;
        });
        Assert.Equal("D000", await answer);
        Assert.Equal(messages, server.Intake.Seen().Length);
        await peer.CloseAsync();
    }
}
