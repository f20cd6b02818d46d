using Telemetry.Model;

namespace Telemetry.Recognition;

/// <summary>The names that the public codecs of Milesight's sensors give to values.</summary>
internal static class MilesightVocabulary
{
    private const double BatteryMax = 100; // percent

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "battery", "temperature", "humidity", "pressure", "distance", "depth", "co2", "tvoc", "light", "light_level",
        "illumination", "activity", "infrared", "infrared_and_visible", "pir", "pir_status", "angle_x", "angle_y",
        "angle_z", "threshold_x", "threshold_y", "threshold_z", "magnet_status", "tamper_status", "leakage_status",
        "water_leak", "position", "current", "voltage", "power", "ec", "moisture", "soil_moisture", "wind_speed",
        "wind_direction", "rainfall", "pm2_5", "pm10", "o3", "hcho",
    };

    /// <summary>Words that no other maker's objects have.</summary>
    private static readonly HashSet<string> OwnNames = new(StringComparer.Ordinal)
    {
        "threshold_x", "magnet_status", "tamper_status", "leakage_status", "pir_status", "infrared_and_visible",
    };

    /// <summary>What their words for states mean.</summary>
    public static IReadOnlyDictionary<string, JsonConstant> Words { get; } =
        new Dictionary<string, JsonConstant>(StringComparer.Ordinal)
        {
            ["open"] = new(FieldType.Boolean, 1),
            ["closed"] = new(FieldType.Boolean, 0),
            ["installed"] = new(FieldType.Boolean, 1),
            ["removed"] = new(FieldType.Boolean, 0),
            ["trigger"] = new(FieldType.Boolean, 1),
            ["normal"] = new(FieldType.Boolean, 0),
        };

    /// <summary>A flat object of those names alone, with a battery in percent or a name of Milesight's own.</summary>
    public static ValueShape Shape { get; } =
        new("only names of Milesight's codecs, a battery in percent or a status among them", Fits, 1.5);

    private static bool Fits(PayloadNode node) =>
        node.Kind == NodeKind.Object
        && node.Members.Count > 0
        && node.Members.All(member => Names.Contains(member.Key) && member.Value.IsScalar)
        && (node.Members.Any(member => OwnNames.Contains(member.Key))
            || node.Member("battery") is { Number: >= 0 and <= BatteryMax });
}
