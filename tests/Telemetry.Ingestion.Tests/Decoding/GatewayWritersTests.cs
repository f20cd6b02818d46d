using Telemetry.Model;

namespace Telemetry.Ingestion.Tests;

public sealed class GatewayWritersTests
{
    [Fact]
    public void A_gateway_that_bindings_name_has_a_writer_of_its_own()
    {
        var made = new List<string?>();
        var writers = new GatewayWriters(
            gateway =>
            {
                made.Add(gateway);
                var catalogue = new SeriesCatalogue();
                return new PointBatchWriter(
                    new CatalogueBinder(SmallMine.Route(), SmallMine.With(), catalogue, new UnboundNames()));
            },
            ["gw-1", "цэг"]);
        Assert.Equal([null, "gw-1", "цэг"], made);
        PointBatchWriter others = writers.Of("gw-2"u8);
        Assert.Same(others, writers.Of(""u8));
        Assert.NotSame(others, writers.Of("gw-1"u8));
        Assert.NotSame(writers.Of("цэг"u8), writers.Of("gw-1"u8));
    }
}
