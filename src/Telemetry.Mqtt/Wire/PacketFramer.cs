using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>
/// Cuts control packets out of a contiguous run of bytes. It holds no state and copies nothing: a packet that is not
/// all there consumes nothing. What straddles two segments goes through <see cref="FramerState"/>.
/// </summary>
public static class PacketFramer
{
    private const int LongLength = 0x80; // a second byte from here on says that the remaining length goes on

    /// <summary>Reads the packet at the start of <paramref name="buffer"/>.</summary>
    /// <param name="buffer">Bytes of the stream, from a packet's first byte on.</param>
    /// <param name="packetBytesMax">The ceiling for one packet, fixed header included; at least 2.</param>
    /// <param name="frame">The packet, a view into <paramref name="buffer"/>; empty unless complete.</param>
    /// <param name="consumed">Bytes of the packet; 0 unless complete.</param>
    /// <param name="reason">Why the stream is malformed; <see cref="MalformedReason.None"/> otherwise.</param>
    public static ReadStatus TryRead(
        ReadOnlySpan<byte> buffer,
        int packetBytesMax,
        out PacketFrame frame,
        out int consumed,
        out MalformedReason reason)
    {
        // Fast path: a legal first byte, a one-byte remaining length and the whole body.
        if (buffer.Length >= FixedHeader.BytesMin && buffer[1] < LongLength)
        {
            int packetBytes = FixedHeader.BytesMin + buffer[1];
            if (packetBytes <= packetBytesMax && packetBytes <= buffer.Length
                && FixedHeader.IsFirstByteValid(buffer[0]))
            {
                frame = new PacketFrame(buffer[0], buffer[FixedHeader.BytesMin..packetBytes]);
                consumed = packetBytes;
                reason = MalformedReason.None;
                return ReadStatus.Complete;
            }
        }

        return TryReadLong(buffer, packetBytesMax, out frame, out consumed, out reason);
    }

    /// <summary>
    /// Measures the packet at the start of <paramref name="buffer"/>, of which the fixed header is enough.
    /// </summary>
    /// <param name="buffer">The first bytes of the packet; five are always enough.</param>
    /// <param name="packetBytesMax">The ceiling for one packet, fixed header included.</param>
    /// <param name="headerBytes">Bytes of the fixed header; 0 unless complete.</param>
    /// <param name="packetBytes">Bytes of the packet; while more is needed, the fewest it can have.</param>
    /// <param name="reason">Why the stream is malformed.</param>
    public static ReadStatus TryMeasure(
        ReadOnlySpan<byte> buffer,
        int packetBytesMax,
        out int headerBytes,
        out int packetBytes,
        out MalformedReason reason)
    {
        headerBytes = 0;
        packetBytes = FixedHeader.BytesMin;
        reason = MalformedReason.None;
        if (buffer.IsEmpty)
        {
            return ReadStatus.NeedMore;
        }

        if (!FixedHeader.IsFirstByteValid(buffer[0]))
        {
            reason = FixedHeader.Refuse(buffer[0]);
            return ReadStatus.Malformed;
        }

        int lengthBytes = VariableByteInteger.Read(buffer[1..], out int remainingLength);
        if (lengthBytes == 0)
        {
            packetBytes = Math.Max(FixedHeader.BytesMin, buffer.Length + 1);
            return ReadStatus.NeedMore;
        }

        if (lengthBytes < 0)
        {
            reason = MalformedReason.RemainingLengthMalformed;
            return ReadStatus.Malformed;
        }

        headerBytes = 1 + lengthBytes;
        packetBytes = headerBytes + remainingLength; // at most 5 + 2^28: no overflow
        if (packetBytes > packetBytesMax)
        {
            reason = MalformedReason.PacketTooLarge;
            return ReadStatus.Malformed;
        }

        return ReadStatus.Complete;
    }

    private static ReadStatus TryReadLong(
        ReadOnlySpan<byte> buffer,
        int packetBytesMax,
        out PacketFrame frame,
        out int consumed,
        out MalformedReason reason)
    {
        frame = default;
        consumed = 0;
        ReadStatus status = TryMeasure(buffer, packetBytesMax, out int headerBytes, out int packetBytes, out reason);
        if (status != ReadStatus.Complete)
        {
            return status;
        }

        if (packetBytes > buffer.Length)
        {
            return ReadStatus.NeedMore;
        }

        frame = new PacketFrame(buffer[0], buffer[headerBytes..packetBytes]);
        consumed = packetBytes;
        return ReadStatus.Complete;
    }
}
