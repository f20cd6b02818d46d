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
    public void A_measurement_with_half_of_all_names_leaves_the_last_tenth_to_others_and_to_signals()
    {
        var catalogue = new SeriesCatalogue(fieldCountMax: 100);
        InternOutcome Foreign(string key) =>
            catalogue.TryIntern(Encoding.UTF8.GetBytes(key), "v", FieldType.Float, out _, isForeign: true);
        int taken = Enumerable.Range(0, 200).Count(i => Foreign($"job,n={i}") == InternOutcome.Interned);
        Assert.Equal((90, 90, 110L), (taken, catalogue.FieldCount, catalogue.RefusedCount));
        Assert.Equal(InternOutcome.Interned, Foreign("job,n=5")); // it knows what it knows
        Assert.Equal(InternOutcome.Interned, catalogue.TryIntern("job,n=x"u8, "v", FieldType.Float, out _));
        Assert.All(Enumerable.Range(0, 9), i => Assert.Equal(InternOutcome.Interned, Foreign($"pump,n={i}")));
        Assert.Equal(InternOutcome.CatalogueFull, Foreign("pump,n=9"));
        Assert.Equal(InternOutcome.CatalogueFull, catalogue.TryIntern("job,n=y"u8, "v", FieldType.Float, out _));
    }

    [Fact]
    public void Long_names_of_one_measurement_leave_the_last_tenth_of_the_bytes()
    {
        var catalogue = new SeriesCatalogue(nameBytesMax: 1_000);
        int taken = Enumerable.Range(10, 50).Count(i => catalogue.TryIntern(
            Encoding.UTF8.GetBytes($"job,n={new string('x', 91)}{i}"), "v", FieldType.Float, out _, isForeign: true)
            == InternOutcome.Interned);
        Assert.Equal((9, 900L), (taken, catalogue.NameBytes));
        Assert.Equal(
            InternOutcome.Interned, catalogue.TryIntern("pump"u8, "v", FieldType.Float, out _, isForeign: true));
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
