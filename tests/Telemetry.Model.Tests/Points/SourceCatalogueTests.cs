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
