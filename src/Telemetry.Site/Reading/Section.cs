using System.Globalization;

namespace Telemetry.Site.Reading;

/// <summary>
/// A mapping whose keys are known. Opening it reports what is unknown or repeated; asking it for a value reports what
/// is missing or of the wrong kind and gives a stand-in, so that reading goes on.
/// </summary>
internal sealed class Section
{
    private readonly Dictionary<string, Node> _values = new(StringComparer.Ordinal);
    private readonly FaultList _faults;

    private Section(Node node, string path, FaultList faults)
    {
        Node = node;
        Path = path;
        _faults = faults;
    }

    public Node Node { get; }

    public string Path { get; }

    /// <summary>Opens a mapping with fixed keys.</summary>
    public static Section Open(Node node, string path, FaultList faults, params IReadOnlyCollection<string> keys)
    {
        var section = new Section(node, path, faults);
        foreach (NodeEntry entry in EntriesOf(node, path, faults))
        {
            if (keys.Contains(entry.Key.Text))
            {
                section._values.Add(entry.Key.Text, entry.Value);
            }
            else
            {
                string wrong = entry.Key.Text;
                faults.Add(entry.Key, path, $"cannot use key \"{wrong}\": unknown; {Suggestion.For(wrong, keys)}");
            }
        }

        return section;
    }

    /// <summary>The entries of a mapping with free keys; repeated and unreadable ones are reported, left out.</summary>
    public static IEnumerable<NodeEntry> EntriesOf(Node node, string path, FaultList faults)
    {
        if (node.Kind != NodeKind.Mapping)
        {
            if (!node.IsNothing)
            {
                faults.Add(node, path, $"expected a mapping, found {node.Describe()}; write \"key: value\" lines");
            }

            yield break;
        }

        var seen = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (NodeEntry entry in node.Entries)
        {
            if (entry.Key.Kind != NodeKind.Scalar)
            {
                faults.Add(entry.Key, path, $"expected a name as key, found {entry.Key.Describe()}; write a word");
            }
            else if (!seen.TryAdd(entry.Key.Text, entry.Key))
            {
                string place = seen[entry.Key.Text].PlaceSeenFrom(entry.Key);
                faults.Add(entry.Key, path, $"cannot use key \"{entry.Key.Text}\" twice: {place} has it; remove one");
            }
            else
            {
                yield return entry;
            }
        }
    }

    public string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    public bool Has(string key) => Find(key) is not null;

    /// <summary>The value of a key; null when it is not there or stands for nothing.</summary>
    public Node? Find(string key) => _values.TryGetValue(key, out Node? value) && !value.IsNothing ? value : null;

    public void Report(string key, string message) =>
        _faults.Add(_values.TryGetValue(key, out Node? value) ? value : Node, PathOf(key), message);

    /// <summary>A child mapping with fixed keys; empty when it is not there.</summary>
    public Section Child(string key, params IReadOnlyCollection<string> keys) =>
        Find(key) is { } value ? Open(value, PathOf(key), _faults, keys) : new Section(Node, PathOf(key), _faults);

    /// <summary>The entries of a child mapping with free keys.</summary>
    public IEnumerable<NodeEntry> Entries(string key) =>
        Find(key) is { } value ? EntriesOf(value, PathOf(key), _faults) : [];

    /// <summary>The items of a list; none when it is not there.</summary>
    public IReadOnlyList<Node> Items(string key)
    {
        Node? value = Find(key);
        if (value is null or { Kind: NodeKind.Sequence })
        {
            return value?.Items ?? [];
        }

        Report(key, $"expected a list, found {value.Describe()}; begin each item with \"- \"");
        return [];
    }

    public string Text(string key, string fallback = "")
    {
        Node? value = Find(key);
        if (value is null or { Kind: NodeKind.Scalar })
        {
            return value?.Text ?? fallback;
        }

        Report(key, $"expected text, found {value.Describe()}; write one value");
        return fallback;
    }

    public string RequireText(string key, string example)
    {
        if (!Has(key))
        {
            _faults.Add(Node, Path, $"cannot do without key \"{key}\"; write \"{key}: {example}\"");
            return "";
        }

        return Text(key);
    }

    /// <summary>A number between two bounds, both allowed.</summary>
    public double Number(string key, double fallback, double min = double.MinValue, double max = double.MaxValue)
    {
        Node? value = Find(key);
        return value is null ? fallback : NumberOf(value, PathOf(key), _faults, fallback, min, max);
    }

    public static double NumberOf(
        Node value, string path, FaultList faults, double fallback,
        double min = double.MinValue, double max = double.MaxValue)
    {
        if (!double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            || !double.IsFinite(number))
        {
            string hint = value.Text.Contains(',') ? "write the decimal point as \".\"" : "write digits, such as 12.5";
            faults.Add(value, path, $"expected a number, found {value.Describe()}; {hint}");
            return fallback;
        }

        if (number < min || number > max)
        {
            string bounds = max == double.MaxValue
                ? FormattableString.Invariant($"at least {min}")
                : FormattableString.Invariant($"{min} to {max}");
            faults.Add(value, path, $"cannot use {value.Text}: out of bounds; write a number of {bounds}");
            return fallback;
        }

        return number;
    }

    public bool Flag(string key, bool fallback)
    {
        string text = Text(key);
        if (text is "" or "true" or "false")
        {
            return text.Length == 0 ? fallback : text == "true";
        }

        Report(key, $"expected true or false, found \"{text}\"; write one of them");
        return fallback;
    }
}
