using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl.Tests;

/// <summary>The functions that ask where a value comes from.</summary>
public sealed class SampleAspectTests
{
    private const long Second = 1_000_000_000;
    private const string Temperature = "plc,line=2 T1";

    [Theory]
    [InlineData("quality(t)", "192 64 0 192")]
    [InlineData("arrival_time(t)", "7000000000 7000000000 3000000000 9000000000")]
    [InlineData("raw_time(t)", "0 5000000000 2000000000 3000000000")]
    [InlineData("time_correction(t)", "0 -4000000000 0 0")]
    [InlineData("time_uncertainty(t)", "- 80000000 - -")]
    [InlineData("original(t)", "- 68.5 212 20.25")]
    [InlineData("original_unit(t)", "- [degF] [degF] Cel")]
    [InlineData("source(t)", "-|plc,line=2 T1|plc,line=2 T1|spare T1")]
    [InlineData("unit(t)", "Cel Cel Cel Cel")]
    [InlineData("unit(u)", "- kPa")] // of a field without a signal that of its source
    [InlineData("original(n)", "5 6 7 8")]
    [InlineData("original(s)", "a b c d")]
    [InlineData("QUALITY(\"t\")", "192 64 0 192")]
    [InlineData("quality(t::field)", "192 64 0 192")]
    [InlineData("(arrival_time(t) - raw_time(t)) / 1000000000", "7 2 1 6")]
    [InlineData("original(t) * 2", "- 137 424 40.5")]
    public void A_sample_tells_where_it_comes_from(string expression, string expected) =>
        Assert.Equal(Split(expected), ColumnOf($"SELECT {expression} FROM m"));

    [Theory]
    [InlineData("SELECT t, quality(t), quality(n) FROM m", "time t quality quality_1")]
    [InlineData("SELECT quality(t) AS q, raw_time(t) FROM m", "time q raw_time")]
    [InlineData("SELECT quality(*) FROM m", "time quality_n quality_s quality_t quality_u")]
    [InlineData("SELECT t, unit(/^[tu]$/) FROM m", "time t unit_t unit_u")]
    [InlineData("SELECT last(t), quality(t), source(t) FROM m", "time last quality source")]
    public void Columns_are_called_as_the_functions(string statement, string names) =>
        Assert.Equal(names.Split(' '), ResultOf(Mine(), statement).Series[0].Columns);

    [Theory]
    [InlineData("quality(t) >= 192", "0 3")]
    [InlineData("quality(t) < 64", "2")]
    [InlineData("quality(t) != 192 AND t > 50", "2")]
    [InlineData("source(t) = 'plc,line=2 T1'", "1 2")]
    [InlineData("source(t) =~ /^spare/ OR time_correction(t) < 0", "1 3")]
    [InlineData("time_uncertainty(t) < 100ms", "1")]
    [InlineData("arrival_time(t) - raw_time(t) > 5s", "0 3")]
    [InlineData("original_unit(t) != 'Cel'", "1 2")]
    [InlineData("quality(a) >= 0", "")] // a tag has none
    [InlineData("quality(time) >= 0", "")]
    public void A_condition_may_ask_it_too(string condition, string seconds)
    {
        StatementResult result = ResultOf(Mine(), $"SELECT t FROM m WHERE {condition}");
        Assert.Null(result.Error);
        IEnumerable<object?[]> rows = result.Series.SelectMany(series => series.Rows);
        Assert.Equal(seconds, string.Join(' ', rows.Select(row => (long)row[0]! / Second)));
    }

    [Fact]
    public void Functions_see_the_samples_that_pass()
    {
        Assert.Equal(["10.125"], ColumnOf("SELECT mean(t) FROM m WHERE quality(t) >= 192"));
        Assert.Equal(["2"], ColumnOf("SELECT count(t) FROM m WHERE quality(t) < 192"));
        Assert.Equal(["1", "1"], ColumnOf(
            "SELECT count(t) FROM m WHERE quality(t) >= 192 AND time >= 0 AND time < 4s GROUP BY time(2s)"));
    }

    [Fact]
    public void A_selector_brings_what_belongs_to_the_sample_it_picks()
    {
        object?[] row = ResultOf(Mine(), "SELECT max(t), quality(t), source(t), original(t) FROM m").Series[0].Rows[0];
        Assert.Equal([2 * Second, 100.0, 0L, Temperature, 212.0], row);
    }

    [Fact]
    public void An_empty_window_is_filled_with_no_quality_and_no_source()
    {
        StatementResult result = ResultOf(
            Mine(), "SELECT last(t), quality(t) FROM m WHERE time >= 0 AND time < 10s GROUP BY time(5s) fill(7)");
        Assert.Equal([[0L, 20.25, 192L], [5 * Second, 7.0, null]], result.Series[0].Rows);
    }

