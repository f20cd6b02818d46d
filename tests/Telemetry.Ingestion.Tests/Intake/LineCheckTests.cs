using Telemetry.Model;

namespace Telemetry.Ingestion.Tests;

public sealed class LineCheckTests
{
    private readonly SeriesCatalogue _catalogue = new();

    [Fact]
    public void A_body_of_good_lines_passes_as_it_is()
    {
        CheckWhole("m v=1 1");
        CheckWhole("m v=1 1\n# a remark\n\nm v=2 2\r\n");
        CheckWhole("m text=\"a\nb\" 1\n");
        CheckWhole("");
    }

    [Fact]
    public void Good_lines_are_kept_beside_bad_ones()
    {
        Check("m v=1 1\nm\nm v=2 2", "m v=1 1\nm v=2 2\n", "unable to parse 'm': missing fields");
        Check("m text=\"a\nb\" 1\n,x v=1", "m text=\"a\nb\" 1\n", "unable to parse ',x v=1': missing measurement");
        Check("m v=1 x", "", "unable to parse 'm v=1 x': bad timestamp");
    }

    [Fact]
    public void A_type_conflict_is_told_as_InfluxDB_tells_it()
    {
        Check(
            "m v=1 1\nm v=2i 2\nm v=3i 3\nm v=4 4",
            "m v=1 1\nm v=4 4\n",
            "partial write: field type conflict: input field \"v\" on measurement \"m\" is type integer, "
            + "already exists as type float dropped=2");
    }

    [Fact]
    public void Text_for_a_signal_is_told_as_a_type_conflict()
    {
        Check(
            "crusher,asset=CR-201 motor_current=\"high\" 1\n",
            "",
            "partial write: field type conflict: input field \"motor_current\" on measurement \"crusher\" is type "
            + "string, already exists as type float dropped=1");
    }

    [Fact]
    public void Unparsable_and_dropped_lines_are_told_together()
    {
        Check(
            "m v=1 1\nm v=t 2\nm",
            "m v=1 1\n",
            "unable to parse 'm': missing fields\npartial write: field type conflict: input field \"v\" on measurement "
            + "\"m\" is type boolean, already exists as type float dropped=1");
    }

    [Fact]
    public void A_full_catalogue_is_told_as_the_series_limit()
    {
        var small = new SeriesCatalogue(fieldCountMax: 1);
        Check(
            "m v=1 1\nm w=1 1\n",
            "m v=1 1\n",
            "partial write: max-series-per-database limit exceeded: field \"w\" on measurement \"m\" dropped=1",
            small);
    }

    [Fact]
    public void A_full_catalogue_is_told_with_who_filled_it()
    {
        var small = new SeriesCatalogue(fieldCountMax: 5);
        var guard = new CatalogueGuard(small, new FieldSenders(), new GatewayRegistry());
        LineCheck check = CheckOf(small, guard);
        string body = string.Concat(Enumerable.Range(0, 5).Select(i => $"job,session={i} ms=1 1\n"));
        check.GoodLinesOf(SmallMine.Bytes(body), TimePrecision.Nanoseconds);
        guard.Look(new RecordedLog());
        check.GoodLinesOf(SmallMine.Bytes("job,session=5 ms=1 1\n"), TimePrecision.Nanoseconds);
        Assert.Equal(
            "partial write: max-series-per-database limit exceeded: field \"ms\" on measurement \"job\" "
                + "(5 of 5 fields; measurement \"job\" has 5 fields in 5 series, its tag \"session\" has 5 values) "
                + "dropped=1",
            check.ErrorText());
    }

    [Fact]
    public void Beyond_twenty_bad_lines_only_their_number_is_told()
    {
        LineCheck check = CheckOf(_catalogue);
        check.GoodLinesOf(SmallMine.Bytes(string.Concat(Enumerable.Repeat("m\n", 25))), default);
        string[] lines = check.ErrorText().Split('\n');
        Assert.Equal((21, "and 5 more lines like these"), (lines.Length, lines[^1]));
    }

    [Fact]
    public void A_check_forgets_the_body_before()
    {
        LineCheck check = CheckOf(_catalogue);
        check.GoodLinesOf("m\nm v=1 1\nm v=\"x\" 1"u8.ToArray(), default);
        Assert.NotEqual("", check.ErrorText());
        check.GoodLinesOf("m v=1 1"u8.ToArray(), default);
        Assert.Equal("", check.ErrorText());
    }

    /// <summary>Every line is kept; blank lines, comments and the last line's end are not part of any.</summary>
    private void CheckWhole(string body)
    {
        LineCheck check = CheckOf(_catalogue);
        IReadOnlyList<ReadOnlyMemory<byte>> pieces =
            check.GoodLinesOf(SmallMine.Bytes(body), TimePrecision.Nanoseconds);
        string kept = string.Concat(pieces.Select(piece => SmallMine.Text(piece.Span)));
        string lines = string.Concat(body.Replace("\r", "", StringComparison.Ordinal)
            .Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line + "\n"));
        Assert.Equal(lines, kept);
        Assert.Equal("", check.ErrorText());
    }

    [Fact]
    public void A_large_body_is_cut_between_lines_into_pieces_that_fit_a_record()
    {
        const int lines = 200_000;
        string body = string.Concat(Enumerable.Range(0, lines).Select(i => $"m,tag=some_longer_value v={i}.5 {i}\n"));
        IReadOnlyList<ReadOnlyMemory<byte>> pieces =
            CheckOf(_catalogue).GoodLinesOf(SmallMine.Bytes(body), TimePrecision.Nanoseconds);
        Assert.True(pieces.Count > 1, "one piece only");
        Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 4 * 1024 * 1024 + 1));
        Assert.Equal(body, string.Concat(pieces.Select(piece => SmallMine.Text(piece.Span))));
    }

    private static void Check(string body, string good, string error, SeriesCatalogue? catalogue = null)
    {
        LineCheck check = CheckOf(catalogue ?? new SeriesCatalogue());
        IReadOnlyList<ReadOnlyMemory<byte>> kept =
            check.GoodLinesOf(SmallMine.Bytes(body), TimePrecision.Nanoseconds);
        Assert.Equal(good, string.Concat(kept.Select(piece => SmallMine.Text(piece.Span))));
        Assert.Equal(error, check.ErrorText());
    }

    private static LineCheck CheckOf(SeriesCatalogue catalogue, CatalogueGuard? guard = null)
    {
        RouteDefinition route = RecordDecoder.HttpRoute;
        return new LineCheck(
            new CatalogueBinder(route, SmallMine.With(route), catalogue, new UnboundNames()),
            catalogue,
            guard ?? new CatalogueGuard(catalogue, new FieldSenders(), new GatewayRegistry()));
    }
}
