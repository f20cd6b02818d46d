namespace Telemetry.Mqtt.Pipelines;

public sealed class SessionTableTests
{
    [Fact]
    public void The_end_of_a_session_that_was_replaced_leaves_its_successor_alone()
    {
        var table = new SessionTable(new SubscriptionTable(), new MqttServerOptions(), new MqttMetrics());
        LiveSession first = table.FindOrBegin("gateway")!;
        table.End(first);
        LiveSession second = table.FindOrBegin("gateway")!;
        table.End(first);
        Assert.Same(second, table.Find("gateway"));
    }
}
