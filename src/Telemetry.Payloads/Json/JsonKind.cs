namespace Telemetry.Payloads;

/// <summary>What a JSON value is, seen from its first byte.</summary>
internal enum JsonKind : byte
{
    None = 0,
    Object = 1,
    Array = 2,
    String = 3,
    Number = 4,
    True = 5,
    False = 6,
    Null = 7,
}
