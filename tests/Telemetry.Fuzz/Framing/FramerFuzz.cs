using System.Buffers;

namespace Telemetry.Fuzz;

/// <summary>
/// Runs inputs through the framer and the packet views, one after the other. For each: no exception; every step makes
/// progress or ends; the same packets however the bytes come; a valid packet is taken and written to the same bytes; a
/// faulty one is refused; what is taken of damaged bytes can be written and read again.
/// </summary>
internal sealed class FramerFuzz : IDisposable
{
    private readonly ulong _seed;
    private readonly FuzzRandom _random = new();
    private readonly FrameStream _stream;
    private readonly Pieces _pieces;
    private readonly List<int> _ends = []; // of the packets that came out when the bytes lay in one piece
    private readonly Dictionary<int, FramerState> _framers = []; // by ceiling; of the two that are used most, in fact
    private byte[] _once = new byte[1 << 20];
    private byte[] _twice = new byte[1 << 20];
    private ReadStatus _status;
    private MalformedReason _reason;

    public FramerFuzz(ulong seed)
    {
        _seed = seed;
        _stream = new FrameStream(_random);
        _pieces = new Pieces(_random);
    }

    /// <summary>What came of all inputs.</summary>
    public FramerCounts Counts { get; } = new();

    /// <summary>The bytes of the last input.</summary>
    public ReadOnlySpan<byte> LastInput => _stream.Bytes.Written;

    /// <summary>In words, what of the last input one needs to know besides its bytes.</summary>
    public string LastTerms => $"level {_stream.Level}, packets of at most {_stream.PacketBytesMax} bytes";

    /// <summary>Runs one input; null when nothing is wrong with it.</summary>
    public string? Run(long index)
    {
        _random.Reset(_seed, index);
        try
        {
            _stream.Make();
            Counts.Inputs++;
            Counts.Bytes += _stream.Bytes.Count;
            return RunWhole() ?? RunInPieces() ?? RunGrowing();
        }
        catch (Exception broken)
        {
            return broken.ToString();
        }
    }

    public void Dispose()
    {
        foreach (FramerState framer in _framers.Values)
        {
            framer.Dispose();
        }
    }

    private string? RunWhole()
    {
        FramerState framer = Framer();
        _ends.Clear();
        ReadOnlySpan<byte> all = _stream.Bytes.Written;
        ReadOnlySpan<byte> rest = all;
        int packet = 0;
        while (true)
        {
            int before = rest.Length;
            _status = framer.TryRead(ref rest, out PacketFrame frame, out _reason);
            if (_status != ReadStatus.Complete)
            {
                return CheckEnd(framer, before, rest.Length, packet);
            }

            int bytes = before - rest.Length;
            if (bytes < FixedHeader.BytesMin || bytes > _stream.PacketBytesMax || bytes <= frame.Body.Length)
            {
                return $"packet {packet} takes {bytes} bytes with a body of {frame.Body.Length}";
            }

            int end = all.Length - rest.Length;
            _ends.Add(end);
            string? wrong = CheckPacket(frame, all[(end - bytes)..end], packet);
            if (wrong is not null)
            {
                return wrong;
            }

            packet++;
        }
    }

    private string? CheckEnd(FramerState framer, int before, int after, int packet)
    {
        if (before != after)
        {
            return $"{_status} consumed {before - after} bytes";
        }

        if ((_status == ReadStatus.Malformed) != (_reason != MalformedReason.None))
        {
            return $"{_status} with reason {_reason}";
        }

        if (_status == ReadStatus.Malformed)
        {
            Counts.Note(_reason);
        }
        else if (framer.BytesWanted <= after || framer.BytesWanted > Math.Max(FixedHeader.BytesMin, Ceiling()))
        {
            return $"{framer.BytesWanted} bytes wanted where {after} are there";
        }

        if (_stream.IsDamaged || packet >= _stream.Packets.Length)
        {
            return null;
        }

        MadePacket made = _stream.Packets[packet];
        bool isRefusable = made.IsFirstByteFaulty || made.Bytes > _stream.PacketBytesMax;
        bool isWhole = after >= made.Bytes;
        return _status == ReadStatus.Malformed && !isRefusable ? $"packet {packet} is refused by the framer: {_reason}"
            : isWhole && !isRefusable ? $"packet {packet} is all there, and more is wanted"
            : null;
    }

