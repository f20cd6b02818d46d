namespace Telemetry.Service.Tests.Commands;

public sealed class TerminalLookTests
{
    [Theory]
    [InlineData(false, "LANG=ko_KR.UTF-8")]
    [InlineData(false, "LANG=C,LC_ALL=C.utf8")]
    [InlineData(true, "LANG=C.UTF-8,LC_ALL=POSIX")]
    [InlineData(true, "LANG=mn_MN.UTF-8,LC_CTYPE=C")]
    [InlineData(false, "LANG=mn_MN.UTF-8,LC_ALL=")]
    [InlineData(true, "LANG=C")]
    [InlineData(true, "")]
    public void The_locale_says_whether_Braille_can_be_shown(bool isAscii, string environment)
    {
        Dictionary<string, string> variables = environment
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(pair => pair.Split('=')[0], pair => pair.Split('=')[1]);
        Assert.Equal(isAscii, TerminalLook.IsAscii(variables.GetValueOrDefault));
    }
}
