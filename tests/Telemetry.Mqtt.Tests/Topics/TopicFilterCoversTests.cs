using System.Text;

namespace Telemetry.Mqtt.Tests.Topics;

public sealed class TopicFilterCoversTests
{
    private static readonly string[] Levels = ["a", "b", "", "$s"];

    [Theory]
    [InlineData("a/#", "a/b", true)]
    [InlineData("a/#", "a", true)]              // §4.7.1.2: the parent too
    [InlineData("a/#", "a/+/c/#", true)]
    [InlineData("a/#", "#", false)]
    [InlineData("a/#", "+/b", false)]
    [InlineData("a/+", "a/#", false)]
    [InlineData("a/+", "a/+", true)]
    [InlineData("a/b", "a/+", false)]
    [InlineData("a/+/#", "a/#", false)]         // "a/#" matches "a"
    [InlineData("+/#", "#", true)]
    [InlineData("#", "$SYS/#", false)]          // [MQTT-4.7.2-1]
    [InlineData("+/x", "$SYS/x", false)]
    [InlineData("$SYS/#", "$SYS/a", true)]
    [InlineData("+", "#", false)]
    [InlineData("a", "a/#", false)]
    public void A_pattern_covers_a_filter_or_not(string pattern, string filter, bool expected) =>
        Assert.Equal(expected, Covers(pattern, filter));

    [Fact]
    public void It_agrees_with_trying_every_name_of_a_small_world()
    {
        // The empty name is none, but keeps "/#", which matches its parent, a filter like all others.
        string[] names = [.. Words(Levels, 4)];
        string[] filters = [.. Words([.. Levels, "+", "#"], 3).Where(filter => TopicFilter.IsValid(Bytes(filter)))];
        var matched = filters.ToDictionary(
            filter => filter,
            filter => names.Where(name => TopicFilter.Matches(Bytes(filter), Bytes(name))).ToHashSet());
        foreach (string pattern in filters)
        {
            foreach (string filter in filters)
            {
                bool expected = matched[filter].IsSubsetOf(matched[pattern]);
                Assert.True(expected == Covers(pattern, filter), $"'{pattern}' and '{filter}': {expected}");
            }
        }
    }

    private static bool Covers(string pattern, string filter) => TopicFilter.Covers(Bytes(pattern), Bytes(filter));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static IEnumerable<string> Words(string[] levels, int depth) => depth == 1
        ? levels
        : levels.Concat(Words(levels, depth - 1).SelectMany(rest => levels.Select(level => $"{level}/{rest}")));
}
