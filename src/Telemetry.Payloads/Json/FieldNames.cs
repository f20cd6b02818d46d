using System.Text;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// What a mapping makes of field names: which are kept, what else they are called, and which of their parts are tags.
/// </summary>
internal sealed class FieldNames
{
    private const string FieldPart = "field";

    private readonly Pattern[] _include;
    private readonly Pattern[] _exclude;
    private readonly Utf8Table<byte[]> _rename;
    private readonly byte[][] _literals; // before, between and behind the parts
    private readonly int _fieldPart;

    public FieldNames(JsonMapping mapping)
    {
        _include = [.. mapping.Include.Select(Pattern.Of)];
        _exclude = [.. mapping.Exclude.Select(Pattern.Of)];
        _rename = new Utf8Table<byte[]>(
            mapping.Rename.Select(pair => KeyValuePair.Create(pair.Key, Encoding.UTF8.GetBytes(pair.Value))));
        string[] pieces = mapping.Names.Split('{', '}'); // literal, part, literal, part … literal
        _literals = [.. pieces.Where((_, i) => i % 2 == 0).Select(Encoding.UTF8.GetBytes)];
        string[] parts = [.. pieces.Where((_, i) => i % 2 == 1)];
        _fieldPart = Array.IndexOf(parts, FieldPart);
        PartKeys = [.. parts.Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>Names are kept as they are.</summary>
    public bool KeepsAll => _include.Length == 0 && _exclude.Length == 0 && _rename.IsEmpty;

    /// <summary>Parts of names are tags.</summary>
    public bool HasParts => _fieldPart >= 0;

    /// <summary>What the parts of a name are called, the field among them.</summary>
    public byte[][] PartKeys { get; }

    /// <summary>The part that is the field's name.</summary>
    public int FieldPartIndex => _fieldPart;

    public bool Keeps(ReadOnlySpan<byte> name)
    {
        bool keeps = _include.Length == 0;
        foreach (Pattern pattern in _include)
        {
            keeps |= pattern.Matches(name);
        }

        foreach (Pattern pattern in _exclude)
        {
            keeps &= !pattern.Matches(name);
        }

        return keeps;
    }

    public bool TryRename(ReadOnlySpan<byte> name, out byte[]? other) => _rename.TryFind(name, out other);

    /// <summary>Cuts a name into its parts; each but the last ends where the text behind it stands first.</summary>
    /// <param name="name">The name.</param>
    /// <param name="parts">As many as <see cref="PartKeys"/>.</param>
    /// <returns>False for a name that is not made so.</returns>
    public bool TryCut(ReadOnlySpan<byte> name, Span<Range> parts)
    {
        if (!name.StartsWith(_literals[0]))
        {
            return false;
        }

        int start = _literals[0].Length;
        for (int i = 0; i < PartKeys.Length; i++)
        {
            byte[] behind = _literals[i + 1];
            bool isLast = i == PartKeys.Length - 1;
            int bytes = !isLast ? name[start..].IndexOf(behind)
                : name[start..].EndsWith(behind) ? name.Length - start - behind.Length
                : -1;
            if (bytes <= 0)
            {
                return false;
            }

            parts[i] = start..(start + bytes);
            start += bytes + behind.Length;
        }

        return true;
    }

    /// <summary>A name, or its beginning and its end where an asterisk stands between them.</summary>
    private readonly record struct Pattern(byte[] Start, byte[]? End)
    {
        public static Pattern Of(string text)
        {
            string[] parts = text.Split('*', 2);
            return new Pattern(
                Encoding.UTF8.GetBytes(parts[0]), parts.Length > 1 ? Encoding.UTF8.GetBytes(parts[1]) : null);
        }

        public bool Matches(ReadOnlySpan<byte> name) => End is null
            ? name.SequenceEqual(Start)
            : name.Length >= Start.Length + End.Length && name.StartsWith(Start) && name.EndsWith(End);
    }
}
