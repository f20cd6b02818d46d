using System.Buffers.Binary;
using System.Text;
using Telemetry.Buffers;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The broker's state as bytes: <c>version u8 | retained count u32 and each | session count u32 and each</c>;
/// docs/formats/broker-checkpoint.md draws them. Numbers are big-endian, as in MQTT itself.
/// </summary>
internal static class BrokerStateFormat
{
    private const byte Version = 1;

    /// <summary>Sessions that outlive their connection, or whose will does, and the retained messages.</summary>
    /// <param name="sessions">All sessions.</param>
    /// <param name="retained">All retained messages.</param>
    /// <param name="offset">What a client sent beyond this is left to the log.</param>
    public static byte[] Save(
        IReadOnlyCollection<LiveSession> sessions, IReadOnlyCollection<RetainedMessage> retained, long offset)
    {
        var bytes = new ByteQueue();
        bytes.Extend(1)[0] = Version;
        RetainedMessage[] logged = [.. retained.Where(message => message.Offset > 0)];
        WriteNumber(bytes, logged.Length);
        foreach (RetainedMessage message in logged)
        {
            Write(bytes, message);
        }

        LiveSession[] kept = [.. sessions.Where(s => s.State.IsDurable || s.State.Will is not null)];
        WriteNumber(bytes, kept.Length);
        foreach (LiveSession session in kept)
        {
            SessionSubscription[] subscriptions = [.. session.Granted.Values.Select(granted => granted.Terms)];
            session.Read(state => Write(bytes, state, subscriptions, offset));
        }

        return bytes.Waiting.ToArray();
    }

    /// <summary>Reads a state into empty tables; false when it cannot be one.</summary>
    public static bool TryLoad(
        ReadOnlySpan<byte> state,
        SessionTable sessions,
        RetainedStore retained,
        Action<LiveSession, SessionSubscription> subscribe,
        out int failedAt)
    {
        var reader = new ByteReader(state);
        failedAt = 0;
        if (reader.ReadByte() != Version)
        {
            return false;
        }

        uint retainedCount = reader.ReadUInt32();
        for (uint i = 0; i < retainedCount && !reader.Failed; i++)
        {
            ReadRetained(ref reader, retained);
        }

        uint sessionCount = reader.ReadUInt32();
        bool isRead = true;
        for (uint i = 0; i < sessionCount && isRead; i++)
        {
            failedAt = state.Length - reader.Rest.Length;
            isRead = TryReadSession(ref reader, sessions, subscribe);
        }

        return isRead && !reader.Failed && reader.IsAtEnd;
    }

    private static void Write(ByteQueue bytes, RetainedMessage message)
    {
        bytes.Extend(1)[0] = message.Qos;
        WriteLong(bytes, message.Offset);
        WriteLong(bytes, message.ExpiresAt);
        WriteBytes(bytes, message.Topic);
        WriteBytes(bytes, message.Properties);
        WriteBytes(bytes, message.Payload);
    }

    private static void ReadRetained(scoped ref ByteReader reader, RetainedStore retained)
    {
        var message = new OutgoingView
        {
            Qos = reader.ReadByte(),
            Offset = ReadLong(ref reader),
            ExpiresAt = ReadLong(ref reader),
            Topic = ReadBytes(ref reader),
            Properties = ReadBytes(ref reader),
            Payload = ReadBytes(ref reader),
        };
        if (!reader.Failed)
        {
            retained.TrySet(message, now: 0);
        }
    }

    private static void Write(
        ByteQueue bytes, ClientSession state, SessionSubscription[] subscriptions, long offset)
    {
        WriteBytes(bytes, Encoding.UTF8.GetBytes(state.ClientIdentifier));
        WriteLong(bytes, state.ClosedAt);
        WriteBytes(bytes, SessionEventFormat.Opened(isClean: true, state.Owner, state.ExpirySeconds, state.Will));
        WriteNumber(bytes, subscriptions.Length);
        foreach (SessionSubscription subscription in subscriptions)
        {
            WriteBytes(bytes, SessionEventFormat.Subscribed(subscription));
        }

        // A promise of ours must not stand here before its message does; what is left out is in the log behind.
        KeyValuePair<ushort, long>[] received = [.. state.Received.All.Where(held => held.Value <= offset)];
        WriteNumber(bytes, received.Length);
        foreach ((ushort identifier, long endOffset) in received)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.Extend(sizeof(ushort)), identifier);
            WriteLong(bytes, endOffset);
        }

        WriteBytes(bytes, state.Outgoing.Save());
    }

    private static bool TryReadSession(
        scoped ref ByteReader reader, SessionTable sessions, Action<LiveSession, SessionSubscription> subscribe)
    {
        string client = Encoding.UTF8.GetString(ReadBytes(ref reader));
        long closedAt = ReadLong(ref reader);
        ReadOnlySpan<byte> opened = ReadBytes(ref reader);
        if (reader.Failed
            || !SessionEventFormat.TryReadOpened(
                opened, out _, out string? owner, out uint expiry, out SessionWill? will)
            || sessions.FindOrBegin(client) is not { } session)
        {
            return false;
        }

        session.State.Owner = owner;
        session.State.ExpirySeconds = expiry;
        session.State.ClosedAt = closedAt;
        session.State.Will = will;
        uint subscriptionCount = reader.ReadUInt32();
        for (uint i = 0; i < subscriptionCount && !reader.Failed; i++)
        {
            if (SessionEventFormat.ReadSubscribed(ReadBytes(ref reader)) is { } terms)
            {
                subscribe(session, terms);
            }
        }

        uint receivedCount = reader.ReadUInt32();
        for (uint i = 0; i < receivedCount && !reader.Failed; i++)
        {
            session.SetReceived([reader.ReadUInt16()], ReadLong(ref reader));
        }

        ReadOnlySpan<byte> outgoing = ReadBytes(ref reader);
        return !reader.Failed && session.TryLoad(outgoing);
    }

    private static void WriteNumber(ByteQueue bytes, int number) =>
        BinaryPrimitives.WriteInt32BigEndian(bytes.Extend(sizeof(int)), number);

    private static void WriteLong(ByteQueue bytes, long number) =>
        BinaryPrimitives.WriteInt64BigEndian(bytes.Extend(sizeof(long)), number);

    private static void WriteBytes(ByteQueue bytes, ReadOnlySpan<byte> value)
    {
        WriteNumber(bytes, value.Length);
        bytes.Add(value);
    }

    private static long ReadLong(scoped ref ByteReader reader) =>
        ((long)reader.ReadUInt32() << 32) | reader.ReadUInt32();

    private static ReadOnlySpan<byte> ReadBytes(scoped ref ByteReader reader) =>
        reader.ReadBytes((int)Math.Min(reader.ReadUInt32(), int.MaxValue));
}
