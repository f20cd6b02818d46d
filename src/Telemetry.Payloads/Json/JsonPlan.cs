using System.Text;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>A <see cref="JsonMapping"/> made ready: its paths cut into keys. Immutable.</summary>
internal sealed class JsonPlan
{
    private readonly byte[][][] _paths; // by role: Name, Value, Time, Quality, Unit
    private readonly JsonMapping _mapping;

    public JsonPlan(JsonMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        _mapping = mapping;
        Samples = Cut(mapping.Samples);
        _paths =
            [Cut(mapping.Name), Cut(mapping.Value), Cut(mapping.Time), Cut(mapping.Quality), Cut(mapping.Unit)];
        for (int i = 0; i < _paths.Length; i++)
        {
            Mapped |= _paths[i].Length > 0 ? (JsonRole)(1 << i) : JsonRole.None;
        }

        Precision = mapping.Precision;
        Separator = Encoding.UTF8.GetBytes(mapping.Separator);
    }

    /// <summary>Keys from the payload down to the samples; none when the payload is the sample.</summary>
    public byte[][] Samples { get; }

    /// <summary>The roles that have a path.</summary>
    public JsonRole Mapped { get; }

    public TimePrecision Precision { get; }

    public byte[] Separator { get; }

    /// <summary>No path at all: shapes are recognised by themselves.</summary>
    public bool IsDefault => Mapped == JsonRole.None && Samples.Length == 0;

    /// <summary>
    /// Where the path to the samples ends at an object, its members are the samples, named by their keys.
    /// </summary>
    public bool TakesKeysForNames =>
        Samples.Length > 0 && (Mapped & (JsonRole.Name | JsonRole.Value)) == JsonRole.Value;

    /// <summary>Any key may be a field's, so that a number in quotes may be a value or a text.</summary>
    public bool TakesNumbersInText => !Maps(JsonRole.Value);

    public bool Maps(JsonRole role) => (Mapped & role) != 0;

    /// <summary>
    /// The path that explains why a payload gave nothing; null when every path that matters was there.
    /// </summary>
    /// <param name="hasSamples">The path to the samples was there.</param>
    /// <param name="sampleCount">How many samples were looked at.</param>
    /// <param name="met">The roles whose path was there in some sample.</param>
    public string? PathThatFoundNothing(bool hasSamples, int sampleCount, JsonRole met)
    {
        JsonRole missing = Mapped & ~met;
        return Samples.Length > 0 && !hasSamples ? _mapping.Samples
            : sampleCount == 0 ? null
            : (missing & JsonRole.Value) != 0 ? _mapping.Value
            : (missing & JsonRole.Time) != 0 ? _mapping.Time
            : null;
    }

    /// <summary>Of the paths followed so far, those that go on with this key.</summary>
    /// <param name="active">The paths whose first <paramref name="depth"/> keys were met.</param>
    /// <param name="depth">How many keys deep.</param>
    /// <param name="key">The key, without escapes.</param>
    /// <param name="ended">Of those, the paths that end with this key.</param>
    public JsonRole Follow(JsonRole active, int depth, ReadOnlySpan<byte> key, out JsonRole ended)
    {
        JsonRole matched = JsonRole.None;
        ended = JsonRole.None;
        for (int i = 0; i < _paths.Length; i++)
        {
            var role = (JsonRole)(1 << i);
            byte[][] path = _paths[i];
            if ((active & role) != 0 && depth < path.Length && key.SequenceEqual(path[depth]))
            {
                matched |= role;
                ended |= depth + 1 == path.Length ? role : JsonRole.None;
            }
        }

        return matched;
    }

    /// <summary>
    /// Keys joined by dots, a backslash before a dot that belongs to a key. Arrays are walked wherever one stands, so
    /// that <c>[]</c> behind a key is for the reader only.
    /// </summary>
    private static byte[][] Cut(string path)
    {
        var keys = new List<byte[]>();
        var key = new StringBuilder();
        for (int i = 0; i < path.Length; i++)
        {
            if (path[i] == '\\' && i + 1 < path.Length)
            {
                key.Append(path[++i]);
            }
            else if (path[i] == '.')
            {
                AddKey(keys, key);
            }
            else
            {
                key.Append(path[i]);
            }
        }

        AddKey(keys, key);
        return [.. keys];
    }

    private static void AddKey(List<byte[]> keys, StringBuilder key)
    {
        string text = key.ToString();
        key.Clear();
        while (text.EndsWith("[]", StringComparison.Ordinal))
        {
            text = text[..^2];
        }

        if (text.Length > 0)
        {
            keys.Add(Encoding.UTF8.GetBytes(text));
        }
    }
}
