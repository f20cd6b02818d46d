using Telemetry.Mqtt;

namespace Telemetry.Ingestion.Tests;

public sealed class SparkplugStateTests
{
    [Fact]
    public void Its_payload_is_JSON_with_online_and_the_time_in_milliseconds()
    {
        var presence = new SparkplugPresence("mine");
        DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
        Assert.Equal("""{"online":true,"timestamp":1700000000123}""", SmallMine.Text(presence.Online(at)));
        Assert.Equal("""{"online":false,"timestamp":1700000000123}""", SmallMine.Text(presence.Offline(at)));
    }

    [Fact]
    public void Its_topic_is_the_hosts_and_its_filters_take_nothing_twice()
    {
        var presence = new SparkplugPresence("mine");
        Assert.Equal("spBv1.0/STATE/mine", presence.Topic);
        string[] topics =
        [
            "spBv1.0/STATE/mine", "spBv1.0/G/NBIRTH/N", "spBv1.0/G/NDATA/N", "spBv1.0/G/NDEATH/N",
            "spBv1.0/G/DBIRTH/N/D", "spBv1.0/G/DDATA/N/D", "spBv1.0/G/DDEATH/N/D",
        ];
        Assert.All(topics, topic => Assert.Equal(1, SparkplugPresence.FiltersOf("mine").Count(filter =>
            TopicFilter.Matches(SmallMine.Bytes(filter), SmallMine.Bytes(topic)))));
    }

    [Theory]
    [InlineData("""{"online":false,"timestamp":1}""", true)]
    [InlineData("""{ "timestamp": 1, "online": false }""", true)]
    [InlineData("""{"online":true,"timestamp":1}""", false)]
    [InlineData("""{"online":"false"}""", false)]
    [InlineData("[false]", false)]
    [InlineData("OFFLINE", false)]
    [InlineData("", false)]
    [InlineData("{\"online\":false", false)]
    public void Only_a_whole_object_says_that_a_host_is_away(string payload, bool isOffline) =>
        Assert.Equal(isOffline, new SparkplugPresence("mine").IsOffline(SmallMine.Bytes(payload)));
}
