using System.Globalization;
using System.Text;

namespace Telemetry.Rehearsal.Tests;

public sealed class CsvRunTests
{
    private static readonly CsvRunOptions Options = new() { Time = "time", Values = ["a"], WarmUpRows = 200 };

    private static string Run(string source, out CsvRunReport report, CsvRunOptions? options = null)
    {
        var target = new StringWriter(CultureInfo.InvariantCulture);
        report = CsvRun.Run(new StringReader(source), target, options ?? Options);
        return target.ToString();
    }

    private static string Refusal(string source, CsvRunOptions? options = null) =>
        Assert.Throws<RehearsalException>(() => Run(source, out _, options)).Message;

    /// <summary>A saw with a spike at row 1,000.</summary>
    private static string Saw(char delimiter = ',', string header = "time,a,b", int rows = 1_500)
    {
        var text = new StringBuilder(header.Replace(',', delimiter)).Append('\n');
        for (int row = 0; row < rows; row++)
        {
            double value = (row * 7 % 11) + (row is >= 1_000 and < 1_010 ? 60 : 0);
            text.Append(CultureInfo.InvariantCulture, $"{1_700_000_000 + (row * 60)}{delimiter}{value}{delimiter}x\n");
        }

        return text.ToString();
    }

    private static double[] Scores(string written) => [.. written
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Skip(1)
        .Select(line => double.Parse(line[(line.LastIndexOf(',') + 1)..], CultureInfo.InvariantCulture))];

    [Fact]
    public void Each_row_is_written_as_it_was_with_a_score_behind_it()
    {
        string written = Run(Saw(), out CsvRunReport report);
        string[] lines = written.Split('\n');
        Assert.Equal("time,a,b,anomaly_score", lines[0]);
        Assert.StartsWith("1700000000,0,x,0", lines[1], StringComparison.Ordinal);
        Assert.Equal(1_500, report.Rows);
        double[] scores = Scores(written);
        Assert.All(scores, score => Assert.InRange(score, 0, 1));
        Assert.All(scores[..200], score => Assert.Equal(0, score));
        Assert.InRange(Array.IndexOf(scores, scores.Max()), 1_000, 1_020);
        Assert.Equal(scores.Count(score => score >= 0.5), report.ToldRows);
    }

    [Fact]
    public void What_comes_later_changes_nothing_of_what_came_before()
    {
        double[] whole = Scores(Run(Saw(), out _));
        double[] half = Scores(Run(Saw(rows: 1_005), out _));
        Assert.Equal(half, whole[..1_005]);
    }

    [Fact]
    public void Quotes_a_line_break_in_a_cell_and_Windows_line_ends_are_kept()
    {
        const string Source = "time,a,note\r\n1,2,\"one, two\"\r\n\r\n2,3,\"a\nb\"\r\n";
        Assert.Equal(
            "time,a,note,anomaly_score\n1,2,\"one, two\",0\n2,3,\"a\nb\",0\n", Run(Source, out CsvRunReport report));
        Assert.Equal(2, report.Rows);
    }

    [Fact]
    public void In_tier_2_a_relation_that_moves_is_predicted()
    {
        var random = new Random(1);
        var text = new StringBuilder("time,a,b\n");
        for (int row = 0; row < 2_000; row++)
        {
            double load = 10 * random.NextDouble();
            double other = (2 * load) + (row < 1_500 ? 0 : 3);
            text.Append(
                CultureInfo.InvariantCulture, $"{row},{load + random.NextDouble()},{other + random.NextDouble()}\n");
        }

        CsvRunOptions options = Options with { Values = ["a", "b"], Tier = 2, WarmUpRows = 1_000 };
        string written = Run(text.ToString(), out _, options);
        Assert.StartsWith("time,a,b,prediction\n", written, StringComparison.Ordinal);
        double[] predictions = Scores(written);
        Assert.InRange(predictions[..1_500].Average(), 0, 0.01);
        Assert.InRange(predictions[1_600..].Average(), 0.9, 1);
    }

    [Fact]
    public void What_follows_from_its_context_is_no_anomaly_and_what_does_not_is_one()
    {
        var random = new Random(2);
        var text = new StringBuilder("time,a,t\n");
        double temperature = 0;
        for (int row = 0; row < 4_000; row++)
        {
            temperature = (0.995 * temperature) + random.NextDouble() - 0.5;
            double value = (5 * temperature) + random.NextDouble() + (row is >= 3_500 and < 3_540 ? 8 : 0);
            text.Append(CultureInfo.InvariantCulture, $"{row * 600},{value},{temperature}\n");
        }

        CsvRunOptions options = Options with { WarmUpRows = 2_000 };
        double[] with = Scores(Run(text.ToString(), out _, options with { Context = ["t"] }));
        double[] without = Scores(Run(text.ToString(), out _, options));
        Assert.InRange(Array.IndexOf(with, with.Max()), 3_500, 3_560);
        Assert.True(with[3_500..3_560].Max() > without[3_500..3_560].Max());
    }

    [Fact]
    public void Cells_without_a_number_are_passed_over_and_counted()
    {
        Run("time,a\n1,2\n2,\n3,NaN\n4,1e400\n5,bad\n6\n7,3\n", out CsvRunReport report);
        Assert.Equal((7, 5, 3), (report.Rows, report.PassedCells, report.FirstPassed));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("time,b\n1,2\n", "cannot find column \"a\": the header has 2 columns, \"time\", \"b\", when split")]
    [InlineData("time,a\n1,2\nyesterday,3\n", "cannot read line 3: \"yesterday\" is no time")]
    [InlineData("time,a\n9999-12-31,2\n", "cannot read line 2: \"9999-12-31\" is no time")]
    public void A_file_that_cannot_be_read_is_refused_with_its_place(string source, string message) =>
        Assert.Contains(message, Refusal(source), StringComparison.Ordinal);

    [Fact]
    public void Options_out_of_bounds_are_refused()
    {
        Assert.Contains("warm-up of 0", Refusal(Saw(), Options with { WarmUpRows = 0 }), StringComparison.Ordinal);
        Assert.Contains("no column", Refusal(Saw(), Options with { Values = [] }), StringComparison.Ordinal);
        Assert.Contains("tier 3", Refusal(Saw(), Options with { Tier = 3 }), StringComparison.Ordinal);
        Assert.Contains(
            "99 rows; give 100", Refusal(Saw(), Options with { Tier = 2, WarmUpRows = 99 }), StringComparison.Ordinal);
        Assert.Contains(
            "context of 1 columns in tier 2",
            Refusal(Saw(), Options with { Tier = 2, Context = ["b"] }),
            StringComparison.Ordinal);
        Assert.Contains("'x' cannot stand", Refusal(Saw(), Options with { Delimiter = 'x' }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-01-31 08:00:00", 1_769_846_400_000_000_000)]
    [InlineData("2026-01-31T08:00:00.5Z", 1_769_846_400_500_000_000)]
    [InlineData("2026-01-31T16:00:00+08:00", 1_769_846_400_000_000_000)]
    [InlineData("31/01/26 08", 1_769_846_400_000_000_000)]
    [InlineData("1769846400", 1_769_846_400_000_000_000)]
    [InlineData("1769846400.25", 1_769_846_400_250_000_000)]
    [InlineData("1769846400000", 1_769_846_400_000_000_000)]
    public void Times_are_read_as_data_sets_have_them(string text, long nanoseconds)
    {
        Assert.True(CsvTime.TryParse(text, out long time));
        Assert.Equal(nanoseconds, time);
    }
}
