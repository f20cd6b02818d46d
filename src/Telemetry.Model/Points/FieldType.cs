namespace Telemetry.Model;

/// <summary>The five kinds of value a field can have, as in InfluxDB's line protocol.</summary>
public enum FieldType : byte
{
    /// <summary>IEEE 754 binary64; written without a suffix.</summary>
    Float = 0,

    /// <summary>Signed 64-bit integer; written with the suffix <c>i</c>.</summary>
    Integer = 1,

    /// <summary>Unsigned 64-bit integer; written with the suffix <c>u</c>.</summary>
    Unsigned = 2,

    /// <summary>True or false.</summary>
    Boolean = 3,

    /// <summary>UTF-8 text; written in double quotes.</summary>
    String = 4,
}

/// <summary>
/// Names of <see cref="FieldType"/> as InfluxDB prints them in its error texts and in SHOW FIELD KEYS.
/// </summary>
public static class FieldTypeNames
{
    /// <summary>The name of <paramref name="type"/>: float, integer, unsigned, boolean or string.</summary>
    public static string Of(FieldType type) => type switch
    {
        FieldType.Float => "float",
        FieldType.Integer => "integer",
        FieldType.Unsigned => "unsigned",
        FieldType.Boolean => "boolean",
        FieldType.String => "string",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such field type"),
    };
}
