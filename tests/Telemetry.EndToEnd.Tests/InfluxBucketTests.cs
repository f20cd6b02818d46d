using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

/// <summary>A database that is not there yet.</summary>
public sealed class InfluxBucketTests : InfluxTests
{
    private protected override string[] Settings => ["Influx:Bucket=new \"one\"", "Influx:CreateBucket=true"];

    [Fact]
    public async Task It_is_created_when_that_is_allowed_and_the_points_arrive()
    {
        await Service.PublishAsync("any", "pump v=1 1");

        await Influx.ExpectAsync("SELECT count(v) FROM \"new \\\"one\\\"\"..pump", 1);
        await Service.ExpectMetricAsync("telemetry_influx_failures_total ", 1);
        JsonElement status = await Service.JsonAsync("/api/influx");
        Assert.Equal(JsonValueKind.Null, status.GetProperty("fault").ValueKind);
    }
}
