using System.Buffers.Binary;
using System.Diagnostics;
using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>
/// The messages of one session on their way to its client, oldest first: those that wait and those in flight. The
/// n-th QoS 1 or 2 message has the n-th packet identifier, so that a replay of the log gives every message the
/// identifier that it had [MQTT-4.4.0-1]. Not thread-safe; one owner.
/// </summary>
/// <remarks>
/// Always: start ≤ next to send ≤ end; every identified message before the next to send is in flight or done. A
/// message that is done keeps its bytes until all before it are done too.
/// </remarks>
public sealed class OutgoingQueue
{
    // bytes i32 | properties i32 | topic u16 | identifiers u16 | packet identifier u16 | QoS u8 | retain, state u8
    // | offset i64 | expires at i64; little-endian, as docs/formats/broker-checkpoint.md draws them
    private const int HeaderBytes = 32;
    private const int PropertiesAt = 4;
    private const int TopicAt = 8;
    private const int IdentifiersAt = 10;
    private const int PacketIdentifierAt = 12;
    private const int QosAt = 14;
    private const int StateAt = 15;
    private const int OffsetAt = 16;
    private const int ExpiresAt = 24;
    private const int StateMask = 0x03;
    private const int RetainFlag = 0x80;

    private const int IdentifierCount = ushort.MaxValue; // 1 to 65,535; 0 is none [MQTT-2.2.1-3]

    /// <summary>Identified messages that may be held: no two may have the same identifier.</summary>
    private const int IdentifiedCountMax = IdentifierCount - 1;

    private readonly ByteQueue _records = new();
    private Dictionary<ushort, long>? _inFlight; // packet identifier → place; most queues never have one
    private long _start; // place of the oldest byte held; places count all bytes ever added
    private long _next; // place of the next message to send
    private long _sequence; // identified messages ever added
    private int _identified; // of those held, done ones included

    /// <summary>Messages that are not done.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes held.</summary>
    public int Bytes => _records.Count;

    /// <summary>QoS 1 and 2 messages sent on this connection whose delivery is not complete.</summary>
    public int InFlightCount => _inFlight?.Count ?? 0;

    /// <summary>Messages forgotten because they expired before they were sent.</summary>
    public long ExpiredCount { get; private set; }

    /// <summary>Bytes that a message would take.</summary>
    public static int Measure(in OutgoingView message) => checked(
        HeaderBytes + message.Topic.Length + message.Properties.Length + message.SubscriptionIdentifiers.Length
        + message.Payload.Length);

    /// <summary>
    /// Adds a message; its packet identifier and state are the queue's to give. A message with QoS takes the next
    /// identifier whether it is added or not.
    /// </summary>
    /// <returns>False when so many are held that the identifier is still in use.</returns>
    public bool TryAdd(in OutgoingView message)
    {
        ushort identifier = message.Qos == 0 ? (ushort)0 : NextIdentifier();
        if (message.Qos > 0 && _identified >= IdentifiedCountMax)
        {
            return false;
        }

        Add(message, identifier, OutgoingState.Waiting);
        return true;
    }

    /// <summary>Counts a message that is not added: those behind it keep their identifiers in a replay.</summary>
    public void Pass(byte qos) => _sequence += qos > 0 ? 1 : 0;

    /// <summary>
    /// The next message to send: one that was sent on an earlier connection, else the oldest that waits and has not
    /// expired. False when there is none.
    /// </summary>
    /// <param name="now">Nanoseconds since 1970.</param>
    /// <param name="message">Valid until the queue is next changed.</param>
    public bool TryPeek(long now, out OutgoingView message)
    {
        while (_next < _start + _records.Count)
        {
            Span<byte> record = At(_next);
            message = View(record);
            bool isExpired = message.State == OutgoingState.Waiting
                && message.ExpiresAt != 0 && message.ExpiresAt <= now;
            if (message.State != OutgoingState.Done && !isExpired)
            {
                return true;
            }

            long next = _next + BytesOf(record);
            if (isExpired)
            {
                ExpiredCount++;
                Finish(_next);
            }

            _next = Math.Max(next, _start); // those done behind it may have gone with it
        }

        message = default;
        return false;
    }

    /// <summary>The message that was peeked has been sent: with QoS 0 it is done, else in flight.</summary>
    public void MarkSent()
    {
        Span<byte> record = At(_next);
        long place = _next;
        _next += BytesOf(record);
        if (record[QosAt] == 0)
        {
            Finish(place);
            return;
        }

        if (StateOf(record) == OutgoingState.Waiting)
        {
            Set(record, OutgoingState.Sent);
        }

        _inFlight ??= [];
        _inFlight[IdentifierOf(record)] = place;
    }

