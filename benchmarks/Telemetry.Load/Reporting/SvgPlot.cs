using System.Globalization;
using System.Text;

namespace Telemetry.Load;

/// <summary>A bar, and the line of its best.</summary>
internal readonly record struct SvgBar(string Label, double Value, double Best);

/// <summary>Points joined by a line, both axes logarithmic.</summary>
internal readonly record struct SvgLine(string Label, (double X, double Y)[] Points);

/// <summary>Plots as SVG that reads well alone: no script, no style sheet, no font but the reader's.</summary>
internal static class SvgPlot
{
    private const int Width = 760;
    private const int Left = 270; // of bars: room for labels
    private const int Top = 44;
    private const int BarHeight = 26;
    private const int Height = 400; // of lines
    private const int Margin = 56;
    private const int LegendWidth = 230;
    private static readonly string[] Colours = ["#1f6fb4", "#c65a11", "#2e8b57", "#8a4fbf", "#b03060"];

    public static string Bars(string title, SvgBar[] bars)
    {
        StringBuilder svg = Begin(title, Top + (bars.Length * BarHeight) + 16);
        double most = bars.Select(bar => bar.Best).Where(double.IsFinite).DefaultIfEmpty(1).Max();
        double scale = (Width - Left - 100) / most;
        for (int i = 0; i < bars.Length; i++)
        {
            (double value, double best) = (Finite(bars[i].Value), Finite(bars[i].Best));
            int y = Top + (i * BarHeight);
            Text(svg, Left - 8, y + 15, "end", bars[i].Label);
            Add(svg, $"<rect x='{Left}' y='{y + 2}' width='{value * scale:F1}' height='18' fill='{Colours[0]}'/>");
            Add(svg, $"<path d='M{Left + (best * scale):F1} {y}v22' stroke='{Colours[1]}' stroke-width='2'/>");
            Text(svg, Left + (best * scale) + 8, y + 15, "start", value.ToString("N0", CultureInfo.InvariantCulture));
        }

        return End(svg);
    }

    public static string Lines(string title, string xLabel, SvgLine[] lines)
    {
        StringBuilder svg = Begin(title, Height);
        (double X, double Y)[] points = [.. lines.SelectMany(line => line.Points).Where(IsDrawn)];
        var x = new Axis([.. points.Select(point => point.X)], Margin, Width - LegendWidth);
        var y = new Axis([.. points.Select(point => point.Y)], Height - Margin, Top);
        foreach (double tick in x.Ticks)
        {
            Add(svg, $"<path d='M{x.At(tick):F1} {Top}V{Height - Margin}' stroke='#ddd'/>");
            Text(svg, x.At(tick), Height - Margin + 18, "middle", Number(tick));
        }

        foreach (double tick in y.Ticks)
        {
            Add(svg, $"<path d='M{Margin} {y.At(tick):F1}H{Width - LegendWidth}' stroke='#ddd'/>");
            Text(svg, Margin - 6, y.At(tick) + 4, "end", Number(tick));
        }

        Text(svg, (Margin + Width - LegendWidth) / 2.0, Height - 14, "middle", xLabel);
        for (int i = 0; i < lines.Length; i++)
        {
            (double X, double Y)[] drawn = [.. lines[i].Points.Where(IsDrawn)];
            string path = string.Join('L', drawn.Select(point => Text($"{x.At(point.X):F1} {y.At(point.Y):F1}")));
            string colour = Colours[i % Colours.Length];
            Add(svg, $"<path d='M{path}' fill='none' stroke='{colour}' stroke-width='2'/>");
            foreach ((double px, double py) in drawn)
            {
                Add(svg, $"<circle cx='{x.At(px):F1}' cy='{y.At(py):F1}' r='3' fill='{colour}'/>");
            }

            int row = Top + 10 + (i * 22);
            Add(svg, $"<rect x='{Width - LegendWidth + 16}' y='{row - 9}' width='14' height='10' fill='{colour}'/>");
            Text(svg, Width - LegendWidth + 36, row, "start", lines[i].Label);
        }

        return End(svg);
    }

    private static bool IsDrawn((double X, double Y) point) =>
        double.IsFinite(point.X) && double.IsFinite(point.Y) && point.X > 0 && point.Y > 0;

    private static StringBuilder Begin(string title, int height)
    {
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {Width} {height}' font-family='sans-serif'");
        Add(svg, $" font-size='12' role='img'>\n<title>{title}</title>");
        Add(svg, $"<rect width='{Width}' height='{height}' fill='#fff'/>");
        Add(svg, $"<text x='16' y='24' font-size='15' fill='#222'>{title}</text>");
        return svg;
    }

    private static string End(StringBuilder svg) => svg.Append("</svg>\n").ToString();

    private static void Text(StringBuilder svg, double x, double y, string anchor, string text) =>
        Add(svg, $"<text x='{x:F1}' y='{y:F1}' text-anchor='{anchor}' fill='#222'>{text}</text>");

    private static void Add(StringBuilder svg, FormattableString element) => svg.Append(Text(element)).Append('\n');

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("#,0.####", CultureInfo.InvariantCulture);

    private static double Finite(double value) => double.IsFinite(value) ? value : 0;

    /// <summary>A logarithmic axis over whole decades, or its halves at 2 and 5 where there is only one.</summary>
    private sealed class Axis
    {
        private readonly double _low;
        private readonly double _high;
        private readonly double _from;
        private readonly double _to;

        public Axis(double[] values, double from, double to)
        {
            _low = Math.Floor(Math.Log10(values.DefaultIfEmpty(1).Min()));
            _high = Math.Max(_low + 1, Math.Ceiling(Math.Log10(values.DefaultIfEmpty(10).Max())));
            (_from, _to) = (from, to);
        }

        public IEnumerable<double> Ticks
        {
            get
            {
                double[] steps = _high - _low > 2 ? [1] : [1, 2, 5];
                for (double decade = _low; decade <= _high; decade++)
                {
                    foreach (double step in steps.Where(step => step == 1 || decade < _high))
                    {
                        yield return step * Math.Pow(10, decade);
                    }
                }
            }
        }

        public double At(double value) =>
            _from + ((_to - _from) * (Math.Log10(value) - _low) / (_high - _low));
    }
}
