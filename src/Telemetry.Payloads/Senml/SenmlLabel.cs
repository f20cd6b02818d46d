namespace Telemetry.Payloads;

/// <summary>The labels of SenML (RFC 8428 §4, table 1), and any other.</summary>
internal enum SenmlLabel : byte
{
    Unknown = 0,
    BaseVersion,
    BaseName,
    BaseTime,
    BaseUnit,
    BaseValue,
    BaseSum,
    Name,
    Unit,
    Value,
    StringValue,
    BooleanValue,
    DataValue,
    Sum,
    Time,
    UpdateTime,
}