    [Theory]
    [InlineData("SELECT quality() FROM m", "error parsing query: expected field argument in quality()")]
    [InlineData("SELECT quality(5) FROM m", "error parsing query: expected field argument in quality()")]
    [InlineData("SELECT quality(a::tag) FROM m", "error parsing query: expected field argument in quality()")]
    [InlineData("SELECT raw_time(t, 1) FROM m", "error parsing query: expected field argument in raw_time()")]
    [InlineData("SELECT unit(unit(t)) FROM m", "error parsing query: expected field argument in unit()")]
    [InlineData("SELECT mean(quality(t)) FROM m", "expected field argument in mean()")]
    [InlineData(
        "SELECT mean(t), quality(t) FROM m", "mixing aggregate and non-aggregate queries is not supported")]
    [InlineData("SELECT t FROM m WHERE quality(*) > 1", "invalid function call in condition: quality(*)")]
    [InlineData(
        "SELECT t FROM m WHERE quality(t) = 'good'",
        "quality(t) is a whole number and cannot be compared with a text; a quality is good from 192 on, uncertain "
            + "from 64 on and bad below")]
    public void What_has_no_answer_is_refused_in_words(string statement, string error)
    {
        QueryAnswer answer = InfluxQlEngineTests.Ask(Mine(), statement);
        Assert.Equal(error, answer.Error ?? answer.Results[0].Error);
    }

    [Fact]
    public void Fields_and_tags_of_these_names_are_still_plain_names()
    {
        NaiveSampleSource source = new NaiveSampleSource().Add("m,source=s quality=3i,unit=\"V\" 0");
        Assert.Equal(
            [0L, 3L, "s", "V"], ResultOf(source, "SELECT quality, source, unit FROM m").Series[0].Rows[0]);
        Assert.Single(ResultOf(source, "SELECT unit FROM m WHERE quality > 2 AND source = 's'").Series);
    }

    [Fact]
    public void The_last_rows_and_the_first_ones_keep_their_own()
    {
        Assert.Equal(["192", "0"], ColumnOf("SELECT quality(t) FROM m ORDER BY time DESC LIMIT 2"));
        Assert.Equal(["64"], ColumnOf("SELECT quality(t) FROM m LIMIT 1 OFFSET 1"));
    }

    [Fact]
    public void Memory_of_these_columns_is_counted()
    {
        var source = new NaiveSampleSource();
        source.Add(Enumerable.Range(0, 1_000).Select(n => $"m v={n} {n}"));
        var limits = new QueryLimits { BytesMax = 40_000 };
        const string Statement = "SELECT count(v) FROM m WHERE quality(v) >= 192";
        Assert.Contains("query memory limit", ResultOf(source, Statement, limits).Error);
        Assert.Null(ResultOf(source, Statement).Error);
    }

    /// <summary>
    /// Four samples: of nowhere known; late, from a clock that ran ahead, in doubt; bad; of a sensor put in its place.
    /// </summary>
    private static NaiveSampleSource Mine()
    {
        var source = new NaiveSampleSource();
        SourceCatalogue sources = source.Catalogue.Sources;
        var fahrenheit = new SampleSource("plc,line=2", "T1", "[degF]", 5.0 / 9, -160.0 / 9);
        int plc = sources.NumberOf(fahrenheit);
        int spare = sources.NumberOf(new SampleSource("spare", "T1", "Cel"));
        int pressure = sources.NumberOf(new SampleSource("p", "p", "kPa"));
        double stored = (68.5 * fahrenheit.Scale) + fahrenheit.Offset;
        source.Add("m,a=1 t=0,n=5i,s=\"a\",u=1 0")
            .Add(FormattableString.Invariant($"m,a=1 t={stored:R},n=6i,s=\"b\" {Second}"))
            .Add($"m,a=1 t=100,n=7i,s=\"c\" {2 * Second}")
            .Add($"m,a=1 t=20.25,n=8i,s=\"d\" {3 * Second}")
            .With(0, new Mark(Arrival: 7_000))
            .With(Second, new Mark(Quality.Uncertain, plc, new TimeCorrection(-4 * Second, 80_000_000), 7_000))
            .With(2 * Second, new Mark(Quality.Bad, plc, default, 3_000))
            .With(3 * Second, new Mark(Source: spare, Arrival: 9_000));
        source.Add($"m,a=2 u=3 {Second / 2}").With(Second / 2, new Mark(Source: pressure));
        return Bound(source);
    }

    private static NaiveSampleSource Bound(NaiveSampleSource source)
    {
        var rule = new AlarmRule(LimitSet.None, 0, 0, 0, double.NaN, 0, 0);
        var definition = new SignalDefinition("t", "Temperature", "Cel", 0, 100, 20, 1, 1, rule);
        var type = new EquipmentType("m", "Machine", [definition]);
        var asset = new Asset("1", type, "", new DisplayName("One"), "", Enabled: true);
        source.Catalogue.TryIntern(Encoding.UTF8.GetBytes("m,a=1"), "t", FieldType.Float, out Field? field);
        source.Catalogue.Bind(field!, new SignalInstance(asset, definition));
        return source;
    }

    private static string[] Split(string expected) => expected.Split(expected.Contains('|') ? '|' : ' ');

    private static IEnumerable<string> ColumnOf(string statement)
    {
        StatementResult result = ResultOf(Mine(), statement);
        Assert.Null(result.Error);
        return result.Series[0].Rows.Select(
            row => row[1] is null ? "-" : FormattableString.Invariant($"{row[1]}"));
    }

    private static StatementResult ResultOf(ISampleSource source, string statement, QueryLimits? limits = null)
    {
        QueryAnswer answer = InfluxQlEngineTests.Ask(source, statement, limits);
        Assert.Null(answer.Error);
        return Assert.Single(answer.Results);
    }
}
