namespace Telemetry.Model;

/// <summary>
/// Where JSON keeps names, values, times and quality, and what they mean. Paths are keys joined by dots; <c>*</c> is
/// any key, <c>[1]</c> a place in an array. Empty paths leave the decoder to its defaults: every number and boolean is
/// a field named by its path. What a sample does not say is looked for in the objects around it, from the inside out.
/// </summary>
public sealed record JsonMapping
{
    /// <summary>
    /// Array (or object) of samples, for instance <c>values[]</c>; empty: the payload itself. A key in braces is any
    /// key: <c>{name}</c> names the sample, any other becomes a tag of that name.
    /// </summary>
    public string Samples { get; init; } = "";

    /// <summary>The sample's name; empty: keys name themselves.</summary>
    public string Name { get; init; } = "";

    /// <summary>Within a sample, its value.</summary>
    public string Value { get; init; } = "";

    /// <summary>The sample's time.</summary>
    public string Time { get; init; } = "";

    /// <summary>
    /// The second part of a time that is written in two: time of day behind a date, nanoseconds behind a number.
    /// </summary>
    public string TimeRest { get; init; } = "";

    /// <summary>The sample's quality.</summary>
    public string Quality { get; init; } = "";

    /// <summary>The unit of the sample's values.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Within a sample, text that holds bytes, which <see cref="Layout"/> reads.</summary>
    public string Bytes { get; init; } = "";

    /// <summary>The bytes are written as hexadecimal digits; otherwise as base64.</summary>
    public bool IsHex { get; init; }

    /// <summary>Where the values stand in the bytes; null without <see cref="Bytes"/>.</summary>
    public BinaryLayout? Layout { get; init; }

    /// <summary>Tags of the sample by name; their values are paths.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>What must hold for a sample to be a measurement.</summary>
    public IReadOnlyList<JsonCondition> When { get; init; } = [];

    /// <summary>
    /// Patterns, with one <c>*</c> at most, of the field names that are kept; none at all keeps every name.
    /// </summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Patterns of the field names that are left out.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Other names for fields.</summary>
    public IReadOnlyDictionary<string, string> Rename { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// How a field name is made of parts, such as <c>{field}@{device}</c>: all but the field become tags; empty: it is
    /// one.
    /// </summary>
    public string Names { get; init; } = "";

    /// <summary>What words stand for.</summary>
    public IReadOnlyDictionary<string, JsonConstant> Words { get; init; } =
        new Dictionary<string, JsonConstant>(StringComparer.Ordinal);

    /// <summary>Text that stands for nothing else is a value.</summary>
    public bool KeepsText { get; init; }

    /// <summary>Numbers that stand for no reading.</summary>
    public IReadOnlyList<double> Invalid { get; init; } = [];

    /// <summary>Values of fields that a sample leaves out.</summary>
    public IReadOnlyDictionary<string, JsonConstant> Defaults { get; init; } =
        new Dictionary<string, JsonConstant>(StringComparer.Ordinal);

    /// <summary>
    /// What qualities stand for, as OPC bytes; <c>*</c> for all that are not named. Empty: as usual.
    /// </summary>
    public IReadOnlyDictionary<string, byte> Qualities { get; init; } =
        new Dictionary<string, byte>(StringComparer.Ordinal);

    /// <summary>Every number that is a quality is an OPC UA status code, so that 0 is good.</summary>
    public bool HasStatusCodes { get; init; }

    /// <summary>Unit of numeric times.</summary>
    public TimePrecision Precision { get; init; } = TimePrecision.Milliseconds;

    /// <summary>Minutes east of UTC of times that name no zone; null: such a time is refused.</summary>
    public int? ZoneMinutes { get; init; }

    /// <summary>What joins the keys of nested objects in field names.</summary>
    public string Separator { get; init; } = "_";

    /// <summary>Further mappings by which the same message is read.</summary>
    public IReadOnlyList<JsonMapping> Others { get; init; } = [];
}
