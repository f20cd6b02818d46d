using System.Numerics;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>A <see cref="JsonMapping"/> made ready: its paths cut into keys, its names as bytes. Immutable.</summary>
internal sealed class JsonPlan
{
    private const int RoleCountMax = 32; // bits of JsonRole
    private const int TagCountMax = 16; // bits of JsonRole.Tags
    private const int ConditionCountMax = 8; // bits of JsonRole.Conditions
    private const string NameCapture = "name";

    private readonly byte[][]?[] _paths = new byte[RoleCountMax][][]; // by bit of the role
    private readonly JsonMapping _mapping;
    private readonly double[] _invalid;

    public JsonPlan(JsonMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        _mapping = mapping;
        Samples = JsonPath.Cut(mapping.Samples);
        Add(JsonRole.Name, mapping.Name);
        Add(JsonRole.Value, mapping.Value);
        Add(JsonRole.Time, mapping.Time);
        Add(JsonRole.TimeRest, mapping.TimeRest);
        Add(JsonRole.Quality, mapping.Quality);
        Add(JsonRole.Unit, mapping.Unit);
        Add(JsonRole.Bytes, mapping.Bytes);
        TagKeys = [.. AddTags().Select(Encoding.UTF8.GetBytes)];
        AddConditions();
        Separator = Encoding.UTF8.GetBytes(mapping.Separator);
        Words = new Utf8Table<JsonConstant>(mapping.Words);
        Qualities = new Utf8Table<byte>(mapping.Qualities);
        Defaults = [.. mapping.Defaults.Select(pair => (Encoding.UTF8.GetBytes(pair.Key), pair.Value))];
        Names = new FieldNames(mapping);
        _invalid = [.. mapping.Invalid];
        HasPlaces = Known != JsonRole.None;
        NamesSamples = Maps(JsonRole.Name) || Captures.Contains(JsonRole.Name);
        TakesKeysForNames = Samples.Length > 0 && Maps(JsonRole.Value) && !NamesSamples;
        TakesPlaces = _paths.Any(path => path is [[(byte)'[', ..], ..]);
        IsDefault = Mapped == JsonRole.None && Samples.Length == 0;
        IsPlain = IsDefault && Names is { KeepsAll: true, HasParts: false } && Defaults.Length == 0;
    }

    /// <summary>Keys from the payload down to the samples; none when the payload is the sample.</summary>
    public byte[][] Samples { get; }

    /// <summary>By step of <see cref="Samples"/>: the role of a key that stands for any key.</summary>
    public JsonRole[] Captures { get; private set; } = [];

    /// <summary>The roles that have a path.</summary>
    public JsonRole Mapped { get; private set; }

    /// <summary>The roles that have a path or stand in the way to the samples.</summary>
    public JsonRole Known => Captures.Aggregate(Mapped, (roles, role) => roles | role);

    /// <summary>Names of the tags by their bit in <see cref="JsonRole.Tags"/>.</summary>
    public byte[][] TagKeys { get; }

    /// <summary>By condition, in the order of the bits: the texts that fulfil it; none: any.</summary>
    public byte[][][] Conditions { get; private set; } = [];

    public TimePrecision Precision => _mapping.Precision;

    public int? ZoneMinutes => _mapping.ZoneMinutes;

    public bool IsHex => _mapping.IsHex;

    public bool HasStatusCodes => _mapping.HasStatusCodes;

    public bool KeepsText => _mapping.KeepsText;

    public byte[] Separator { get; }

    public Utf8Table<JsonConstant> Words { get; }

    public Utf8Table<byte> Qualities { get; }

    public (byte[] Name, JsonConstant Value)[] Defaults { get; }

    public FieldNames Names { get; }

    /// <summary>No path at all: shapes are recognised by themselves.</summary>
    public bool IsDefault { get; }

    /// <summary>The same, and the names are the fields' names.</summary>
    public bool IsPlain { get; }

    /// <summary>An array may be one sample, since a path names a place in it.</summary>
    public bool TakesPlaces { get; }

    /// <summary>
    /// Where the path to the samples ends at an object, its members are the samples, named by their keys.
    /// </summary>
    public bool TakesKeysForNames { get; }

    /// <summary>The samples say their own names.</summary>
    public bool NamesSamples { get; }

    /// <summary>Paths or keys on the way to the samples are kept.</summary>
    public bool HasPlaces { get; }

    /// <summary>Any key may be a field's, so that a number in quotes may be a value or a text.</summary>
    public bool TakesNumbersInText => !Maps(JsonRole.Value);

    public bool Maps(JsonRole role) => (Mapped & role) != 0;

    /// <summary>The number stands for no reading.</summary>
    public bool IsInvalid(double value) => _invalid.Length > 0 && _invalid.Contains(value);

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
            : Maps(JsonRole.Value) ? null // it stands there and is no value
            : (missing & JsonRole.Bytes) != 0 ? _mapping.Bytes
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
        for (uint rest = (uint)active; rest != 0; rest &= rest - 1)
        {
            int bit = BitOperations.TrailingZeroCount(rest);
            byte[][] path = _paths[bit]!;
            if (depth < path.Length && JsonPath.Matches(path[depth], key))
            {
                var role = (JsonRole)(1u << bit);
                matched |= role;
                ended |= depth + 1 == path.Length ? role : JsonRole.None;
            }
        }

        return matched;
    }

    private void Add(JsonRole role, string path)
    {
        byte[][] keys = JsonPath.Cut(path);
        _paths[BitOperations.Log2((uint)role)] = keys;
        Mapped |= keys.Length > 0 ? role : JsonRole.None;
    }

    /// <summary>Adds the tags that have paths and those that stand in the way to the samples.</summary>
    private List<string> AddTags()
    {
        var keys = new List<string>();
        foreach (Tag tag in _mapping.Tags.Take(TagCountMax))
        {
            Add(TagRole(keys.Count), tag.Value);
            keys.Add(tag.Key);
        }

        Captures = new JsonRole[Samples.Length];
        for (int i = 0; i < Samples.Length; i++)
        {
            if (JsonPath.CaptureOf(Samples[i]) is not { } name)
            {
                continue;
            }

            Samples[i] = JsonPath.Any;
            Captures[i] = name == NameCapture ? JsonRole.Name : JsonRole.None;
            if (name != NameCapture && keys.Count < TagCountMax)
            {
                Captures[i] = TagRole(keys.Count);
                keys.Add(name);
            }
        }

        return keys;
    }

    private void AddConditions()
    {
        JsonCondition[] conditions = [.. _mapping.When.Take(ConditionCountMax)];
        for (int i = 0; i < conditions.Length; i++)
        {
            Add((JsonRole)((uint)JsonRole.FirstCondition << i), conditions[i].Path);
        }

        Conditions = [.. conditions.Select(c => c.Values.Select(Encoding.UTF8.GetBytes).ToArray())];
    }

    private static JsonRole TagRole(int index) => (JsonRole)((uint)JsonRole.FirstTag << index);
}
