namespace Telemetry.Model;

/// <summary>
/// How messages of some topics are read: topic filter → decoder, measurement, tags, gateway key. Templates may name
/// topic levels as <c>{1}</c>, <c>{2}</c>… (the first level is 1), <c>{client}</c> and <c>{topic}</c>.
/// </summary>
public sealed record RouteDefinition
{
    /// <summary>Takes every topic, tells formats apart by the payload.</summary>
    public static RouteDefinition CatchAll { get; } = new() { Name = "catch-all", Filter = "#", Decoder = "auto" };

    /// <summary>What errors and ledgers call it; unique.</summary>
    public required string Name { get; init; }

    /// <summary>MQTT topic filter (MQTT 5.0 §4.7).</summary>
    public required string Filter { get; init; }

    /// <summary>A decoder's name, or ignore (received and acknowledged, no measurement).</summary>
    public required string Decoder { get; init; }

    /// <summary>Measurement of decoders that have none of their own; empty: the topic's first level.</summary>
    public string Measurement { get; init; } = "";

    /// <summary>Tags added to every point; values are templates.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>Name of a value that comes without one, a template; empty: <c>value</c>.</summary>
    public string Field { get; init; } = "";

    /// <summary>What names the gateway; empty: the client identifier.</summary>
    public string GatewayKey { get; init; } = "";

    /// <summary>Unit of bare numeric times.</summary>
    public TimePrecision Precision { get; init; } = TimePrecision.Nanoseconds;

    /// <summary>How JSON and CBOR are read; null for the decoder's defaults.</summary>
    public JsonMapping? Json { get; init; }

    /// <summary>What the cells of CSV are; null for the decoder's defaults.</summary>
    public CsvMapping? Csv { get; init; }

    /// <summary>Where the values of a binary payload stand; null for other decoders.</summary>
    public BinaryLayout? Binary { get; init; }

    /// <summary>
    /// How an arriving field name names asset and signal, for instance <c>{asset}.{signal}</c>; empty: by the tag
    /// <c>asset</c> and the field name itself.
    /// </summary>
    public string Binding { get; init; } = "";

    /// <summary>Bindings of its own, before those of the site and before the template.</summary>
    public IReadOnlyList<SignalBinding> Bindings { get; init; } = [];

    /// <summary>
    /// Units that values arrive in, as UCUM codes, by the arriving field or the key of its signal.
    /// </summary>
    public IReadOnlyDictionary<string, string> Units { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
}
