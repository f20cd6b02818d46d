namespace Telemetry.Payloads;

/// <summary>
/// What the birth certificates of an edge node said, asked while its data is decoded: names for aliases, types for
/// metrics that come without. Aliases are unique within an edge node, its devices included (Sparkplug 3.0 §6.4.6).
/// </summary>
public interface ISparkplugBirths
{
    /// <summary>Finds the metric of an alias.</summary>
    bool TryFind(ulong alias, out SparkplugBirth birth);

    /// <summary>Finds a metric by its name in UTF-8.</summary>
    bool TryFind(ReadOnlySpan<byte> name, out SparkplugBirth birth);
}

/// <summary>What a birth certificate said of a metric.</summary>
/// <param name="Name">Its name in UTF-8, at most <see cref="JsonDecoder.FieldNameBytesMax"/> bytes.</param>
/// <param name="Type">Its data type.</param>
public readonly record struct SparkplugBirth(ReadOnlyMemory<byte> Name, SparkplugType Type);
