using Telemetry.Model;
using Telemetry.Payloads;
using Telemetry.Site;

namespace Telemetry.Ingestion.Tests;

/// <summary>Messages of gateways, a file for each family, and what a person reads in them.</summary>
public sealed class GatewayVectorTests
{
    private const int Seed = 41;
    private const int DamagedCount = 300; // of each message

    public static TheoryData<GatewayCase> Cases => [.. GatewayCase.ReadAll()];

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public async Task A_message_becomes_what_a_person_reads_in_it(GatewayCase message)
    {
        List<string> points = await GatewayDecoding.DecodeAsync(message.Routes, message.Topic, message.Payload);
        Assert.Equal(string.Join('\n', message.Expected), string.Join('\n', points));
    }

    [Fact]
    public void Cut_and_damaged_messages_are_answered_without_an_exception()
    {
        var random = new Random(Seed);
        foreach (GatewayCase message in GatewayCase.ReadAll())
        {
            SiteLoad load = SiteFile.Load($"site: pilot\nroutes:\n{message.Routes}", message.Place);
            foreach (RouteDefinition route in load.Catalogue!.Routes.Where(route => route.Decoder != "ignore"))
            {
                IRouteDecoder decoder = DecoderCatalogue.Create(route);
                for (int i = 0; i < message.Payload.Length + DamagedCount; i++)
                {
                    byte[] payload = i < message.Payload.Length
                        ? message.Payload[..i]
                        : Damage([.. message.Payload], random);
                    Decode(decoder, route, payload);
                }
            }
        }
    }

    private static byte[] Damage(byte[] payload, Random random)
    {
        for (int i = random.Next(3); i >= 0 && payload.Length > 0; i--)
        {
            byte[] letters = [.. "{}[]:,\"\\019.-enu \0"u8, (byte)random.Next(256)];
            payload[random.Next(payload.Length)] = letters[random.Next(letters.Length)];
        }

        return payload;
    }

    private static void Decode(IRouteDecoder decoder, RouteDefinition route, byte[] payload)
    {
        var binder = new CatalogueBinder(route, SmallMine.With(route), new SeriesCatalogue(), new UnboundNames());
        var writer = new PointBatchWriter(binder);
        writer.Attach(new PointBatch());
        writer.BeginRecord(0, 0, 0, 0);
        decoder.Decode(payload, new DecodeContext { Series = "m"u8 }, writer, out PayloadFault fault);
        Assert.InRange(fault.Offset, 0, payload.Length);
    }
}
