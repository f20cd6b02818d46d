using System.Text;

namespace Telemetry.Mqtt.Tests.Topics;

public sealed class TopicFilterTests
{
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("a", "a/b", false)]
    [InlineData("a/b", "a", false)]
    [InlineData("a", "A", false)]              // §4.7.3: case matters
    [InlineData("/a", "a", false)]             // §4.7.3: a leading separator makes another name
    [InlineData("a/", "a", false)]
    [InlineData("#", "a", true)]
    [InlineData("#", "/", true)]
    [InlineData("a/#", "a", true)]             // §4.7.1.2: the parent too
    [InlineData("a/#", "a/", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "ab", false)]
    [InlineData("a/b/#", "a", false)]
    [InlineData("+", "a", true)]
    [InlineData("+", "/a", false)]
    [InlineData("+/+", "/a", true)]
    [InlineData("/+", "/a", true)]
    [InlineData("a/+", "a", false)]            // §4.7.1.3: one level, no less
    [InlineData("a/+", "a/", true)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("a/+/c", "a/b/c", true)]
    [InlineData("a/+/#", "a/b", true)]
    [InlineData("a/+/#", "a", false)]
    [InlineData("#", "$SYS/a", false)]         // [MQTT-4.7.2-1]
    [InlineData("+/a", "$SYS/a", false)]       // [MQTT-4.7.2-1]
    [InlineData("$SYS/#", "$SYS/a", true)]
    [InlineData("$SYS/+", "$SYS/a", true)]
    [InlineData("a/#", "a/$b", true)]
    [InlineData("датчик/+", "датчик/темп", true)]
    public void A_filter_matches_and_the_tree_agrees(string filter, string topic, bool expected)
    {
        byte[] filterBytes = Encoding.UTF8.GetBytes(filter);
        byte[] topicBytes = Encoding.UTF8.GetBytes(topic);
        var tree = new SubscriptionTree<int>();
        tree.Add(filterBytes, 1);
        var matches = new List<int>();
        tree.Match(topicBytes, matches);

        Assert.Equal(expected, TopicFilter.Matches(filterBytes, topicBytes));
        Assert.Equal(expected, matches.Count == 1);
    }

    [Theory]
    [InlineData("a", true, true)]
    [InlineData("/", true, true)]
    [InlineData("a//b", true, true)]
    [InlineData("a b", true, true)]
    [InlineData("$SYS", true, true)]
    [InlineData("", false, false)]             // [MQTT-4.7.3-1]
    [InlineData("a\0b", false, false)]         // [MQTT-4.7.3-2]
    [InlineData("#", false, true)]
    [InlineData("+", false, true)]
    [InlineData("a/+/b/#", false, true)]
    [InlineData("a#", false, false)]           // [MQTT-4.7.1-1]
    [InlineData("a/#/b", false, false)]        // [MQTT-4.7.1-1]
    [InlineData("##", false, false)]
    [InlineData("a+", false, false)]           // [MQTT-4.7.1-2]
    [InlineData("+a/b", false, false)]
    [InlineData("++", false, false)]
    public void Names_and_filters_have_their_rules(string text, bool isName, bool isFilter)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);

        Assert.Equal((isName, isFilter), (TopicName.IsValid(bytes), TopicFilter.IsValid(bytes)));
    }

    [Fact]
    public void The_ceilings_hold_for_names_and_filters()
    {
        byte[] longest = Enumerable.Repeat((byte)'a', TopicName.BytesMax).ToArray();
        byte[] deepest = Enumerable.Repeat((byte)'/', TopicName.LevelCountMax - 1).ToArray();

        Assert.True(TopicName.IsValid(longest) && TopicFilter.IsValid(longest));
        Assert.True(TopicName.IsValid(deepest) && TopicFilter.IsValid(deepest));
        Assert.False(TopicName.IsValid([.. longest, (byte)'a']) || TopicFilter.IsValid([.. longest, (byte)'a']));
        Assert.False(TopicName.IsValid([.. deepest, (byte)'/']) || TopicFilter.IsValid([.. deepest, (byte)'/']));
    }

    [Theory]
    [InlineData("$share/g/a/+", "g", "a/+")]
    [InlineData("$share/g//", "g", "/")]
    [InlineData("$share/g/a", "g", "a")]
    [InlineData("$share/g", null, null)]       // [MQTT-4.8.2-2]
    [InlineData("$share/g/", null, null)]
    [InlineData("$share//a", null, null)]      // [MQTT-4.8.2-1]
    [InlineData("$share/g+/a", null, null)]
    [InlineData("$share/g/a#", null, null)]
    [InlineData("$shared/g/a", null, null)]
    [InlineData("a/b/c", null, null)]
    public void A_shared_subscription_is_taken_apart(string text, string? group, string? filter)
    {
        bool isShared = TopicFilter.TryParseShared(
            Encoding.UTF8.GetBytes(text), out ReadOnlySpan<byte> groupBytes, out ReadOnlySpan<byte> filterBytes);

        Assert.Equal(group is not null, isShared);
        Assert.Equal(group ?? "", Encoding.UTF8.GetString(groupBytes));
        Assert.Equal(filter ?? "", Encoding.UTF8.GetString(filterBytes));
    }
}