    private string? CheckPacket(PacketFrame frame, ReadOnlySpan<byte> packet, int index)
    {
        Reserve(packet.Length);
        bool isTaken = PacketRewriting.TryRewrite(
            frame, _stream.Level, _once, out int bytes, out MalformedReason reason);
        if (isTaken != (reason == MalformedReason.None))
        {
            return $"packet {index} is taken: {isTaken}, with reason {reason}";
        }

        Counts.Note(frame.Type, reason);
        if (!_stream.IsDamaged)
        {
            MadePacket made = _stream.Packets[index];
            if (made.Bytes != packet.Length || made.IsFirstByteFaulty)
            {
                return $"packet {index} of {made.Bytes} bytes is framed as {packet.Length}";
            }

            if (made.IsFaulty == isTaken)
            {
                return isTaken ? $"packet {index} is faulty and taken"
                    : $"packet {index} is valid and refused: {reason}";
            }

            if (isTaken && made.IsCanonical)
            {
                return packet.SequenceEqual(_once.AsSpan(0, bytes)) ? null
                    : $"packet {index} is written otherwise than read: {Convert.ToHexString(_once, 0, bytes)}";
            }
        }

        return isTaken ? ReadAgain(bytes, index) : null;
    }

    /// <summary>What was written has to be read as the same.</summary>
    private string? ReadAgain(int bytes, int index)
    {
        ReadStatus status = PacketFramer.TryRead(
            _once.AsSpan(0, bytes), int.MaxValue, out PacketFrame frame, out int consumed, out _);
        if (status != ReadStatus.Complete || consumed != bytes)
        {
            return $"packet {index}, written again, is {status} after {consumed} of {bytes} bytes";
        }

        bool isTaken = PacketRewriting.TryRewrite(
            frame, _stream.Level, _twice, out int again, out MalformedReason reason);
        return isTaken && _once.AsSpan(0, bytes).SequenceEqual(_twice.AsSpan(0, again)) ? null
            : $"packet {index}, written again, is not the same ({reason}): {Convert.ToHexString(_once, 0, bytes)}";
    }

    private string? RunInPieces()
    {
        FramerState framer = Framer();
        ReadOnlySpan<byte> all = _stream.Bytes.Written;
        ReadOnlySequence<byte> rest = _pieces.Cut(_stream.Bytes.Memory);
        foreach (int end in _ends)
        {
            ReadStatus status = framer.TryRead(ref rest, out PacketFrame frame, out MalformedReason reason);
            if (status != ReadStatus.Complete || all.Length - rest.Length != end || !IsSame(frame, all[..end]))
            {
                return $"in pieces, the packet that ends at {end} is {status} {reason}, {rest.Length} bytes are left";
            }
        }

        long before = rest.Length;
        ReadStatus last = framer.TryRead(ref rest, out _, out MalformedReason why);
        return (last, why, rest.Length) == (_status, _reason, before) ? null
            : $"in pieces the end is {last} {why}, {rest.Length} of {before} bytes left; whole {_status} {_reason}";
    }

    /// <summary>The bytes come little by little, as they do from a socket.</summary>
    private string? RunGrowing()
    {
        FramerState framer = Framer();
        ReadOnlySpan<byte> all = _stream.Bytes.Written;
        int consumed = 0;
        int packet = 0;
        int wanted = FixedHeader.BytesMin;
        int most = Math.Max(2, all.Length / 2);
        for (int available = 0; ; available = Math.Min(all.Length, available + random(most)))
        {
            ReadOnlySpan<byte> rest = all[consumed..available];
            ReadStatus status;
            MalformedReason reason;
            while ((status = framer.TryRead(ref rest, out PacketFrame frame, out reason)) == ReadStatus.Complete)
            {
                int end = available - rest.Length;
                if (packet >= _ends.Count || _ends[packet] != end || end - consumed < wanted
                    || !IsSame(frame, all[..end]))
                {
                    return $"little by little, packet {packet} ends at {end}; {wanted} bytes were wanted for it";
                }

                packet++;
                consumed = end;
                wanted = FixedHeader.BytesMin;
            }

            wanted = framer.BytesWanted;
            if (status == ReadStatus.Malformed || available == all.Length)
            {
                return (status, reason, packet) == (_status, _reason, _ends.Count) ? null
                    : $"little by little the end is {status} {reason} after {packet} packets";
            }
        }

        int random(int max) => _random.Between(1, max);
    }

    private static bool IsSame(PacketFrame frame, ReadOnlySpan<byte> upToItsEnd) =>
        upToItsEnd.EndsWith(frame.Body) && upToItsEnd.Length > frame.Body.Length;

    private FramerState Framer()
    {
        if (!_framers.TryGetValue(_stream.PacketBytesMax, out FramerState? framer))
        {
            framer = new FramerState(_stream.PacketBytesMax);
            _framers.Add(_stream.PacketBytesMax, framer);
        }

        return framer;
    }

    /// <summary>While the length itself is not whole, one byte more than there is may be wanted.</summary>
    private int Ceiling() => Math.Max(_stream.PacketBytesMax, FixedHeader.BytesMax);

    private void Reserve(int bytes)
    {
        if (_once.Length < bytes * 2)
        {
            _once = new byte[bytes * 2];
            _twice = new byte[bytes * 2];
        }
    }
}
