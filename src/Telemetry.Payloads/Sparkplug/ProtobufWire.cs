namespace Telemetry.Payloads;

/// <summary>How a field is written in protobuf; 3 and 4, groups, are not in use any more.</summary>
internal enum ProtobufWire : byte
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