    /// <summary>The message that was peeked is given up: the client takes no packet of that size.</summary>
    public void Drop()
    {
        long place = _next;
        _next += BytesOf(At(place));
        Finish(place);
    }

    /// <summary>PUBACK, or PUBREC with an error: the delivery is complete. False when it was not awaited.</summary>
    public bool OnAcknowledged(ushort packetIdentifier, byte qos, out long offset) =>
        TryFinish(packetIdentifier, qos, OutgoingState.Sent, out offset);

    /// <summary>PUBCOMP: the delivery is complete. False when it was not awaited.</summary>
    public bool OnCompleted(ushort packetIdentifier, out long offset) =>
        TryFinish(packetIdentifier, qos: 2, OutgoingState.Received, out offset);

    /// <summary>
    /// PUBREC: the client owns the message. It may come again after PUBREL was lost; false when it was not awaited.
    /// </summary>
    public bool OnReceived(ushort packetIdentifier, out long offset)
    {
        offset = 0;
        if (_inFlight is null || !_inFlight.TryGetValue(packetIdentifier, out long place))
        {
            return false;
        }

        Span<byte> record = At(place);
        if (record[QosAt] < 2)
        {
            return false;
        }

        Set(record, OutgoingState.Received);
        offset = OffsetOf(record);
        return true;
    }

    /// <summary>Whether a message with this identifier is in flight on this connection.</summary>
    public bool IsInFlight(ushort packetIdentifier) => _inFlight is not null && _inFlight.ContainsKey(packetIdentifier);

    /// <summary>In a replay: the delivery of the message at this offset was complete, or the client owns it.</summary>
    public void Replay(long offset, OutgoingState state)
    {
        for (long place = _start; place < _start + _records.Count;)
        {
            Span<byte> record = At(place);
            if (OffsetOf(record) == offset && record[QosAt] > 0 && StateOf(record) != OutgoingState.Done)
            {
                if (state == OutgoingState.Done)
                {
                    Finish(place);
                }
                else
                {
                    Set(record, state);
                }

                return;
            }

            place += BytesOf(record);
        }
    }

    /// <summary>
    /// The connection is over: QoS 0 messages are forgotten, the others will be sent from the oldest on.
    /// </summary>
    public void Rewind()
    {
        _inFlight?.Clear();
        for (long place = _start; place < _start + _records.Count;)
        {
            Span<byte> record = At(place);
            long next = place + BytesOf(record);
            if (record[QosAt] == 0 && StateOf(record) != OutgoingState.Done)
            {
                Finish(place);
            }

            place = Math.Max(next, _start); // those done behind it may have gone with it
        }

        _next = _start;
    }

