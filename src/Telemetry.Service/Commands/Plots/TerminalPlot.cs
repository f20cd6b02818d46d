using System.Globalization;

namespace Telemetry.Service;

/// <summary>
/// Curves as lines of text: a panel for each, below each other on one time axis, with the least, the middle and the
/// greatest value beside it. Fits a width; gaps stay gaps.
/// </summary>
internal sealed class TerminalPlot
{
    /// <summary>More curves than these are named and not drawn.</summary>
    public const int PanelsMax = 8;

    private const int WidthMin = 40;
    private const int WidthMax = 500;
    private const int AloneRows = 15;
    private const int SharedRows = 7;
    private const double GapFactor = 3; // times the usual interval
    private readonly int _width;
    private readonly bool _isAscii;

    /// <param name="width">Columns of the terminal.</param>
    /// <param name="isAscii">The terminal shows nothing else.</param>
    public TerminalPlot(int width, bool isAscii)
    {
        _width = Math.Clamp(width, WidthMin, WidthMax);
        _isAscii = isAscii;
    }

    /// <summary>The lines of the plot; none when no curve has a value.</summary>
    public IReadOnlyList<string> Draw(IReadOnlyList<PlotCurve> curves)
    {
        PlotCurve[] drawn = [.. curves.Where(curve => curve.Points.Any(point => point.Value is not null))];
        if (drawn.Length == 0)
        {
            return [];
        }

        PlotCurve[] shown = drawn[..Math.Min(drawn.Length, PanelsMax)];
        DateTimeOffset from = shown.Min(curve => curve.Points[0].Time);
        DateTimeOffset to = shown.Max(curve => curve.Points[^1].Time);
        int margin = shown.Max(curve => Labels(curve).Max(label => label.Length));
        int rows = shown.Length == 1 ? AloneRows : SharedRows;
        var lines = new List<string>();
        foreach (PlotCurve curve in shown)
        {
            lines.Add(Cut(curve.Unit.Length > 0 ? $"{curve.Title} [{curve.Unit}]" : curve.Title));
            lines.AddRange(Panel(curve, from, to, margin, rows));
        }

        lines.AddRange(TimeAxis(from, to, margin));
        if (drawn.Length > shown.Length)
        {
            string names = string.Join(", ", drawn[shown.Length..].Select(curve => curve.Title));
            lines.Add(Cut($"not drawn, at most {PanelsMax} at once: {names}"));
        }

        return lines;
    }

    private IEnumerable<string> Panel(
        PlotCurve curve, DateTimeOffset from, DateTimeOffset to, int margin, int rows)
    {
        var canvas = new DotCanvas(_width - margin - 1, rows, _isAscii);
        Fill(canvas, curve, from, to);
        string[] labels = Labels(curve);
        for (int row = 0; row < rows; row++)
        {
            string label = row == 0 ? labels[0] : row == rows / 2 ? labels[1] : row == rows - 1 ? labels[2] : "";
            string edge = _isAscii ? label.Length > 0 ? "+" : "|" : label.Length > 0 ? "┤" : "│";
            yield return (label.PadLeft(margin) + edge + canvas.RowText(row)).TrimEnd();
        }
    }

    private static void Fill(DotCanvas canvas, PlotCurve curve, DateTimeOffset from, DateTimeOffset to)
    {
        (double least, double most) = Extent(curve);
        long span = Math.Max((to - from).Ticks, 1);
        long gap = GapTicks(curve.Points);
        (int X, int Y, long Ticks)? last = null;
        foreach (PlotPoint point in curve.Points)
        {
            if (point.Value is not { } value)
            {
                last = null;
                continue;
            }

            int x = (int)Math.Round((double)(point.Time - from).Ticks / span * (canvas.Width - 1));
            double height = most > least ? (value - least) / (most - least) : 0.5;
            int y = (int)Math.Round((1 - height) * (canvas.Height - 1));
            bool isJoined = last is { } before && point.Time.UtcTicks - before.Ticks <= gap;
            canvas.Line(isJoined ? last!.Value.X : x, isJoined ? last!.Value.Y : y, x, y);
            last = (x, y, point.Time.UtcTicks);
        }
    }

    /// <summary>The longest interval over which a line goes; too few points say nothing about what is usual.</summary>
    private static long GapTicks(IReadOnlyList<PlotPoint> points)
    {
        long[] intervals =
            [.. points.Zip(points.Skip(1), (one, next) => next.Time.UtcTicks - one.Time.UtcTicks).Order()];
        return intervals.Length < 3 ? long.MaxValue : (long)(GapFactor * intervals[intervals.Length / 2]);
    }

    private static (double Least, double Most) Extent(PlotCurve curve) => (
        curve.Points.Min(point => point.Value) ?? 0, curve.Points.Max(point => point.Value) ?? 0);

    private static string[] Labels(PlotCurve curve)
    {
        (double least, double most) = Extent(curve);
        double middle = least + ((most - least) / 2);
        return most > least ? [Text(most), Text(middle), Text(least)] : ["", Text(most), ""];
    }

    private static string Text(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    /// <summary>Ticks below the panels, with the first, the middle and the last time, and how far from UTC.</summary>
    private IEnumerable<string> TimeAxis(DateTimeOffset from, DateTimeOffset to, int margin)
    {
        int columns = _width - margin - 1;
        TimeSpan span = to - from;
        string format = span < TimeSpan.FromMinutes(10) ? "yyyy-MM-dd HH:mm:ss"
            : span < TimeSpan.FromDays(60) ? "yyyy-MM-dd HH:mm"
            : "yyyy-MM-dd";
        string zone = to.Offset == TimeSpan.Zero ? "UTC" : to.ToString("zzz", CultureInfo.InvariantCulture);
        string first = from.ToString(format, CultureInfo.InvariantCulture);
        string last = $"{to.ToString(format, CultureInfo.InvariantCulture)} {zone}";
        string middle = (from + (span / 2)).ToString(format, CultureInfo.InvariantCulture);
        string rule = _isAscii ? new string('-', columns) : new string('─', columns);
        yield return new string(' ', margin) + (_isAscii ? "+" : "└") + rule;
        int room = columns + 1 - first.Length - last.Length;
        int before = ((columns - middle.Length) / 2) - first.Length + 1;
        int behind = room - middle.Length - before;
        bool hasMiddle = before > 1 && behind > 1 && span > TimeSpan.Zero;
        string between = hasMiddle
            ? new string(' ', before) + middle + new string(' ', behind)
            : new string(' ', Math.Max(room, 1));
        yield return new string(' ', margin) + (span > TimeSpan.Zero ? first + between : "") + last;
    }

    private string Cut(string line) => line.Length <= _width ? line : $"{line[..(_width - 3)]}...";
}
