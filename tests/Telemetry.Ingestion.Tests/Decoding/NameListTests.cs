using Telemetry.Model;

namespace Telemetry.Ingestion.Tests;

/// <summary>Lists of names that senders make up, by their bytes.</summary>
public sealed class NameListTests
{
    private const int NameBytes = 60_000;

    [Fact]
    public void The_list_of_ignored_topics_has_a_ceiling_and_the_oldest_makes_room()
    {
        var topics = new IgnoredTopics();
        for (int i = 0; i < 1_100; i++)
        {
            topics.Add(SmallMine.Bytes($"t/{i}"), "c"u8, RecordFate.NoRoute, i);
            topics.Add("t/0"u8, "c"u8, RecordFate.NoRoute, i);
        }

        Assert.Equal((1_000, "t/0", 1_101L),
            (topics.Newest().Count, topics.Newest()[0].Topic, topics.Newest()[0].Count));
    }

    [Fact]
    public void Long_unbound_names_are_listed_while_there_is_room_and_short_ones_all()
    {
        var names = new UnboundNames();
        for (int i = 0; i < 1_000; i++)
        {
            names.Add(new UnboundName("r", Long(i), "f"));
            names.Add(new UnboundName("r", Long(0), "f")); // known: it takes nothing
        }

        Assert.InRange(names.Names.Count, 10, IngestionLimits.ListedNameBytesMax / NameBytes);
        Assert.Equal(1_000, names.Names.Count + names.Unlisted);
        Assert.Equal(10_000, CountOf(10_000));
    }

    [Fact]
    public void Long_refused_names_are_listed_while_there_is_room_and_go_on_counting()
    {
        var names = new RefusedNames();
        var tally = new RefusedTally(null, 1, "gw-1", new string('t', NameBytes));
        for (int i = 0; i < 1_000; i++)
        {
            names.Add(new RefusedName(Long(i), "f", FieldType.Float, InternOutcome.CatalogueFull), tally);
            names.Add(new RefusedName(Long(0), "f", FieldType.Float, InternOutcome.CatalogueFull), tally);
        }

        Assert.InRange(names.Names.Count, 10, IngestionLimits.ListedNameBytesMax / NameBytes);
        Assert.Equal(1_000, names.Names.Count + names.Unlisted);
        Assert.Equal(1_001, names.Names.Single(name => name.Key.Series == Long(0)).Value.Count);
        Assert.All(names.Names, name => Assert.InRange(name.Value.Topic.Length, 1, 201));
    }

    [Fact]
    public void Gateways_with_long_keys_share_one_entry_when_there_is_no_room_left()
    {
        var gateways = new GatewayRegistry();
        GatewayStatus first = gateways.Of(SmallMine.Bytes(Long(0)));
        for (int i = 0; i < 1_000; i++)
        {
            gateways.Of(SmallMine.Bytes(Long(i))).Count(1, 1, 0, RecordFate.Decoded);
        }

        Assert.InRange(gateways.All.Count - 1, 10, IngestionLimits.GatewayKeyBytesMax / NameBytes);
        Assert.Same(first, gateways.Of(SmallMine.Bytes(Long(0))));
        GatewayStatus others = gateways.Of(SmallMine.Bytes(Long(1_000)));
        Assert.Equal("(others)", others.Key);
        Assert.Contains(others, gateways.All);
    }

    [Fact]
    public void A_gateway_that_sent_nothing_since_the_start_is_not_listed()
    {
        var gateways = new GatewayRegistry();
        GatewayStatus gateway = gateways.Of("gw-1"u8); // as a reader of the old log names it
        Assert.Empty(gateways.All);
        gateway.Count(1, 1, 0, RecordFate.Decoded);
        Assert.Equal([gateway], gateways.All);
    }

    [Fact]
    public void Long_topics_that_gave_nothing_make_room_by_their_bytes()
    {
        var topics = new IgnoredTopics();
        for (int i = 0; i < 1_000; i++)
        {
            topics.Add(SmallMine.Bytes(Long(i)), "c"u8, RecordFate.NoRoute, i);
        }

        IReadOnlyList<IgnoredTopic> listed = topics.Newest();
        Assert.InRange(listed.Count, 10, IngestionLimits.ListedNameBytesMax / NameBytes);
        Assert.Equal(Long(999), listed[0].Topic);
    }

    private static int CountOf(int count)
    {
        var names = new UnboundNames();
        for (int i = 0; i < count; i++)
        {
            names.Add(new UnboundName("r", $"m,asset={i}", "f"));
        }

        return names.Names.Count;
    }

    private static string Long(int number) => $"{number:D8}".PadRight(NameBytes, 'x');
}
