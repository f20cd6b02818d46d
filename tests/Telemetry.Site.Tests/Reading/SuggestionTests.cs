using Telemetry.Site.Reading;

namespace Telemetry.Site.Tests.Reading;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("JSON", "json", 0)]
    public void The_distance_counts_edits_and_ignores_case(string left, string right, int distance)
    {
        Assert.Equal(distance, Suggestion.Distance(left, right));
        Assert.Equal(distance, Suggestion.Distance(right, left));
    }

    [Fact]
    public void A_near_word_is_suggested_and_a_far_one_lists_what_there_is()
    {
        Assert.Equal("did you mean \"period\"", Suggestion.For("periode", ["period", "noise"]));
        Assert.Equal("write one of period, noise", Suggestion.For("xyz", ["period", "noise"]));
        Assert.Equal("there are none", Suggestion.For("xyz", []));
        string[] many = [.. Enumerable.Range(0, 20).Select(i => $"a long word {i}")];
        Assert.EndsWith("a long word 11 and 8 more", Suggestion.For("xyz", many));
    }
}
