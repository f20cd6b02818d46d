namespace Telemetry.Service.Tests.Commands;

public sealed class DotCanvasTests
{
    [Theory]
    [InlineData(0, 0, 0, 0, "⠁")]
    [InlineData(1, 0, 1, 0, "⠈")]
    [InlineData(0, 3, 0, 3, "⡀")]
    [InlineData(1, 3, 1, 3, "⢀")]
    [InlineData(0, 0, 0, 3, "⡇")]
    [InlineData(0, 1, 5, 1, "⠒⠒⠒")]
    [InlineData(0, 3, 3, 0, "⡠⠊")]
    [InlineData(3, 0, 0, 3, "⡠⠊")]
    public void A_line_is_dots_of_Braille(int x1, int y1, int x2, int y2, string expected) =>
        Check(isAscii: false, x1, y1, x2, y2, expected);

    [Theory]
    [InlineData(0, 0, 2, 0, "'''")]
    [InlineData(0, 1, 2, 1, "...")]
    [InlineData(1, 0, 1, 1, " :")]
    [InlineData(0, 1, 1, 0, ".'")]
    public void A_line_is_dots_of_ASCII(int x1, int y1, int x2, int y2, string expected) =>
        Check(isAscii: true, x1, y1, x2, y2, expected);

    private static void Check(bool isAscii, int x1, int y1, int x2, int y2, string expected)
    {
        var canvas = new DotCanvas(columns: 3, rows: 1, isAscii);
        canvas.Line(x1, y1, x2, y2);
        Assert.Equal(expected, canvas.RowText(0));
    }
}
