namespace Telemetry.Service.Tests.Commands;

public sealed class TerminalPlotTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 31, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_ramp_has_its_unit_its_values_and_its_times()
    {
        string plot = Draw(60, isAscii: true, Curve("CR1 mean(motor_current)", "A", 0, 1, 2, 3, 4));
        Assert.Equal(
            """
            CR1 mean(motor_current) [A]
            4+                                                      ..''
             |                                                  ..''
             |                                              ..''
             |                                          ..''
             |                                      ..''
             |                                  ..''
             |                              ..''
            2+                          ..''
             |                      ..''
             |                   ..'
             |               ..''
             |           ..''
             |       ..''
             |   ..''
            0+.''
             +----------------------------------------------------------
             2026-01-31 00:00                       2026-01-31 04:00 UTC

            """,
            plot);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(133)]
    public void A_plot_fits_the_width_and_is_ASCII_where_it_must(int width)
    {
        PlotCurve[] curves = [Curve(new string('x', 200), "Cel", 1, -2, 5), Curve("second", "", 7, 7, 7)];
        IReadOnlyList<string> braille = Lines(width, isAscii: false, curves);
        Assert.All(braille, line => Assert.InRange(line.Length, 1, width));
        Assert.Contains(braille, line => line.Any(letter => letter is > '\u2800' and <= '\u28ff'));
        string plain = Draw(width, isAscii: true, curves).Replace("\n", "", StringComparison.Ordinal);
        Assert.All(plain, letter => Assert.InRange(letter, ' ', '~'));
    }

    [Theory]
    [InlineData("joined", 1, 1, 1, 1)]
    [InlineData("gap", 1, null, null, 1)]
    public void An_empty_window_breaks_the_line(string expected, params int?[] values)
    {
        string row = Lines(60, isAscii: true, Curve("m", "", [.. values.Select(value => (double?)value)]))
            .Single(line => line.StartsWith("1+", StringComparison.Ordinal));
        Assert.Equal(expected, row.Contains("  ", StringComparison.Ordinal) ? "gap" : "joined");
    }

    [Fact]
    public void A_pause_three_times_as_long_as_usual_breaks_the_line()
    {
        int[] hours = [0, 1, 2, 3, 7, 8];
        var curve = new PlotCurve("m", "", [.. hours.Select(hour => new PlotPoint(Begin.AddHours(hour), 1))]);
        string row = Lines(60, isAscii: true, curve)
            .Single(line => line.StartsWith("1+", StringComparison.Ordinal));
        Assert.Contains("   ", row, StringComparison.Ordinal);
    }

    [Fact]
    public void Curves_stand_below_each_other_and_those_too_many_are_named()
    {
        PlotCurve[] curves = [.. Enumerable.Range(0, TerminalPlot.PanelsMax + 1)
            .Select(index => Curve($"curve {index}", "A", index, index + 1))];
        IReadOnlyList<string> lines = Lines(80, isAscii: true, curves);
        Assert.Equal(
            Enumerable.Range(0, TerminalPlot.PanelsMax).Select(index => $"curve {index} [A]"),
            lines.Where(line => line.StartsWith("curve", StringComparison.Ordinal)));
        Assert.Equal("not drawn, at most 8 at once: curve 8", lines[^1]);
        Assert.Single(lines, line => line.EndsWith("UTC", StringComparison.Ordinal));
    }

    [Fact]
    public void Times_are_shown_with_the_offset_they_came_with()
    {
        DateTimeOffset local = new(2026, 1, 31, 8, 0, 0, TimeSpan.FromHours(8));
        var curve = new PlotCurve("m", "", [new(local, 1), new(local.AddDays(200), 2)]);
        Assert.Matches(
            "^ *2026-01-31 +2026-05-11 +2026-08-19 \\+08:00$", Lines(80, isAscii: false, curve)[^1]);
    }

    [Fact]
    public void What_has_no_value_is_not_drawn()
    {
        Assert.Empty(Lines(80, isAscii: false));
        Assert.Empty(Lines(80, isAscii: false, Curve("m", "A", null, null)));
    }

    private static PlotCurve Curve(string title, string unit, params double?[] values) =>
        new(title, unit, [.. values.Select((value, index) => new PlotPoint(Begin.AddHours(index), value))]);

    private static string Draw(int width, bool isAscii, params PlotCurve[] curves) =>
        string.Concat(Lines(width, isAscii, curves).Select(line => $"{line}\n"));

    private static IReadOnlyList<string> Lines(int width, bool isAscii, params PlotCurve[] curves) =>
        new TerminalPlot(width, isAscii).Draw(curves);
}
