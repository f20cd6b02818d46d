using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// OPC UA status codes (OPC 10000-6 annex A.2) as OPC DA quality bytes, by the table of OPC 10000-8 annex A.
/// </summary>
internal static class OpcUaStatus
{
    private const int SubCodeShift = 16; // below it stand flags, which say how the value was made

    /// <summary>The byte of a code; of one that the table does not have, its class.</summary>
    public static byte OpcByteOf(uint code) => (code >> SubCodeShift) switch
    {
        0x0096 => 216, // GoodLocalOverride
        0x408F or 0x4090 => 68, // UncertainNoCommunicationLastUsableValue, UncertainLastUsableValue
        0x4093 => 80, // UncertainSensorNotAccurate
        0x4094 => 84, // UncertainEngineeringUnitsExceeded
        0x4095 => 88, // UncertainSubNormal
        0x8089 => 4, // BadConfigurationError
        0x808A => 8, // BadNotConnected
        0x808B => 12, // BadDeviceFailure
        0x808C => 16, // BadSensorFailure
        0x8005 or 0x8031 => 24, // BadCommunicationError, BadNoCommunication
        0x808D => 28, // BadOutOfService
        0x8032 => 32, // BadWaitingForInitialData
        _ => ClassOf(code),
    };

    private static byte ClassOf(uint code) => (code >> 30) switch
    {
        0 => Quality.Good,
        1 => Quality.Uncertain,
        _ => Quality.Bad,
    };
}
