using System.Buffers.Binary;
using System.Diagnostics;
using Telemetry.Model;
using Telemetry.Mqtt;

namespace Telemetry.Ingestion;

/// <summary>
/// A received message as the body of a spool record. Layout in docs/formats/message-record.md:
/// <code>flags u8 | precision u8 | packet identifier u16 | client bytes u16 | topic bytes u16 | properties bytes u32
/// | client | [identity bytes u8 | identity] | topic | properties | payload</code>
/// All integers are little-endian; the payload is what is left.
/// </summary>
public readonly ref struct MessageRecord
{
    /// <summary>The fixed part: 1 + 1 + 2 + 2 + 2 + 4.</summary>
    public const int FixedBytes = 12;

    private const byte QosMask = 0b0000_0011;
    private const byte RetainFlag = 0b0000_0100;
    private const byte DuplicateFlag = 0b0000_1000;
    private const byte IdentityFlag = 0b0001_0000;
    private const byte StaleFlag = 0b0010_0000;

    /// <summary>Who sent it: the MQTT client identifier, or the HTTP caller.</summary>
    public ReadOnlySpan<byte> Client { get; private init; }

    /// <summary>Who it is by its credentials; empty when it has shown none.</summary>
    public ReadOnlySpan<byte> Identity { get; private init; }

    /// <summary>The key of the gateway that sent it: its identity, else its client identifier.</summary>
    public ReadOnlySpan<byte> Gateway => Identity.IsEmpty ? Client : Identity;

    /// <summary>The packet identifier with which it came; 0 for QoS 0 and HTTP.</summary>
    public ushort PacketIdentifier { get; private init; }

    /// <summary>Topic name, or the database of an HTTP write.</summary>
    public ReadOnlySpan<byte> Topic { get; private init; }

    /// <summary>MQTT 5 properties as they stood on the wire, without their length.</summary>
    public ReadOnlySpan<byte> Properties { get; private init; }

    /// <summary>What is to be decoded.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Quality of service with which it came.</summary>
    public byte Qos { get; private init; }

    /// <summary>True when its sender says that it may have sent it before (DUP).</summary>
    public bool IsDuplicate { get; private init; }

    /// <summary>True when the sender asked for it to be retained.</summary>
    public bool Retain { get; private init; }

    /// <summary>
    /// True when another broker had retained it and sent it because we subscribed: it may be of any age.
    /// </summary>
    public bool IsStale { get; private init; }

    /// <summary>Unit of bare times in an HTTP write.</summary>
    public TimePrecision Precision { get; private init; }

    /// <summary>Bytes of the body that holds this message.</summary>
    public static int Measure(int clientBytes, in PublishView publish, int identityBytes = 0) =>
        FixedBytes + clientBytes + (identityBytes > 0 ? 1 + identityBytes : 0)
        + publish.Topic.Length + publish.Properties.Length + publish.Payload.Length;

    /// <summary>
    /// Writes the body; <paramref name="body"/> has exactly the measured length, the identity at most 255 bytes.
    /// </summary>
    public static void Write(
        Span<byte> body,
        ReadOnlySpan<byte> client,
        in PublishView publish,
        TimePrecision precision = default,
        ReadOnlySpan<byte> identity = default)
    {
        Write(body, client, publish, publish.Retain ? RetainFlag : 0, precision, identity);
    }

    /// <summary>
    /// Writes the body of a message from another broker, where RETAIN does not ask for anything: it says that the
    /// message is an old one.
    /// </summary>
    public static void WriteUpstream(Span<byte> body, ReadOnlySpan<byte> client, in PublishView publish) =>
        Write(body, client, publish, publish.Retain ? StaleFlag : 0, precision: default, identity: default);

    /// <summary>Reads a body whose checksum the spool has verified.</summary>
    /// <exception cref="InvalidDataException">BUG: a record of ours that we cannot read.</exception>
    public static MessageRecord Read(ReadOnlySpan<byte> body)
    {
        if (body.Length < FixedBytes)
        {
            throw Unreadable(FixedBytes, body.Length);
        }

        int client = BinaryPrimitives.ReadUInt16LittleEndian(body[4..]);
        int topic = BinaryPrimitives.ReadUInt16LittleEndian(body[6..]);
        int properties = BinaryPrimitives.ReadInt32LittleEndian(body[8..]);
        bool hasIdentity = (body[0] & IdentityFlag) != 0 && FixedBytes + client < body.Length;
        int identity = hasIdentity ? body[FixedBytes + client] : 0;
        int topicAt = client + (hasIdentity ? 1 + identity : 0);
        long wanted = (long)FixedBytes + topicAt + topic + properties;
        if (properties < 0 || wanted > body.Length)
        {
            throw Unreadable(wanted, body.Length);
        }

        ReadOnlySpan<byte> rest = body[FixedBytes..];
        return new MessageRecord
        {
            Qos = (byte)(body[0] & QosMask),
            Retain = (body[0] & RetainFlag) != 0,
            IsDuplicate = (body[0] & DuplicateFlag) != 0,
            IsStale = (body[0] & StaleFlag) != 0,
            Precision = (TimePrecision)body[1],
            PacketIdentifier = BinaryPrimitives.ReadUInt16LittleEndian(body[2..]),
            Client = rest[..client],
            Identity = rest.Slice(topicAt - identity, identity),
            Topic = rest.Slice(topicAt, topic),
            Properties = rest.Slice(topicAt + topic, properties),
            Payload = rest[(topicAt + topic + properties)..],
        };
    }

    private static void Write(
        Span<byte> body,
        ReadOnlySpan<byte> client,
        in PublishView publish,
        int retention,
        TimePrecision precision,
        ReadOnlySpan<byte> identity)
    {
        int flags = publish.Qos
            | retention
            | (publish.Dup ? DuplicateFlag : 0)
            | (identity.IsEmpty ? 0 : IdentityFlag);
        body[0] = (byte)flags;
        body[1] = (byte)precision;
        BinaryPrimitives.WriteUInt16LittleEndian(body[2..], publish.PacketIdentifier);
        BinaryPrimitives.WriteUInt16LittleEndian(body[4..], (ushort)client.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(body[6..], (ushort)publish.Topic.Length);
        BinaryPrimitives.WriteInt32LittleEndian(body[8..], publish.Properties.Length);
        Span<byte> rest = body[FixedBytes..];
        rest = Append(rest, client);
        if (!identity.IsEmpty)
        {
            rest[0] = checked((byte)identity.Length);
            rest = Append(rest[1..], identity);
        }

        rest = Append(rest, publish.Topic);
        rest = Append(rest, publish.Properties);
        rest = Append(rest, publish.Payload);
        Debug.Assert(rest.IsEmpty, "the body has exactly the measured length");
    }

    private static InvalidDataException Unreadable(long wanted, int found) =>
        new($"BUG: cannot read message record: expected at least {wanted} bytes, found {found}");

    private static Span<byte> Append(Span<byte> target, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target);
        return target[bytes.Length..];
    }
}
