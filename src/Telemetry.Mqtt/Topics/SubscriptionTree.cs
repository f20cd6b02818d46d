namespace Telemetry.Mqtt;

/// <summary>
/// Topic filters as a tree of levels, with the values that were put there. A match walks bytes and allocates nothing
/// but what the list of results grows by. Not thread-safe: many may match, or one may change.
/// </summary>
/// <typeparam name="T">
/// What is subscribed, equal to itself by its own equality: an equal value at the same filter is replaced.
/// </typeparam>
public sealed class SubscriptionTree<T>
{
    private readonly Node _root = new(parent: null, level: []);

    /// <summary>Values in the tree, over all filters.</summary>
    public int Count { get; private set; }

    /// <summary>Puts a value at a filter.</summary>
    /// <returns>False when an equal value was there, which <paramref name="value"/> then replaces.</returns>
    /// <exception cref="ArgumentException">The filter is not valid (<see cref="TopicFilter.IsValid"/>).</exception>
    public bool Add(ReadOnlySpan<byte> filter, T value)
    {
        RequireValid(filter);
        Node node = _root;
        bool goesOn = true;
        while (goesOn)
        {
            node = node.Reserve(TopicFilter.TakeLevel(ref filter, out goesOn));
        }

        int index = node.Values.IndexOf(value);
        if (index >= 0)
        {
            node.Values[index] = value;
            return false;
        }

        node.Values.Add(value);
        Count++;
        return true;
    }

    /// <summary>Takes a value from a filter; false when it was not there.</summary>
    public bool Remove(ReadOnlySpan<byte> filter, T value)
    {
        Node? node = _root;
        bool goesOn = true;
        while (goesOn && node is not null)
        {
            node = node.Find(TopicFilter.TakeLevel(ref filter, out goesOn));
        }

        if (node is null || !node.Values.Remove(value))
        {
            return false;
        }

        Count--;
        Prune(node);
        return true;
    }

    /// <summary>
    /// Adds to <paramref name="matches"/> the values of every filter that matches the topic name. A value that stands
    /// at several of them is added as often.
    /// </summary>
    public void Match(ReadOnlySpan<byte> topic, List<T> matches)
    {
        // Wildcards in the first level do not see names that begin with $ [MQTT-4.7.2-1].
        bool mayUseWildcards = topic is not [TopicFilter.ReservedPrefix, ..];
        Match(_root, topic, mayUseWildcards, matches);
    }

    // As deep as the filters have levels: at most TopicName.LevelCountMax calls.
    private static void Match(Node node, ReadOnlySpan<byte> rest, bool mayUseWildcards, List<T> matches)
    {
        if (mayUseWildcards)
        {
            AddValues(node.AnyDepth, matches);
        }

        ReadOnlySpan<byte> level = TopicFilter.TakeLevel(ref rest, out bool goesOn);
        Step(node.FindNamed(level), rest, goesOn, matches);
        if (mayUseWildcards)
        {
            Step(node.AnyLevel, rest, goesOn, matches);
        }
    }

    private static void Step(Node? node, ReadOnlySpan<byte> rest, bool goesOn, List<T> matches)
    {
        if (node is null)
        {
            return;
        }

        if (goesOn)
        {
            Match(node, rest, mayUseWildcards: true, matches);
            return;
        }

        AddValues(node, matches);
        AddValues(node.AnyDepth, matches); // "a/#" matches its parent "a" as well (§4.7.1.2)
    }

    private static void AddValues(Node? node, List<T> matches)
    {
        if (node is not null)
        {
            matches.AddRange(node.Values);
        }
    }

    private static void Prune(Node node)
    {
        while (node.IsEmpty && node.Parent is not null)
        {
            Node parent = node.Parent;
            parent.Detach(node);
            node = parent;
        }
    }

    private static void RequireValid(ReadOnlySpan<byte> filter)
    {
        if (!TopicFilter.IsValid(filter))
        {
            throw new ArgumentException("cannot add subscription: the topic filter is not valid", nameof(filter));
        }
    }

    private sealed class Node(Node? parent, byte[] level)
    {
        private Dictionary<byte[], Node>? _named;

        public Node? Parent { get; } = parent;

        public List<T> Values { get; } = [];

        /// <summary>The child for the level <c>+</c>.</summary>
        public Node? AnyLevel { get; private set; }

        /// <summary>The child for the level <c>#</c>; it has no children.</summary>
        public Node? AnyDepth { get; private set; }

        public bool IsEmpty =>
            Values.Count == 0 && AnyLevel is null && AnyDepth is null && _named is null or { Count: 0 };

        public Node? Find(ReadOnlySpan<byte> name) => name switch
        {
            [TopicFilter.SingleLevelWildcard] => AnyLevel,
            [TopicFilter.MultiLevelWildcard] => AnyDepth,
            _ => FindNamed(name),
        };

        public Node? FindNamed(ReadOnlySpan<byte> name) =>
            _named is not null && Lookup(_named).TryGetValue(name, out Node? child) ? child : null;

        public Node Reserve(ReadOnlySpan<byte> name)
        {
            Node? child = Find(name);
            if (child is not null)
            {
                return child;
            }

            child = new Node(this, name.ToArray());
            switch (name)
            {
                case [TopicFilter.SingleLevelWildcard]:
                    AnyLevel = child;
                    break;
                case [TopicFilter.MultiLevelWildcard]:
                    AnyDepth = child;
                    break;
                default:
                    _named ??= new Dictionary<byte[], Node>(LevelComparer.Instance);
                    _named.Add(child.Level, child);
                    break;
            }

            return child;
        }

        public void Detach(Node child)
        {
            if (child == AnyLevel)
            {
                AnyLevel = null;
            }
            else if (child == AnyDepth)
            {
                AnyDepth = null;
            }
            else
            {
                _named?.Remove(child.Level);
            }
        }

        private byte[] Level { get; } = level;

        private static Dictionary<byte[], Node>.AlternateLookup<ReadOnlySpan<byte>> Lookup(
            Dictionary<byte[], Node> named) => named.GetAlternateLookup<ReadOnlySpan<byte>>();
    }
}
