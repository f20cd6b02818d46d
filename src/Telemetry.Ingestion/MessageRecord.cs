using System.Buffers.Binary;
using System.Diagnostics;
using Telemetry.Model;
using Telemetry.Mqtt;

namespace Telemetry.Ingestion;

/// <summary>
/// A received message as the body of a spool record. Layout in docs/formats/message-record.md:
/// <code>flags u8 | precision u8 | packet identifier u16 | client bytes u16 | topic bytes u16 | properties bytes u32
/// | client | topic | properties | payload</code>
/// All integers are little-endian; the payload is what is left.
/// </summary>
public readonly ref struct MessageRecord
{
    /// <summary>The fixed part: 1 + 1 + 2 + 2 + 2 + 4.</summary>
    public const int FixedBytes = 12;

    private const byte QosMask = 0b0000_0011;
    private const byte RetainFlag = 0b0000_0100;
    private const byte DuplicateFlag = 0b0000_1000;

    /// <summary>Who sent it: the MQTT client identifier, or the HTTP caller.</summary>
    public ReadOnlySpan<byte> Client { get; private init; }

    /// <summary>Topic name, or the database of an HTTP write.</summary>
    public ReadOnlySpan<byte> Topic { get; private init; }

    /// <summary>MQTT 5 properties as they stood on the wire, without their length.</summary>
    public ReadOnlySpan<byte> Properties { get; private init; }

    /// <summary>What is to be decoded.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Quality of service with which it came.</summary>
    public byte Qos { get; private init; }

    /// <summary>True when the sender asked for it to be retained.</summary>
    public bool Retain { get; private init; }

    /// <summary>Unit of bare times in an HTTP write.</summary>
    public TimePrecision Precision { get; private init; }

    /// <summary>Bytes of the body that holds this message.</summary>
    public static int Measure(int clientBytes, in PublishView publish) =>
        FixedBytes + clientBytes + publish.Topic.Length + publish.Properties.Length + publish.Payload.Length;

    /// <summary>Writes the body; <paramref name="body"/> has exactly the measured length.</summary>
    public static void Write(
        Span<byte> body, ReadOnlySpan<byte> client, in PublishView publish, TimePrecision precision = default)
    {
        int flags = publish.Qos | (publish.Retain ? RetainFlag : 0) | (publish.Dup ? DuplicateFlag : 0);
        body[0] = (byte)flags;
        body[1] = (byte)precision;
        BinaryPrimitives.WriteUInt16LittleEndian(body[2..], publish.PacketIdentifier);
        BinaryPrimitives.WriteUInt16LittleEndian(body[4..], (ushort)client.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(body[6..], (ushort)publish.Topic.Length);
        BinaryPrimitives.WriteInt32LittleEndian(body[8..], publish.Properties.Length);
        Span<byte> rest = body[FixedBytes..];
        rest = Append(rest, client);
        rest = Append(rest, publish.Topic);
        rest = Append(rest, publish.Properties);
        rest = Append(rest, publish.Payload);
        Debug.Assert(rest.IsEmpty, "the body has exactly the measured length");
    }

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
        long wanted = (long)FixedBytes + client + topic + properties;
        if (properties < 0 || wanted > body.Length)
        {
            throw Unreadable(wanted, body.Length);
        }

        ReadOnlySpan<byte> rest = body[FixedBytes..];
        return new MessageRecord
        {
            Qos = (byte)(body[0] & QosMask),
            Retain = (body[0] & RetainFlag) != 0,
            Precision = (TimePrecision)body[1],
            Client = rest[..client],
            Topic = rest.Slice(client, topic),
            Properties = rest.Slice(client + topic, properties),
            Payload = rest[(client + topic + properties)..],
        };
    }

    private static InvalidDataException Unreadable(long wanted, int found) =>
        new($"BUG: cannot read message record: expected at least {wanted} bytes, found {found}");

    private static Span<byte> Append(Span<byte> target, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target);
        return target[bytes.Length..];
    }
}
