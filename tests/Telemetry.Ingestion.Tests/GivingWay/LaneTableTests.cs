using Telemetry.Model;
using Telemetry.Mqtt;
using Telemetry.Spool;

namespace Telemetry.Ingestion.Tests;

/// <summary>Which messages belong to a lane, and which never give way.</summary>
public sealed class LaneTableTests
{
    private static readonly TrafficLane[] Lanes =
    [
        new("dam", ["+/dam/#"], [], WhenFull.Refuse),
        new("raw", ["raw/#", "plant/+/raw"], ["vib"], WhenFull.DropOldest),
        new("rest", ["#"], [], WhenFull.Thin, 1),
    ];

    [Theory]
    [InlineData("raw/1", "a", "raw")]
    [InlineData("plant/7/raw", "a", "raw")]
    [InlineData("plant/7/raw/x", "a", "rest")]
    [InlineData("raw/dam/1", "a", "")] // the first lane that holds it decides
    [InlineData("raw/dam/1", "vib", "")]
    [InlineData("other", "vib", "raw")]
    [InlineData("other", "a", "rest")]
    [InlineData("by/gw-9/topic", "a", "rest")]
    [InlineData("by/vib/topic", "a", "raw")] // the route names the gateway
    [InlineData("spBv1.0/G/NDATA/N", "vib", "")]
    public void A_message_is_of_the_first_lane_that_holds_its_topic_or_its_gateway(
        string topic, string client, string lane)
    {
        Assert.Equal(lane, LaneOf(TestLog.Record(RecordKind.Publish, topic, "m v=1", client, 0, 1)));
        Assert.Equal(lane, LaneOf(TestLog.Record(RecordKind.Publish, topic, "m v=1", client, 0, 1), again: true));
    }

    [Fact]
    public void A_write_over_HTTP_is_held_by_its_caller_and_not_by_the_name_of_its_database()
    {
        Assert.Equal("raw", LaneOf(TestLog.Record(RecordKind.HttpWrite, "db", "m v=1", "vib", 0, 1)));
        Assert.Equal("", LaneOf(TestLog.Record(RecordKind.HttpWrite, "raw/1", "m v=1", "a", 0, 1)));
    }

    [Fact]
    public void What_others_depend_on_stays()
    {
        var publish = new PublishView { Topic = "raw/1"u8, Payload = "m v=1"u8, Retain = true };
        var retained = new byte[SpoolRecord.Measure(MessageRecord.Measure(3, publish))];
        MessageRecord.Write(retained.AsSpan(SpoolRecord.HeaderBytes), "vib"u8, publish);
        SpoolRecord.Seal(retained, (byte)RecordKind.Publish, lane: 0, arrivalTime: 1);
        Assert.Equal("", LaneOf(retained));
        RecordKind[] others =
        [
            RecordKind.Tick, RecordKind.SessionEvent, RecordKind.OwnPublish, RecordKind.SiteChange, RecordKind.Retry,
        ];
        Assert.All(others, kind => Assert.Equal("", LaneOf(TestLog.Record(kind, "raw/1", "m v=1", "vib", 0, 1))));
        string endless = new('v', IngestionLimits.RememberedTopicBytesMax + 1);
        Assert.Equal("", LaneOf(TestLog.Record(RecordKind.Publish, "raw/1", "m v=1", endless, 0, 1)));
    }

    [Fact]
    public void Topics_without_end_are_not_remembered_without_end()
    {
        var table = new LaneTable(LaneRig.SiteWith(Lanes));
        for (int i = 0; i < IngestionLimits.LaneTopicsMax + 10; i++)
        {
            byte[] record = TestLog.Record(RecordKind.Publish, $"raw/{i}", "m v=1", "a", 0, 1);
            Assert.True(table.TryFind(new RecordView(0, record), out int lane, out _));
            Assert.Equal(1, lane);
        }

        Assert.InRange(table.RememberedCount, 1, IngestionLimits.LaneTopicsMax);
    }

    private static string LaneOf(byte[] record, bool again = false)
    {
        RouteDefinition byTopic = SmallMine.Route("by/+/topic") with { GatewayKey = "{2}" };
        RouteDefinition[] routes = [byTopic, SmallMine.Route("spBv1.0/#", "sparkplug"), SmallMine.Route()];
        var site = new SiteCatalogue("pilot", [], [], routes, []) { Lanes = Lanes };
        var table = new LaneTable(site);
        if (again)
        {
            table.TryFind(new RecordView(0, record), out _, out _);
        }

        bool givesWay = table.TryFind(new RecordView(0, record), out int lane, out ReadOnlySpan<byte> gateway);
        Assert.True(!givesWay || gateway.Length > 0);
        return givesWay ? table.Lanes[lane].Name : "";
    }
}
