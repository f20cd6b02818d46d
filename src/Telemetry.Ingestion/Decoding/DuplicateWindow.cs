using System.Buffers;
using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// Tells a message that was sent again from one that was never seen. A <em>duplicate</em> has DUP set and is equal in
/// gateway, packet identifier, topic and payload to one of the gateway's last messages of QoS 1 within the window: its
/// first acknowledgement was lost on the way (MQTT 5.0 §4.4). QoS 2 needs none of this.
/// </summary>
internal sealed class DuplicateWindow : IDecodingStatePart
{
    /// <summary>
    /// Messages remembered per gateway; more than any client known to us has in flight when a link breaks.
    /// </summary>
    public const int MessagesPerGatewayMax = 256;

    /// <summary>Gateways remembered; beyond it the half that has been quiet longest is forgotten.</summary>
    public const int GatewaysMax = 4_096;

    /// <summary>How long after the first a duplicate may come: a link may be away for an hour.</summary>
    public const long WindowNanoseconds = 3_600 * Timestamp.NanosecondsPerSecond;

    private readonly ByteKeyTable<Ring> _rings = new();

    /// <summary>Remembers the message, and says whether it is a duplicate of one remembered before.</summary>
    /// <param name="message">A PUBLISH.</param>
    /// <param name="arrivalTime">Nanoseconds since 1970.</param>
    public bool Contains(in MessageRecord message, long arrivalTime)
    {
        if (message.Qos != 1)
        {
            return false;
        }

        ulong print = FingerprintOf(message);
        Ring ring = RingOf(message.Gateway);
        if (message.IsDuplicate && ring.Contains(print, arrivalTime - WindowNanoseconds))
        {
            return true;
        }

        ring.Add(print, arrivalTime);
        return false;
    }

    /// <inheritdoc/>
    public void Clear() => _rings.Clear();

    /// <inheritdoc/>
    public void Save(IBufferWriter<byte> target)
    {
        var writer = new StateWriter(target);
        foreach ((byte[] gateway, Ring ring) in _rings.InOrder())
        {
            writer.Block(gateway);
            ring.Save(writer);
        }
    }

    /// <inheritdoc/>
    public bool TryRestore(ReadOnlySpan<byte> state)
    {
        Clear();
        var reader = new StateReader(state);
        while (reader.RestBytes > 0 && _rings.Count < GatewaysMax)
        {
            byte[] gateway = reader.Block().ToArray();
            if (Ring.Restore(ref reader) is not { } ring || !_rings.TryAdd(gateway, ring))
            {
                return false;
            }
        }

        return !reader.IsFailed;
    }

    /// <summary>
    /// Two messages of one packet identifier that differ have different prints but for one chance in 2³² each.
    /// </summary>
    private static ulong FingerprintOf(in MessageRecord message)
    {
        uint payload = Crc32C.Append(0, message.Payload);
        uint name = Crc32C.Append(message.PacketIdentifier, message.Topic);
        return ((ulong)payload << 32) | name;
    }

    private Ring RingOf(ReadOnlySpan<byte> gateway)
    {
        if (_rings.TryFind(gateway, out Ring? known))
        {
            return known;
        }

        if (_rings.Count == GatewaysMax)
        {
            ForgetQuietHalf();
        }

        var ring = new Ring();
        _rings.Add(gateway, ring);
        return ring;
    }

    private void ForgetQuietHalf()
    {
        (byte[] Key, Ring Value)[] all = [.. _rings.InOrder()];
        HashSet<Ring> quiet =
        [
            .. all.OrderBy(ring => ring.Value.LastArrival)
                .ThenBy(ring => ring.Key, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
                .Take(GatewaysMax / 2)
                .Select(ring => ring.Value),
        ];
        _rings.Clear();
        foreach ((byte[] gateway, Ring ring) in all.Where(ring => !quiet.Contains(ring.Value)))
        {
            _rings.Add(gateway, ring);
        }
    }

    /// <summary>The last messages of one gateway, oldest first from <see cref="_next"/> on once it is full.</summary>
    private sealed class Ring
    {
        private const int LengthMin = 8; // a power of two, as is the most
        private Entry[] _entries = new Entry[LengthMin];
        private int _next;
        private int _count;

        public long LastArrival { get; private set; }

        public bool Contains(ulong print, long since)
        {
            for (int i = 0; i < _count; i++)
            {
                ref readonly Entry entry = ref _entries[i];
                if (entry.Print == print && entry.Arrival >= since)
                {
                    return true;
                }
            }

            return false;
        }

        public void Add(ulong print, long arrival)
        {
            if (_count == _entries.Length && _count < MessagesPerGatewayMax)
            {
                Grow();
            }

            _entries[_next] = new Entry(print, arrival);
            _next = (_next + 1) & (_entries.Length - 1);
            _count = Math.Min(_count + 1, _entries.Length);
            LastArrival = arrival;
        }

        public void Save(StateWriter writer)
        {
            writer.UInt16((ushort)_count);
            for (int i = 0; i < _count; i++)
            {
                Entry entry = _entries[(_next - _count + i) & (_entries.Length - 1)];
                writer.Int64((long)entry.Print);
                writer.Int64(entry.Arrival);
            }
        }

        public static Ring? Restore(ref StateReader reader)
        {
            int count = reader.UInt16();
            if (reader.IsFailed || count > MessagesPerGatewayMax)
            {
                return null;
            }

            var ring = new Ring();
            for (int i = 0; i < count; i++)
            {
                ring.Add((ulong)reader.Int64(), reader.Int64());
            }

            return reader.IsFailed ? null : ring;
        }

        private void Grow()
        {
            var grown = new Entry[_entries.Length * 2];
            for (int i = 0; i < _count; i++)
            {
                grown[i] = _entries[(_next + i) & (_entries.Length - 1)];
            }

            _entries = grown;
            _next = _count;
        }

        private readonly record struct Entry(ulong Print, long Arrival);
    }
}
