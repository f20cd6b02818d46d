namespace Telemetry.Site.Reading;

/// <summary>
/// Joins the fragments of a site to its own file: lists behind lists, entries behind entries. Routes are tried in their
/// order, so the own file's come first; only its route for every topic, which stands last, stays the last one.
/// </summary>
internal sealed class TreeMerge
{
    private const string Routes = "routes";
    private readonly FaultList _faults;
    private readonly Node _root;
    private readonly Node? _rest; // the own route for every topic, kept aside until the others are there
    private readonly bool _hasRoutes;

    private TreeMerge(Node root, FaultList faults)
    {
        _root = root;
        _faults = faults;
        List<Node> routes = Find(Routes)?.Items ?? [];
        _hasRoutes = routes.Count > 0;
        if (_hasRoutes && TakesEveryTopic(routes[^1]))
        {
            _rest = routes[^1];
            routes.RemoveAt(routes.Count - 1);
        }
    }

    /// <summary>Adds the fragments to the tree of the own file.</summary>
    public static void Join(Node own, IReadOnlyList<Node> fragments, FaultList faults)
    {
        var merge = new TreeMerge(own, faults);
        foreach (Node fragment in fragments)
        {
            merge.Add(fragment);
        }

        if (merge._rest is { } rest)
        {
            merge.Find(Routes)!.Items.Add(rest);
        }
    }

    private void Add(Node fragment)
    {
        foreach (NodeEntry entry in Section.EntriesOf(fragment, "", _faults))
        {
            if (entry.Key.Text == "site")
            {
                _faults.Add(entry.Key, "", "cannot name the site here: the site file does; remove the key");
            }
            else if (!entry.Value.IsNothing)
            {
                RefuseEveryTopic(entry);
                Add(entry);
            }
        }
    }

    /// <summary>A fragment's route for every topic would stand before the own one and leave it nothing.</summary>
    private void RefuseEveryTopic(NodeEntry entry)
    {
        if (entry.Key.Text != Routes || (_rest is null && _hasRoutes))
        {
            return;
        }

        foreach (Node route in entry.Value.Items.Where(TakesEveryTopic))
        {
            _faults.Add(
                route, $"routes[{route.Index}].topic",
                "cannot take every topic: the site's last route does; write the topics this one is for");
        }

        entry.Value.Items.RemoveAll(TakesEveryTopic);
    }

    private void Add(NodeEntry entry)
    {
        Node? there = Find(entry.Key.Text);
        bool isKeptAside = entry.Key.Text == Routes && _rest is not null;
        if (there is null || there.IsNothing
            || (there is { Kind: NodeKind.Sequence, Items.Count: 0 } && !isKeptAside))
        {
            _root.Entries.RemoveAll(own => own.Key.Text == entry.Key.Text);
            _root.Entries.Add(new NodeEntry(entry.Key, entry.Value));
        }
        else if (there.Kind != entry.Value.Kind || there.Kind == NodeKind.Scalar)
        {
            string place = there.PlaceSeenFrom(entry.Value);
            _faults.Add(
                entry.Value, entry.Key.Text,
                $"cannot join {entry.Value.Describe()} to {there.Describe()} of {place}; write one of its kind");
        }
        else
        {
            there.Items.AddRange(entry.Value.Items);
            there.Entries.AddRange(entry.Value.Entries);
        }
    }

    private Node? Find(string key) => _root.Entries.FirstOrDefault(entry => entry.Key.Text == key).Value;

    private static bool TakesEveryTopic(Node route) =>
        route.Entries.Any(entry => entry is { Key.Text: "topic", Value.Text: "#" });
}
