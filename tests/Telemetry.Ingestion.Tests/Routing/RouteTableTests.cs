using Telemetry.Model;

namespace Telemetry.Ingestion.Tests;

public sealed class RouteTableTests
{
    [Fact]
    public void The_first_route_that_matches_takes_the_topic()
    {
        var table = new RouteTable([SmallMine.Route("mine/+/a"), SmallMine.Route("mine/#"), SmallMine.Route("+/b")]);
        Assert.Equal("route mine/+/a", Find(table, "mine/1/a")?.Route.Definition.Name);
        Assert.Equal("route mine/#", Find(table, "mine/1/b")?.Route.Definition.Name);
        Assert.Equal("route mine/#", Find(table, "mine/b")?.Route.Definition.Name);
        Assert.Equal("route +/b", Find(table, "plant/b")?.Route.Definition.Name);
    }

    [Fact]
    public void A_topic_no_route_takes_has_no_meaning_at_first_and_again()
    {
        var table = new RouteTable([SmallMine.Route("mine/#")]);
        Assert.Null(Find(table, "plant/1"));
        Assert.Null(Find(table, "plant/1"));
    }

    [Fact]
    public void A_topic_is_resolved_once()
    {
        var table = new RouteTable([SmallMine.Route("#")]);
        Assert.Same(Find(table, "a/b", "gw-1"), Find(table, "a/b", "gw-2"));
    }

    [Fact]
    public void A_long_topic_is_resolved_each_time_and_not_remembered()
    {
        var table = new RouteTable([SmallMine.Route("#")]);
        string topic = new('x', IngestionLimits.RememberedTopicBytesMax + 1);
        ResolvedTopic first = Find(table, topic)!;
        Assert.Equal(first.Series, Find(table, topic)!.Series);
        Assert.NotSame(first, Find(table, topic));
        Assert.Equal(0, table.RememberedCount);
    }

    [Fact]
    public void Topics_that_a_sender_makes_up_are_forgotten_by_their_bytes()
    {
        const int bytes = 1_000;
        var table = new RouteTable([SmallMine.Route("#")]);
        int most = 0;
        for (int i = 0; i < 40_000; i++)
        {
            Find(table, $"{i:D8}".PadRight(bytes, 'x'));
            most = Math.Max(most, table.RememberedCount);
        }

        Assert.InRange(most, 10_000, IngestionLimits.RouteTableBytesMax / (2 * bytes));
    }

    [Fact]
    public void A_route_without_measurement_and_tags_takes_them_from_the_levels()
    {
        CheckCatchAll("mine/north/cr-201", "mine,level2=north,level3=cr-201");
        CheckCatchAll("mine", "mine");
        CheckCatchAll("/mine/north", "message,level2=mine,level3=north");
        CheckCatchAll("mine//x", "mine,level3=x");
        CheckCatchAll("/", "message");
        CheckCatchAll("a b/c,d=e", "a\\ b,level2=c\\,d\\=e");
    }

    [Fact]
    public void Templates_fill_measurement_tags_and_gateway()
    {
        RouteDefinition route = SmallMine.Route("mine/#") with
        {
            Measurement = "{2}",
            Tags = [new Tag("site", "pilot"), new Tag("asset", "{3}")],
            GatewayKey = "{2}-gw",
        };
        ResolvedTopic found = Find(new RouteTable([route]), "mine/north/cr-201")!;
        Assert.Equal("north,asset=cr-201,site=pilot", SmallMine.Text(found.Series));
        Assert.Equal(",asset=cr-201,site=pilot", SmallMine.Text(found.ExtraTags));
        Assert.Equal("north-gw", found.GatewayKey);
    }

    [Fact]
    public void Without_a_gateway_key_or_with_an_empty_one_the_sender_is_the_gateway()
    {
        Assert.Null(Find(new RouteTable([SmallMine.Route()]), "a/b")!.GatewayKey);
        RouteDefinition third = SmallMine.Route() with { GatewayKey = "{3}" };
        Assert.Null(Find(new RouteTable([third]), "a/b")!.GatewayKey);
    }

    [Fact]
    public void A_topic_that_means_something_else_per_client_is_resolved_per_client()
    {
        RouteDefinition route = SmallMine.Route() with { Measurement = "m", Tags = [new Tag("gw", "{client}")] };
        var table = new RouteTable([route]);
        for (int round = 0; round < 2; round++)
        {
            Assert.Equal("m,gw=gw-1", SmallMine.Text(Find(table, "a", "gw-1")!.Series));
            Assert.Equal("m,gw=gw-2", SmallMine.Text(Find(table, "a", "gw-2")!.Series));
        }
    }

    [Fact]
    public void Gateways_are_named_by_topics_when_a_route_says_so()
    {
        Assert.False(new RouteTable([SmallMine.Route()]).NamesGateways);
        RouteDefinition naming = SmallMine.Route("x") with { GatewayKey = "{1}" };
        Assert.True(new RouteTable([SmallMine.Route(), naming]).NamesGateways);
    }

    [Fact]
    public void An_ignoring_route_has_no_decoder_and_an_unknown_one_is_a_bug()
    {
        Assert.Null(new Route(SmallMine.Route(decoder: "ignore")).Decoder);
        Assert.NotNull(new Route(SmallMine.Route(decoder: "json")).Decoder);
        Assert.Throws<ArgumentException>(() => new Route(SmallMine.Route(decoder: "xml")));
    }

    private static void CheckCatchAll(string topic, string series)
    {
        ResolvedTopic found = Find(new RouteTable([RouteDefinition.CatchAll]), topic)!;
        Assert.Equal(series, SmallMine.Text(found.Series));
        Assert.Empty(found.ExtraTags);
    }

    private static ResolvedTopic? Find(RouteTable table, string topic, string client = "gw-1") =>
        table.Find(SmallMine.Bytes(topic), SmallMine.Bytes(client));
}
