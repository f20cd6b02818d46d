using System.Text;

namespace Telemetry.Access.Tests;

public sealed class RightsPatternTests
{
    [Theory]
    [InlineData("%u/#", "gw/#")]
    [InlineData("site/%c/+", "site/client/+")]
    [InlineData("%u/%c", "gw/client")]
    [InlineData("a/b", "a/b")]
    [InlineData("#", "#")]
    public void Places_are_filled(string pattern, string expected)
    {
        Assert.True(RightsPattern.IsValid(pattern));
        Assert.Equal(expected, Encoding.UTF8.GetString(RightsPattern.Expand(pattern, "gw", "client")!));
    }

    [Theory]
    [InlineData("a/b")]     // would reach into a deeper level
    [InlineData("+")]       // would be a wildcard
    [InlineData("#")]
    [InlineData("x+")]
    [InlineData("$SYS")]    // the server's own
    [InlineData("")]        // assigned by the server, so the pattern would mean nothing the client knows
    public void A_client_identifier_that_would_widen_a_right_gives_none(string client)
    {
        Assert.Null(RightsPattern.Expand("%c/#", "gw", client));
        Assert.NotNull(RightsPattern.Expand("%u/#", "gw", client));
    }

    [Theory]
    [InlineData("")]
    [InlineData("gw-%u/#")]
    [InlineData("%u%c")]
    [InlineData("a/#/b")]
    [InlineData("a+/b")]
    public void What_is_no_pattern_is_refused(string pattern) => Assert.False(RightsPattern.IsValid(pattern));

    [Fact]
    public void The_rights_of_a_new_gateway_are_patterns() =>
        Assert.All(DefaultRights.Publish.Concat(DefaultRights.Subscribe), p => Assert.True(RightsPattern.IsValid(p)));
}
