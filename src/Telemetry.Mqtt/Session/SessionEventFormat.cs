using System.Buffers.Binary;
using System.Text;
using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>
/// Session events as bytes; docs/formats/session-event.md draws them. The body of a record is
/// <c>kind u8 | client u16 and bytes | content</c>; numbers are big-endian, as in MQTT itself.
/// </summary>
public static class SessionEventFormat
{
    /// <summary>Bytes of the content of <see cref="SessionEventKind.Delivered"/>.</summary>
    public const int DeliveredBytes = sizeof(long) + 1;

    private const int KindBytes = 1;
    private const int PrefixBytes = sizeof(ushort);
    private const int CleanFlag = 0x01;
    private const int WillFlag = 0x02;
    private const int WillRetainFlag = 0x04;
    private const int WillQosShift = 3;
    private const int NoLocalFlag = 0x04;
    private const int RetainAsPublishedFlag = 0x08;
    private const int HandlingShift = 4;
    private const int OwnerFlag = 0x20;
    private const int QosMask = 0x03; // of the retain handling as well

    /// <summary>Bytes of a record's body.</summary>
    public static int Measure(int clientBytes, int contentBytes) =>
        KindBytes + PrefixBytes + clientBytes + contentBytes;

    /// <summary>Writes a record's body; it has exactly the measured length.</summary>
    public static void Write(
        Span<byte> body, SessionEventKind kind, ReadOnlySpan<byte> client, ReadOnlySpan<byte> content)
    {
        var writer = new ByteWriter(body);
        writer.WriteByte((byte)kind);
        writer.WritePrefixed(client);
        writer.WriteBytes(content);
    }

