namespace Telemetry.Mqtt;

/// <summary>How a property's value stands on the wire.</summary>
internal enum PropertyKind : byte
{
    Unknown = 0,
    Byte,
    TwoByte,
    FourByte,
    Variable,
    Text,
    Binary,
    TextPair,
}
