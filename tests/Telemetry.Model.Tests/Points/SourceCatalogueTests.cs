namespace Telemetry.Model.Tests.Points;

public class SourceCatalogueTests
{
    private static readonly SampleSource Sensor = new("pump,site=a", "T1", "[degF]", 5.0 / 9, -160.0 / 9);

    [Fact]
    public void A_source_has_one_number_for_ever()
    {
        var sources = new SourceCatalogue();

        int number = sources.NumberOf(Sensor);
        int other = sources.NumberOf(Sensor with { Unit = "Cel" });

        Assert.Equal((1, 2, 1, 2), (number, other, sources.NumberOf(Sensor with { }), sources.Count));
        Assert.Equal(Sensor, sources.At(number));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(2)]
    public void A_number_never_given_has_no_source(int number)
    {
        var sources = new SourceCatalogue();
        sources.NumberOf(Sensor);

        Assert.Null(sources.At(number));
    }

    [Fact]
    public void Beyond_the_ceiling_on_names_a_source_has_no_number_and_those_known_keep_theirs()
    {
        var sources = new SourceCatalogue(nameBytesMax: 40);
        sources.Restore(1, Sensor); // 11 + 2 + 6 bytes

        Assert.Equal(2, sources.NumberOf(Sensor with { Field = "T2" }));
        Assert.Equal(0, sources.NumberOf(Sensor with { Field = "T3" }));
        Assert.Equal(3, sources.NumberOf(new SampleSource("", "f", "")));
        Assert.Equal((1, 3), (sources.NumberOf(Sensor), sources.Count));
    }

    [Fact]
    public void Numbers_of_an_earlier_run_are_taken_back_and_new_ones_follow()
    {
        var sources = new SourceCatalogue();

        sources.Restore(2, Sensor);

        Assert.Equal((2, 3), (sources.NumberOf(Sensor), sources.NumberOf(Sensor with { Unit = "Cel" })));
        Assert.Null(sources.At(1));
        sources.Restore(2, Sensor);
        Assert.Throws<InvalidOperationException>(() => sources.Restore(3, Sensor));
    }
}
