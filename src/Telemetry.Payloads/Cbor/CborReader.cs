using System.Buffers.Binary;
using System.Text.Unicode;

namespace Telemetry.Payloads;

/// <summary>
/// Reads the heads and strings of CBOR (RFC 8949). It does not throw: the first fault stays, and from then on every
/// call answers false.
/// </summary>
internal ref struct CborReader
{
    /// <summary>Additional information of an indefinite length, and of the break that ends it (§3.2).</summary>
    public const byte IndefiniteInfo = 31;

    private const byte ArgumentInOneByte = 24; // below it, the argument itself; 25 to 27: two, four, eight bytes
    private const byte ReservedInfoMin = 28; // 28 to 30 (§3)
    private const byte Break = 0xFF;
    private const ulong SimpleInOneByteMin = 32; // smaller ones stand in the first byte (§3.3)

    private readonly ReadOnlySpan<byte> _payload;

    public CborReader(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <summary>The next byte to be read.</summary>
    public int Position { get; private set; }

    public FaultReason Reason { get; private set; }

    public int FaultOffset { get; private set; }

    public readonly bool HasFailed => Reason != FaultReason.None;

    public readonly bool IsAtEnd => Position >= _payload.Length;

    /// <summary>Reads the head of the item that comes next; a break is none.</summary>
    public bool TryReadHead(out CborHead head)
    {
        int start = Position;
        head = default;
        if (HasFailed || start >= _payload.Length)
        {
            return Refuse(FaultReason.Truncated, _payload.Length);
        }

        var major = (CborMajor)(_payload[start] >> 5);
        byte info = (byte)(_payload[start] & 0x1F);
        if (info >= ReservedInfoMin && !(info == IndefiniteInfo && MayBeIndefinite(major)))
        {
            return Refuse(FaultReason.MalformedCbor, start);
        }

        Position = start + 1;
        ulong argument = info;
        if (info >= ArgumentInOneByte && !TryReadArgument(info, out argument))
        {
            return false;
        }

        head = new CborHead(major, info, argument, start);
        return !(major == CborMajor.Simple && info == ArgumentInOneByte && argument < SimpleInOneByteMin)
            || Refuse(FaultReason.MalformedCbor, start);
    }

    /// <summary>Goes behind a break; false when another item stands here.</summary>
    public bool TrySkipBreak()
    {
        bool stands = !HasFailed && Position < _payload.Length && _payload[Position] == Break;
        Position += stands ? 1 : 0;
        return stands;
    }

    /// <summary>
    /// Reads the next piece of a byte or text string whose head was read: all of it, or one chunk of an indefinite one
    /// (§3.2.3).
    /// </summary>
    /// <returns>False behind the last piece, and at a fault.</returns>
    public bool TryReadPiece(in CborHead head, ref bool isFirst, out ReadOnlySpan<byte> piece)
    {
        piece = default;
        ulong bytes = head.Argument;
        if (head.IsIndefinite)
        {
            if (TrySkipBreak() || !TryReadHead(out CborHead chunk))
            {
                return false;
            }

            if (chunk.Major != head.Major || chunk.IsIndefinite)
            {
                return Refuse(FaultReason.MalformedCbor, chunk.Start);
            }

            bytes = chunk.Argument;
        }
        else if (!isFirst)
        {
            return false;
        }

        isFirst = false;
        return TryTake(bytes, out piece) && (head.Major == CborMajor.Bytes || IsText(piece));
    }

    /// <summary>Checks that so many items, of at least one byte each, can still come.</summary>
    public bool TryExpect(ulong items) =>
        items <= (ulong)(_payload.Length - Position) || Refuse(FaultReason.Truncated, _payload.Length);

    /// <summary>Keeps the first fault.</summary>
    /// <returns>False, always.</returns>
    public bool Refuse(FaultReason reason, int offset)
    {
        if (!HasFailed)
        {
            Reason = reason;
            FaultOffset = offset;
        }

        return false;
    }

    private static bool MayBeIndefinite(CborMajor major) =>
        major is CborMajor.Bytes or CborMajor.Text or CborMajor.Array or CborMajor.Map;

    private bool TryReadArgument(byte info, out ulong argument)
    {
        argument = 0;
        if (info == IndefiniteInfo)
        {
            return true;
        }

        int bytes = 1 << (info - ArgumentInOneByte);
        if (!TryTake((ulong)bytes, out ReadOnlySpan<byte> text))
        {
            return false;
        }

        argument = bytes switch
        {
            1 => text[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(text),
            4 => BinaryPrimitives.ReadUInt32BigEndian(text),
            _ => BinaryPrimitives.ReadUInt64BigEndian(text),
        };
        return true;
    }

    private bool TryTake(ulong bytes, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (bytes > (ulong)(_payload.Length - Position))
        {
            return Refuse(FaultReason.Truncated, _payload.Length);
        }

        taken = _payload.Slice(Position, (int)bytes);
        Position += (int)bytes;
        return true;
    }

    /// <summary>A chunk must be UTF-8 by itself, no character may be cut (§3.2.3).</summary>
    private bool IsText(scoped ReadOnlySpan<byte> piece) =>
        Utf8.IsValid(piece)
        || Refuse(FaultReason.InvalidUtf8, Position - piece.Length + Utf8Place.IndexOfInvalid(piece));
}
