namespace Telemetry.Payloads;

/// <summary>A field of a protobuf message with its value.</summary>
/// <param name="Number">The field's number.</param>
/// <param name="Wire">How it is written.</param>
/// <param name="Bits">The value, of all but bytes.</param>
/// <param name="Start">Where the content of bytes starts in the payload.</param>
/// <param name="Bytes">Length of that content.</param>
/// <param name="At">Where the field starts in the payload.</param>
internal readonly record struct ProtobufField(
    uint Number, ProtobufWire Wire, ulong Bits, int Start, int Bytes, int At);