    /// <summary>Reads a record's body; false when it cannot be one.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> body,
        out SessionEventKind kind,
        out ReadOnlySpan<byte> client,
        out ReadOnlySpan<byte> content)
    {
        var reader = new ByteReader(body);
        kind = (SessionEventKind)reader.ReadByte();
        client = reader.ReadPrefixed();
        content = reader.Rest;
        return !reader.Failed && kind is >= SessionEventKind.Opened and <= SessionEventKind.WillSent;
    }

    /// <summary>The content of <see cref="SessionEventKind.Opened"/>.</summary>
    /// <param name="isClean">What was kept under this client identifier before is over.</param>
    /// <param name="owner">Whose it is by its credentials; null for an anonymous client.</param>
    /// <param name="expirySeconds">The session expiry interval.</param>
    /// <param name="will">The will; null for none.</param>
    public static byte[] Opened(bool isClean, string? owner, uint expirySeconds, SessionWill? will)
    {
        byte[] name = owner is null ? [] : Encoding.UTF8.GetBytes(owner);
        int ownerBytes = owner is null ? 0 : PrefixBytes + name.Length;
        PublishView message = will is null ? default : will.View();
        int willBytes = will is null ? 0 : PrefixBytes + message.Topic.Length + (2 * sizeof(uint))
            + message.Properties.Length + message.Payload.Length;
        byte[] content = new byte[1 + sizeof(uint) + ownerBytes + willBytes];
        int flags = (isClean ? CleanFlag : 0)
            | (owner is null ? 0 : OwnerFlag)
            | (will is null ? 0 : WillFlag | (message.Retain ? WillRetainFlag : 0) | (message.Qos << WillQosShift));
        var writer = new ByteWriter(content);
        writer.WriteByte((byte)flags);
        writer.WriteUInt32(expirySeconds);
        if (owner is not null)
        {
            writer.WritePrefixed(name);
        }

        if (will is not null)
        {
            writer.WritePrefixed(message.Topic);
            writer.WriteUInt32((uint)message.Properties.Length);
            writer.WriteBytes(message.Properties);
            writer.WriteUInt32((uint)message.Payload.Length);
            writer.WriteBytes(message.Payload);
        }

        return content;
    }

    /// <summary>Reads the content of <see cref="SessionEventKind.Opened"/>; false when it cannot be one.</summary>
    public static bool TryReadOpened(
        ReadOnlySpan<byte> content,
        out bool isClean,
        out string? owner,
        out uint expirySeconds,
        out SessionWill? will)
    {
        var reader = new ByteReader(content);
        int flags = reader.ReadByte();
        expirySeconds = reader.ReadUInt32();
        owner = (flags & OwnerFlag) == 0 ? null : Encoding.UTF8.GetString(reader.ReadPrefixed());
        isClean = (flags & CleanFlag) != 0;
        will = null;
        if (reader.Failed || (flags & WillFlag) == 0)
        {
            return !reader.Failed;
        }

        var message = new PublishView
        {
            Topic = reader.ReadPrefixed(),
            Properties = ReadLong(ref reader),
            Payload = ReadLong(ref reader),
            Qos = (byte)((flags >> WillQosShift) & QosMask),
            Retain = (flags & WillRetainFlag) != 0,
        };
        will = reader.Failed ? null : new SessionWill(message);
        return !reader.Failed;
    }

    /// <summary>The content of <see cref="SessionEventKind.Closed"/>: expiry, and whether a will waits.</summary>
    public static byte[] Closed(uint expirySeconds, bool keepsWill)
    {
        byte[] content = new byte[sizeof(uint) + 1];
        BinaryPrimitives.WriteUInt32BigEndian(content, expirySeconds);
        content[sizeof(uint)] = keepsWill ? (byte)1 : (byte)0;
        return content;
    }

    /// <summary>Reads the content of <see cref="SessionEventKind.Closed"/>; false when it cannot be one.</summary>
    public static bool TryReadClosed(ReadOnlySpan<byte> content, out uint expirySeconds, out bool keepsWill)
    {
        var reader = new ByteReader(content);
        expirySeconds = reader.ReadUInt32();
        keepsWill = reader.ReadByte() != 0;
        return !reader.Failed;
    }

    /// <summary>The content of <see cref="SessionEventKind.Subscribed"/>.</summary>
    public static byte[] Subscribed(SessionSubscription subscription)
    {
        byte[] filter = Encoding.UTF8.GetBytes(subscription.Filter);
        byte[] content = new byte[1 + sizeof(uint) + PrefixBytes + filter.Length];
        int options = subscription.Qos
            | (subscription.NoLocal ? NoLocalFlag : 0)
            | (subscription.RetainAsPublished ? RetainAsPublishedFlag : 0)
            | ((int)subscription.Handling << HandlingShift);
        var writer = new ByteWriter(content);
        writer.WriteByte((byte)options);
        writer.WriteUInt32(subscription.Identifier);
        writer.WritePrefixed(filter);
        return content;
    }

    /// <summary>Reads the content of <see cref="SessionEventKind.Subscribed"/>; null when it cannot be one.</summary>
    public static SessionSubscription? ReadSubscribed(ReadOnlySpan<byte> content)
    {
        var reader = new ByteReader(content);
        int options = reader.ReadByte();
        uint identifier = reader.ReadUInt32();
        string filter = Encoding.UTF8.GetString(reader.ReadPrefixed());
        return reader.Failed ? null : new SessionSubscription(
            filter,
            (byte)(options & QosMask),
            (options & NoLocalFlag) != 0,
            (options & RetainAsPublishedFlag) != 0,
            (RetainHandling)((options >> HandlingShift) & QosMask),
            identifier);
    }

    /// <summary>Writes the content of <see cref="SessionEventKind.Delivered"/>: which message, how far it is.</summary>
    public static void WriteDelivered(Span<byte> content, long offset, OutgoingState state)
    {
        BinaryPrimitives.WriteInt64BigEndian(content, offset);
        content[sizeof(long)] = (byte)state;
    }

    /// <summary>Reads the content of <see cref="SessionEventKind.Delivered"/>; false when it cannot be one.</summary>
    public static bool TryReadDelivered(ReadOnlySpan<byte> content, out long offset, out OutgoingState state)
    {
        offset = 0;
        state = default;
        if (content.Length != DeliveredBytes)
        {
            return false;
        }

        offset = BinaryPrimitives.ReadInt64BigEndian(content);
        state = (OutgoingState)content[sizeof(long)];
        return state is OutgoingState.Received or OutgoingState.Done;
    }

    private static ReadOnlySpan<byte> ReadLong(scoped ref ByteReader reader)
    {
        uint bytes = reader.ReadUInt32();
        return reader.ReadBytes((int)Math.Min(bytes, int.MaxValue)); // more than is left fails
    }
}
