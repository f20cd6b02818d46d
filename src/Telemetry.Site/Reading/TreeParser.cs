using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Telemetry.Site.Reading;

/// <summary>
/// Turns YAML into nodes that know their place. YamlDotNet's own model stops at the first repeated key; this one keeps
/// it, so that a reader can go on. Anchors and aliases are refused: a short file could stand for an endless one.
/// </summary>
internal sealed class TreeParser
{
    private readonly SiteSource _file;
    private readonly FaultList _faults;
    private readonly Parser _parser;

    private TreeParser(SiteSource file, FaultList faults)
    {
        _file = file;
        _faults = faults;
        _parser = new Parser(new StringReader(file.Text));
    }

    /// <summary>The root of the only document; null when there is none or it is not YAML.</summary>
    public static Node? Parse(SiteSource file, FaultList faults)
    {
        faults.Begin(file.Name);
        try
        {
            return new TreeParser(file, faults).ParseDocument();
        }
        catch (YamlException e)
        {
            string cause = FirstLine(e.Message);
            faults.Add(Line(e.Start), Column(e.Start), "", $"cannot read YAML: {cause}; nothing is read");
            return null;
        }
    }

    private Node? ParseDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            string remedy = _file.IsFragment
                ? "write \"routes:\" or the like, or remove it"
                : "begin with \"site: NAME\"";
            _faults.Add(1, 1, "", $"cannot read the site: the file is empty; {remedy}");
            return null;
        }

        _parser.Consume<DocumentStart>();
        Node root = ParseNode(depth: 0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
        {
            _faults.Add(
                Line(second.Start), Column(second.Start), "",
                "cannot read a second document: a site file is one; remove the line \"---\"");
        }

        return root;
    }

    private Node ParseNode(int depth)
    {
        if (depth > SiteLimits.DepthMax && _parser.Current is { } tooDeep)
        {
            throw new YamlException(tooDeep.Start, tooDeep.End, $"nested deeper than {SiteLimits.DepthMax} levels");
        }

        if (_parser.Current is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            _faults.Add(
                Line(anchored.Start), Column(anchored.Start), "",
                $"cannot use anchor \"&{anchored.Anchor}\": a site file has none; write the value out");
        }

        if (_parser.TryConsume<SequenceStart>(out var sequence))
        {
            return ParseSequence(sequence, depth);
        }

        if (_parser.TryConsume<MappingStart>(out var mapping))
        {
            return ParseMapping(mapping, depth);
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            string cause = $"cannot use alias \"*{alias.Value}\": a site file has none; write the value out";
            _faults.Add(Line(alias.Start), Column(alias.Start), "", cause);
            return new Node(NodeKind.Scalar, _file.Name, Line(alias.Start), Column(alias.Start), "", isPlain: true);
        }

        Scalar scalar = _parser.Consume<Scalar>();
        return new Node(
            NodeKind.Scalar,
            _file.Name,
            Line(scalar.Start),
            Column(scalar.Start),
            scalar.Value,
            scalar.Style == ScalarStyle.Plain);
    }

    private Node ParseSequence(SequenceStart start, int depth)
    {
        var node = new Node(NodeKind.Sequence, _file.Name, Line(start.Start), Column(start.Start));
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            Node item = ParseNode(depth + 1);
            item.Index = node.Items.Count;
            node.Items.Add(item);
        }

        return node;
    }

    private Node ParseMapping(MappingStart start, int depth)
    {
        var node = new Node(NodeKind.Mapping, _file.Name, Line(start.Start), Column(start.Start));
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            Node key = ParseNode(depth + 1);
            node.Entries.Add(new NodeEntry(key, ParseNode(depth + 1)));
        }

        return node;
    }

    private static int Line(Mark mark) => Math.Max(1, (int)mark.Line);

    private static int Column(Mark mark) => Math.Max(1, (int)mark.Column);

    private static string FirstLine(string message) => message.Split('\n', 2)[0].TrimEnd('\r', '.', ' ');
}
