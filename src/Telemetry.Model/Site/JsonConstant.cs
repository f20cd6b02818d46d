namespace Telemetry.Model;

/// <summary>A value that a mapping names itself.</summary>
/// <param name="Type">Float or Boolean.</param>
/// <param name="Value">The number; 1 or 0 for a truth value.</param>
public readonly record struct JsonConstant(FieldType Type, double Value)
{
    /// <summary>The value as a field keeps it.</summary>
    public long Bits => Type == FieldType.Boolean ? (long)Value : BitConverter.DoubleToInt64Bits(Value);
}
