namespace Telemetry.Mqtt;

/// <summary>
/// One control packet cut out of the stream: its first byte and what follows the fixed header. Borrowed.
/// </summary>
public readonly ref struct PacketFrame
{
    /// <summary>A frame over these parts.</summary>
    public PacketFrame(byte firstByte, ReadOnlySpan<byte> body)
    {
        FirstByte = firstByte;
        Body = body;
    }

    /// <summary>Packet type (bits 7–4) and flags (bits 3–0).</summary>
    public byte FirstByte { get; }

    /// <summary>Variable header and payload: as many bytes as the remaining length says.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>The packet's type.</summary>
    public PacketType Type => (PacketType)(FirstByte >> FixedHeader.TypeShift);

    /// <summary>The four flag bits.</summary>
    public byte Flags => (byte)(FirstByte & FixedHeader.FlagsMask);
}
