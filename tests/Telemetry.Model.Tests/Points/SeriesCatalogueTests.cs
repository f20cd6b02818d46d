using System.Text;

namespace Telemetry.Model.Tests.Points;

public sealed class SeriesCatalogueTests
{
    [Fact]
    public void Equal_names_have_one_identity_and_identities_are_dense()
    {
        var catalogue = new SeriesCatalogue();
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 1_000; i++)
            {
                byte[] key = Encoding.UTF8.GetBytes($"m,n={i / 2}");
                Assert.Equal(
                    InternOutcome.Interned, catalogue.TryIntern(key, $"f{i % 2}", FieldType.Float, out Field? field));
                Assert.Equal((i, i / 2), (field!.Id, field.Series.Id));
                Assert.Same(field, catalogue.FieldAt(i));
                Assert.Same(field.Series, catalogue.SeriesAt(i / 2));
            }
        }

        Assert.Equal((1_000, 500), (catalogue.FieldCount, catalogue.SeriesCount));
    }

    [Fact]
    public void The_first_type_of_a_measurements_field_stays()
    {
        var catalogue = new SeriesCatalogue();
        catalogue.TryIntern("m,a=1"u8, "f", FieldType.Float, out _);
        Assert.Equal(InternOutcome.TypeConflict, catalogue.TryIntern("m,a=1"u8, "f", FieldType.Integer, out _));
        Assert.Equal(
            InternOutcome.TypeConflict, catalogue.TryIntern("m,a=2"u8, "f", FieldType.Integer, out Field? none));
        Assert.Null(none);
        Assert.Equal(InternOutcome.Interned, catalogue.TryIntern("n"u8, "f", FieldType.Integer, out _));
        Assert.True(catalogue.TryGetType("m", "f", out FieldType type));
        Assert.Equal(FieldType.Float, type);
    }

    [Fact]
    public void At_its_ceiling_it_knows_what_it_knows_and_takes_no_more()
    {
        var catalogue = new SeriesCatalogue(fieldCountMax: 2);
        catalogue.TryIntern("m"u8, "a", FieldType.Float, out _);
        catalogue.TryIntern("m"u8, "b", FieldType.Float, out _);
        Assert.Equal(InternOutcome.CatalogueFull, catalogue.TryIntern("m"u8, "c", FieldType.Float, out _));
        Assert.Equal(InternOutcome.CatalogueFull, catalogue.TryIntern("n"u8, "a", FieldType.Float, out _));
        Assert.Equal(InternOutcome.Interned, catalogue.TryIntern("m"u8, "b", FieldType.Float, out _));
        Assert.Equal(1, catalogue.SeriesCount);
    }

    [Fact]
    public void Names_are_counted_by_their_bytes_too()
    {
        var catalogue = new SeriesCatalogue(nameBytesMax: 10);
        Assert.Equal(InternOutcome.Interned, catalogue.TryIntern("series"u8, "ab", FieldType.Float, out _));
        Assert.Equal(InternOutcome.CatalogueFull, catalogue.TryIntern("m"u8, "cd", FieldType.Float, out _));
        Assert.Equal(InternOutcome.Interned, catalogue.TryIntern("series"u8, "cd", FieldType.Float, out _));
        Assert.Equal(InternOutcome.CatalogueFull, catalogue.TryIntern("series"u8, "e", FieldType.Float, out _));
        Assert.Equal(InternOutcome.Interned, catalogue.TryIntern("series"u8, "ab", FieldType.Float, out _));
    }

    [Fact]
    public void A_series_shows_its_names_without_escapes()
    {
        var catalogue = new SeriesCatalogue();
        catalogue.TryIntern(@"a\ b,c=d\,e"u8, "f", FieldType.Float, out Field? field);
        Assert.Equal("a b", field!.Series.Measurement);
        Assert.Equal([new Tag("c", "d,e")], field.Series.Tags);
    }
}
