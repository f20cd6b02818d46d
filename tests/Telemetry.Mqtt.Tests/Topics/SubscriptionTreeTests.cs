using System.Text;
using Telemetry.Testing;

namespace Telemetry.Mqtt.Tests.Topics;

public sealed class SubscriptionTreeTests
{
    private static readonly string[] Levels = ["a", "b", "", "$x", "+"];

    [Fact]
    public void A_random_tree_agrees_with_matching_one_filter_after_the_other()
    {
        var random = new Random(4_711);
        for (int round = 0; round < 200; round++)
        {
            var tree = new SubscriptionTree<int>();
            var model = new List<(byte[] Filter, int Value)>();
            for (int step = 0; step < 40; step++)
            {
                ChangeBoth(tree, model, random);
                byte[] topic = RandomPath(random, mayHaveWildcards: false);
                var matches = new List<int>();
                tree.Match(topic, matches);

                Assert.Equal(model.Count, tree.Count);
                Assert.Equal(
                    model.Where(entry => TopicFilter.Matches(entry.Filter, topic)).Select(e => e.Value).Order(),
                    matches.Order());
            }
        }
    }

    [Fact]
    public void An_equal_value_at_the_same_filter_is_replaced()
    {
        var tree = new SubscriptionTree<Subscriber>();

        Assert.True(tree.Add("a"u8, new Subscriber("x", 0)));
        Assert.False(tree.Add("a"u8, new Subscriber("x", 2)));
        var matches = new List<Subscriber>();
        tree.Match("a"u8, matches);

        Assert.Equal(2, Assert.Single(matches).Qos);
        Assert.Equal(1, tree.Count);
        Assert.False(tree.Remove("b"u8, new Subscriber("x", 0)));
        Assert.False(tree.Remove("a"u8, new Subscriber("y", 0)));
        Assert.True(tree.Remove("a"u8, new Subscriber("x", 0)));
        Assert.Equal(0, tree.Count);
    }

    [Fact]
    public void A_filter_that_is_not_valid_is_the_callers_fault() =>
        Assert.Throws<ArgumentException>(() => new SubscriptionTree<int>().Add("a#"u8, 1));

    [Fact]
    public void A_match_allocates_nothing()
    {
        var tree = new SubscriptionTree<int>();
        tree.Add("site/+/temperature"u8, 1);
        tree.Add("site/#"u8, 2);
        tree.Add("site/mill-1/temperature"u8, 3);
        var matches = new List<int>(capacity: 8);

        long allocatedBytes = Allocation.Measure(() =>
        {
            matches.Clear();
            tree.Match("site/mill-1/temperature"u8, matches);
        });

        Assert.Equal(0, allocatedBytes);
        Assert.Equal([1, 2, 3], matches.Order());
    }

    private static void ChangeBoth(SubscriptionTree<int> tree, List<(byte[] Filter, int Value)> model, Random random)
    {
        if (model.Count > 0 && random.Next(3) == 0)
        {
            int index = random.Next(model.Count);
            Assert.True(tree.Remove(model[index].Filter, model[index].Value));
            model.RemoveAt(index);
            return;
        }

        byte[] filter = RandomPath(random, mayHaveWildcards: true);
        int value = random.Next(4);
        bool isNew = !model.Any(entry => entry.Value == value && entry.Filter.AsSpan().SequenceEqual(filter));
        Assert.Equal(isNew, tree.Add(filter, value));
        if (isNew)
        {
            model.Add((filter, value));
        }
    }

    private static byte[] RandomPath(Random random, bool mayHaveWildcards)
    {
        int choices = mayHaveWildcards ? Levels.Length : Levels.Length - 1;
        IEnumerable<string> levels = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Levels[random.Next(choices)]);
        string path = string.Join('/', levels) + (mayHaveWildcards && random.Next(3) == 0 ? "/#" : "");
        return Encoding.UTF8.GetBytes(path.Length == 0 ? "a" : path);
    }

    private readonly record struct Subscriber(string Name, int Qos)
    {
        public bool Equals(Subscriber other) => Name == other.Name;

        public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
    }
}