    /// <summary>
    /// After a restart, of a session that had a connection: the oldest messages may have been sent, so they are sent as
    /// duplicates [MQTT-3.3.1-1].
    /// </summary>
    public void AssumeSent(int count)
    {
        for (long place = _start; place < _start + _records.Count && count > 0; count--)
        {
            Span<byte> record = At(place);
            if (StateOf(record) == OutgoingState.Waiting && record[QosAt] > 0)
            {
                Set(record, OutgoingState.Sent);
            }

            place += BytesOf(record);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _start += _records.Count;
        _next = _start;
        _records.Clear();
        _inFlight?.Clear();
        Count = 0;
        _identified = 0;
    }

    /// <summary>What a checkpoint keeps: the sequence and all messages with QoS that are not done.</summary>
    public byte[] Save()
    {
        var saved = new ByteQueue();
        BinaryPrimitives.WriteInt64LittleEndian(saved.Extend(sizeof(long)), _sequence);
        for (long place = _start; place < _start + _records.Count;)
        {
            Span<byte> record = At(place);
            bool isKept = record[QosAt] > 0 && StateOf(record) != OutgoingState.Done && OffsetOf(record) != 0;
            if (isKept)
            {
                saved.Add(record[..BytesOf(record)]);
            }

            place += BytesOf(record);
        }

        return saved.Waiting.ToArray();
    }

    /// <summary>Takes over what <see cref="Save"/> gave, into an empty queue; false when it cannot be that.</summary>
    public bool TryLoad(ReadOnlySpan<byte> saved)
    {
        if (saved.Length < sizeof(long) || _records.Count > 0)
        {
            return false;
        }

        _sequence = BinaryPrimitives.ReadInt64LittleEndian(saved);
        saved = saved[sizeof(long)..];
        while (!saved.IsEmpty)
        {
            if (saved.Length < HeaderBytes || BytesOf(saved) < HeaderBytes || BytesOf(saved) > saved.Length)
            {
                return false;
            }

            ReadOnlySpan<byte> record = saved[..BytesOf(saved)];
            OutgoingView message = View(record);
            Add(message, message.PacketIdentifier, message.State);
            saved = saved[record.Length..];
        }

        return true;
    }

    private ushort NextIdentifier() => (ushort)((_sequence++ % IdentifierCount) + 1);

    private void Add(in OutgoingView message, ushort identifier, OutgoingState state)
    {
        int bytes = Measure(message);
        Span<byte> record = _records.Extend(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(record, bytes);
        BinaryPrimitives.WriteInt32LittleEndian(record[PropertiesAt..], message.Properties.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(record[TopicAt..], (ushort)message.Topic.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(
            record[IdentifiersAt..], checked((ushort)message.SubscriptionIdentifiers.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(record[PacketIdentifierAt..], identifier);
        record[QosAt] = message.Qos;
        record[StateAt] = (byte)((message.Retain ? RetainFlag : 0) | (int)state);
        BinaryPrimitives.WriteInt64LittleEndian(record[OffsetAt..], message.Offset);
        BinaryPrimitives.WriteInt64LittleEndian(record[ExpiresAt..], message.ExpiresAt);
        Span<byte> rest = record[HeaderBytes..];
        rest = Append(rest, message.Topic);
        rest = Append(rest, message.Properties);
        rest = Append(rest, message.SubscriptionIdentifiers);
        rest = Append(rest, message.Payload);
        Debug.Assert(rest.IsEmpty, "the record has exactly the measured length");
        Count++;
        _identified += identifier != 0 ? 1 : 0;
    }

    private static Span<byte> Append(Span<byte> target, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target);
        return target[bytes.Length..];
    }

    private bool TryFinish(ushort packetIdentifier, byte qos, OutgoingState expected, out long offset)
    {
        offset = 0;
        if (_inFlight is null || !_inFlight.TryGetValue(packetIdentifier, out long place))
        {
            return false;
        }

        Span<byte> record = At(place);
        if (record[QosAt] != qos || StateOf(record) != expected)
        {
            return false;
        }

        offset = OffsetOf(record);
        Finish(place);
        return true;
    }

    private void Finish(long place)
    {
        Span<byte> record = At(place);
        Set(record, OutgoingState.Done);
        _inFlight?.Remove(IdentifierOf(record));
        Count--;
        while (_records.Count > 0 && StateOf(At(_start)) == OutgoingState.Done)
        {
            Span<byte> oldest = At(_start);
            int bytes = BytesOf(oldest);
            _identified -= oldest[QosAt] > 0 ? 1 : 0;
            _records.Skip(bytes);
            _start += bytes;
        }

        _next = Math.Max(_next, _start);
    }

    private Span<byte> At(long place)
    {
        Debug.Assert(place >= _start && place < _start + _records.Count, "a place of a message that is held");
        return _records.Waiting[(int)(place - _start)..];
    }

    private static OutgoingView View(ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> rest = record[HeaderBytes..BytesOf(record)];
        int topic = BinaryPrimitives.ReadUInt16LittleEndian(record[TopicAt..]);
        int properties = BinaryPrimitives.ReadInt32LittleEndian(record[PropertiesAt..]);
        int identifiers = BinaryPrimitives.ReadUInt16LittleEndian(record[IdentifiersAt..]);
        return new OutgoingView
        {
            Offset = OffsetOf(record),
            ExpiresAt = BinaryPrimitives.ReadInt64LittleEndian(record[ExpiresAt..]),
            PacketIdentifier = IdentifierOf(record),
            Qos = record[QosAt],
            Retain = (record[StateAt] & RetainFlag) != 0,
            State = StateOf(record),
            Topic = rest[..topic],
            Properties = rest.Slice(topic, properties),
            SubscriptionIdentifiers = rest.Slice(topic + properties, identifiers),
            Payload = rest[(topic + properties + identifiers)..],
        };
    }

    private static int BytesOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt32LittleEndian(record);

    private static ushort IdentifierOf(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt16LittleEndian(record[PacketIdentifierAt..]);

    private static long OffsetOf(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadInt64LittleEndian(record[OffsetAt..]);

    private static OutgoingState StateOf(ReadOnlySpan<byte> record) => (OutgoingState)(record[StateAt] & StateMask);

    private static void Set(Span<byte> record, OutgoingState state) =>
        record[StateAt] = (byte)((record[StateAt] & ~StateMask) | (int)state);
}
