using System.Buffers;

namespace Telemetry.Mqtt;

/// <summary>
/// Framing over segmented bytes for one connection. It hands out frames inside a segment as they are and straightens
/// a packet that straddles segments into a rented array, once all of it is there. Not thread-safe; one owner.
/// </summary>
public sealed class FramerState : IDisposable
{
    private readonly int _packetBytesMax;
    private byte[] _straight = [];

    /// <summary>A framer that refuses packets above <paramref name="packetBytesMax"/> bytes.</summary>
    public FramerState(int packetBytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(packetBytesMax, FixedHeader.BytesMin);
        _packetBytesMax = packetBytesMax;
    }

    /// <summary>
    /// After <see cref="ReadStatus.NeedMore"/>: the fewest bytes, counted from the start of what is left, with which
    /// it is worth trying again. At least 2; at most the packet ceiling.
    /// </summary>
    public int BytesWanted { get; private set; } = FixedHeader.BytesMin;

    /// <summary>
    /// Reads the packet at the start of <paramref name="rest"/> and moves <paramref name="rest"/> behind it. Anything
    /// but a whole packet leaves <paramref name="rest"/> untouched. The frame is valid until the next call.
    /// </summary>
    public ReadStatus TryRead(ref ReadOnlySpan<byte> rest, out PacketFrame frame, out MalformedReason reason)
    {
        ReadStatus status = PacketFramer.TryRead(rest, _packetBytesMax, out frame, out int consumed, out reason);
        rest = rest[consumed..];
        if (status == ReadStatus.NeedMore)
        {
            NoteBytesWanted(rest);
        }

        return status;
    }

    /// <summary>
    /// Reads the packet at the start of <paramref name="rest"/>, wherever its segments end, and moves
    /// <paramref name="rest"/> behind it. Anything but a whole packet leaves <paramref name="rest"/> untouched. The
    /// frame is valid until the next call.
    /// </summary>
    public ReadStatus TryRead(ref ReadOnlySequence<byte> rest, out PacketFrame frame, out MalformedReason reason)
    {
        ReadOnlySpan<byte> first = rest.FirstSpan;
        ReadStatus status = PacketFramer.TryRead(first, _packetBytesMax, out frame, out int consumed, out reason);
        if (status == ReadStatus.NeedMore && !rest.IsSingleSegment)
        {
            return TryReadStraddling(ref rest, out frame, out reason);
        }

        if (status == ReadStatus.NeedMore)
        {
            NoteBytesWanted(first);
        }

        rest = rest.Slice(consumed);
        return status;
    }

    /// <summary>Gives the rented array back; the last frame is dead then.</summary>
    public void Dispose()
    {
        Release();
        _straight = [];
    }

    private ReadStatus TryReadStraddling(
        ref ReadOnlySequence<byte> rest,
        out PacketFrame frame,
        out MalformedReason reason)
    {
        frame = default;
        Span<byte> start = stackalloc byte[FixedHeader.BytesMax];
        int startBytes = (int)Math.Min(start.Length, rest.Length);
        rest.Slice(0, startBytes).CopyTo(start);
        ReadStatus status = PacketFramer.TryMeasure(
            start[..startBytes], _packetBytesMax, out int headerBytes, out int packetBytes, out reason);
        if (status != ReadStatus.Complete || packetBytes > rest.Length)
        {
            BytesWanted = packetBytes;
            return status == ReadStatus.Malformed ? status : ReadStatus.NeedMore;
        }

        ReserveStraight(packetBytes);
        rest.Slice(0, packetBytes).CopyTo(_straight);
        frame = new PacketFrame(_straight[0], _straight.AsSpan(headerBytes, packetBytes - headerBytes));
        rest = rest.Slice(packetBytes);
        return ReadStatus.Complete;
    }

    private void NoteBytesWanted(ReadOnlySpan<byte> start)
    {
        _ = PacketFramer.TryMeasure(start, _packetBytesMax, out _, out int packetBytes, out _);
        BytesWanted = packetBytes;
    }

    private void ReserveStraight(int bytes)
    {
        if (_straight.Length < bytes)
        {
            Release();
            _straight = ArrayPool<byte>.Shared.Rent(bytes);
        }
    }

    private void Release()
    {
        if (_straight.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_straight);
        }
    }
}
