using System.Text;
using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Ingestion.Tests;

public sealed class RouteDecoderTests
{
    [Theory]
    [InlineData("line-protocol", "m a=1")]
    [InlineData("json", "{\"a\":1}")]
    [InlineData("cbor", "\u0001")]
    [InlineData("senml", "[{\"n\":\"a\",\"v\":1}]")]
    [InlineData("sparkplug", "\u0012\u0005\u000A\u0001ap\u0001")]
    [InlineData("auto", "1")]
    public void A_decoder_is_made_by_its_name_and_reads_its_format(string name, string payload)
    {
        var batch = new PointBatch();
        var catalogue = new SeriesCatalogue();
        RouteDefinition route = SmallMine.Route(decoder: name);
        var writer = new PointBatchWriter(
            new CatalogueBinder(route, SmallMine.With(route), catalogue, new UnboundNames()));
        writer.Attach(batch);
        writer.BeginRecord(0, 0, 0, 0);
        DecodeStatus status = DecoderCatalogue.Create(route).Decode(
            Encoding.UTF8.GetBytes(payload), new DecodeContext { Series = "m"u8 }, writer, out _);
        Assert.Equal((DecodeStatus.Decoded, 1), (status, batch.Samples.Length));
    }

    [Fact]
    public void No_other_name_makes_a_decoder() =>
        Assert.Throws<ArgumentException>(() => DecoderCatalogue.Create(SmallMine.Route(decoder: "xml")));
}
