namespace Telemetry.Site.Reading;

internal enum NodeKind
{
    Scalar,
    Sequence,
    Mapping,
}

/// <summary>One key of a mapping with its value; keys may repeat, which a reader reports.</summary>
internal readonly record struct NodeEntry(Node Key, Node Value);

/// <summary>A part of the document with the place where it stands. Nothing is interpreted yet.</summary>
internal sealed class Node(
    NodeKind kind, string file, int line, int column, string text = "", bool isPlain = false)
{
    public NodeKind Kind { get; } = kind;

    /// <summary>The file it stands in, as faults call it.</summary>
    public string File { get; } = file;

    public int Line { get; } = line;

    public int Column { get; } = column;

    /// <summary>A scalar's text; empty for the others.</summary>
    public string Text { get; } = text;

    /// <summary>An unquoted scalar that stands for nothing: empty, <c>~</c> or <c>null</c>.</summary>
    public bool IsNothing { get; } = kind == NodeKind.Scalar && isPlain && text is "" or "~" or "null";

    /// <summary>Which item of its list it is in its own file; 0 for what is no item.</summary>
    public int Index { get; set; }

    public List<Node> Items { get; } = [];

    public List<NodeEntry> Entries { get; } = [];

    /// <summary>Where it stands, for a message about another node.</summary>
    public string PlaceSeenFrom(Node other) => File == other.File ? $"line {Line}" : $"{File}:{Line}";

    /// <summary>What a message calls it.</summary>
    public string Describe() => Kind switch
    {
        NodeKind.Scalar => IsNothing ? "nothing" : $"\"{Text}\"",
        NodeKind.Sequence => "a list",
        _ => "a mapping",
    };
}
