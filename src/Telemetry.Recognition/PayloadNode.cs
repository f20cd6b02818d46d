using System.Globalization;

namespace Telemetry.Recognition;

/// <summary>What a node of a payload is.</summary>
internal enum NodeKind
{
    Object,
    Array,
    Text,
    Number,
    Truth,
    Null,
}

/// <summary>A value of a JSON payload, with the values inside it. Immutable.</summary>
internal sealed class PayloadNode
{
    private PayloadNode(NodeKind kind) => Kind = kind;

    public NodeKind Kind { get; }

    /// <summary>Text without escapes, or the number or word as written; empty for objects and arrays.</summary>
    public string Text { get; private init; } = "";

    /// <summary>The value of a number; NaN for all else.</summary>
    public double Number { get; private init; } = double.NaN;

    public IReadOnlyList<KeyValuePair<string, PayloadNode>> Members { get; private init; } = [];

    public IReadOnlyList<PayloadNode> Items { get; private init; } = [];

    public bool IsScalar => Kind is not (NodeKind.Object or NodeKind.Array);

    public static PayloadNode OfObject(IReadOnlyList<KeyValuePair<string, PayloadNode>> members) =>
        new(NodeKind.Object) { Members = members };

    public static PayloadNode OfArray(IReadOnlyList<PayloadNode> items) => new(NodeKind.Array) { Items = items };

    public static PayloadNode OfScalar(NodeKind kind, string text) => new(kind)
    {
        Text = text,
        Number = kind == NodeKind.Number
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                ? number
                : double.NaN,
    };

    /// <summary>The value under a key; of equal keys the last.</summary>
    public PayloadNode? Member(string key) => Members.LastOrDefault(member => member.Key == key).Value;

    /// <summary>
    /// All values at a path: keys joined by dots, <c>*</c> for any key. Arrays are walked wherever one stands on the
    /// way; <c>[]</c> behind the last key walks the one found there.
    /// </summary>
    public IEnumerable<PayloadNode> At(string path)
    {
        IEnumerable<PayloadNode> nodes = [this];
        foreach (string part in path.Split('.'))
        {
            string key = part.Replace("[]", "", StringComparison.Ordinal);
            nodes = key.Length == 0
                ? nodes.SelectMany(Elements)
                : nodes.SelectMany(Elements).SelectMany(node => MembersUnder(node, key));
        }

        return path.EndsWith("[]", StringComparison.Ordinal) ? nodes.SelectMany(Elements) : nodes;
    }

    /// <summary>This node and all below it.</summary>
    public IEnumerable<PayloadNode> All() =>
        Members.Select(member => member.Value).Concat(Items).SelectMany(node => node.All()).Prepend(this);

    private static IEnumerable<PayloadNode> Elements(PayloadNode node) =>
        node.Kind == NodeKind.Array ? node.Items.SelectMany(Elements) : [node];

    private static IEnumerable<PayloadNode> MembersUnder(PayloadNode node, string key) =>
        key == "*" ? node.Members.Select(member => member.Value)
        : node.Member(key) is { } only ? [only]
        : [];
}
