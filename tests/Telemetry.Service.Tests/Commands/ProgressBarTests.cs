namespace Telemetry.Service.Tests;

public sealed class ProgressBarTests
{
    [Theory]
    [InlineData(0, "\r[..............................]  0 %  0 MB ")]
    [InlineData(0.5, "\r[###############...............] 50 %  0 MB ")]
    [InlineData(1, "\r[##############################] 100 %  0 MB ")]
    [InlineData(1.2, "\r[##############################] 100 %  0 MB ")]
    public void A_share_is_a_bar_and_a_percentage(double share, string line) =>
        Assert.Equal(line, ProgressBar.LineOf(share, "0 MB"));
}
