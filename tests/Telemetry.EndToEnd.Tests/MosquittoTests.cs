namespace Telemetry.EndToEnd.Tests;

public sealed class MosquittoTests : ServiceTests
{
    [Theory]
    [InlineData("mqttv311", "0")]
    [InlineData("mqttv311", "1")]
    [InlineData("mqttv5", "0")]
    [InlineData("mqttv5", "1")]
    public async Task A_published_line_and_a_published_object_are_found_by_query(string version, string qos)
    {
        string[] dialect = ["-V", version, "-q", qos];
        await Service.PublishAsync("any/topic", "crusher,asset=CR-201 temp=61.5 1700000000000000000", dialect);
        await Service.PublishAsync("mill/ML-301", """{"power": 312.25, "running": true}""", dialect);

        await Service.ExpectAsync("SELECT temp FROM crusher WHERE asset = 'CR-201'", 61.5);
        await Service.ExpectAsync("SELECT power FROM mill", 312.25);
        await Service.ExpectAsync("SELECT count(running) FROM mill", 1);
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task A_subscriber_is_given_what_others_publish(string version)
    {
        await using ToolRun subscriber =
            await Service.SubscribeAsync("-V", version, "-q", "1", "-t", "mine/+/temp", "-C", "2");

        await Service.PublishAsync("mine/a/temp", "m v=1", "-V", "mqttv311");
        await Service.PublishAsync("mine/a/other", "m v=2");
        await Service.PublishAsync("mine/b/temp", "m v=3", "-V", "mqttv5");

        Assert.Equal(0, await subscriber.WaitAsync());
        Assert.Contains("mine/a/temp m v=1", subscriber.Output, StringComparison.Ordinal);
        Assert.Contains("mine/b/temp m v=3", subscriber.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("mine/a/other m", subscriber.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newcomer_is_given_the_retained_message_and_an_empty_one_clears_it()
    {
        await Service.PublishAsync("state/pump", "m v=1", "--retain");
        await Service.PublishAsync("state/pump", "m v=2", "--retain");
        await using ToolRun newcomer = await Service.SubscribeAsync("-t", "state/#", "-C", "1");

        Assert.Equal(0, await newcomer.WaitAsync());
        Assert.Contains("state/pump m v=2", newcomer.Output, StringComparison.Ordinal);

        await ToolRun.RunAsync("mosquitto_pub", "-p", $"{Service.MqttPort}", "-q", "1", "-t", "state/pump", "-r", "-n");
        await using ToolRun later = await Service.SubscribeAsync("-t", "state/#", "-C", "1");
        await Service.PublishAsync("state/fan", "m v=3");

        Assert.Equal(0, await later.WaitAsync());
        Assert.DoesNotContain("state/pump m", later.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_connection_of_the_same_client_takes_the_first_one_over()
    {
        await using ToolRun first = await Service.SubscribeAsync("-V", "mqttv5", "-i", "twin", "-t", "x/#");
        await using ToolRun second =
            await Service.SubscribeAsync("-V", "mqttv5", "-i", "twin", "-t", "x/#", "-C", "1");

        await Until.Async(
            "a take-over is counted",
            () => Service.MetricAsync("telemetry_mqtt_take_overs_total "),
            count => count >= 1);
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task What_waits_for_a_client_that_is_away_outlives_a_kill(string version)
    {
        string[] session = version == "mqttv5" ? ["-x", "3600"] : [];
        string[] away = ["-V", version, "-i", "console", "-c", "-q", "2", "-t", "mine/#", .. session];
        await using (ToolRun here = await Service.SubscribeAsync(away))
        {
            await here.TerminateAsync();
            await here.WaitAsync();
        }

        await Service.PublishAsync("mine/a", "m v=1", "-q", "1");
        await Service.PublishAsync("mine/b", "m v=2", "-q", "2", "-r");
        await RestartAfterKillAsync();

        await using ToolRun back = ToolRun.Start(
            "mosquitto_sub", ["-p", $"{Service.MqttPort}", "-v", "-C", "2", "-W", "10", .. away]);
        Assert.Equal(0, await back.WaitAsync());
        Assert.Contains("mine/a m v=1", back.Output, StringComparison.Ordinal);
        Assert.Contains("mine/b m v=2", back.Output, StringComparison.Ordinal);
        await Service.ExpectAsync("SELECT count(v) FROM m", 2);

        await using ToolRun newcomer = await Service.SubscribeAsync("-t", "mine/#", "-C", "1", "-W", "10");
        Assert.Equal(0, await newcomer.WaitAsync());
        Assert.Contains("mine/b m v=2", newcomer.Output, StringComparison.Ordinal);
    }
}
