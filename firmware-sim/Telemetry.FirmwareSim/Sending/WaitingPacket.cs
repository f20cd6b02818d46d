namespace Telemetry.FirmwareSim;

/// <summary>A PUBLISH packet that waits for its acknowledgement.</summary>
/// <param name="Packet">The packet as it was sent.</param>
/// <param name="Number">The message's number in its gateway.</param>
internal readonly record struct WaitingPacket(Memory<byte> Packet, long Number);
