using System.Text.Unicode;
using Telemetry.Buffers;

namespace Telemetry.Fuzz;

/// <summary>Reads a packet with the view of its type, walks all of it, and writes it again.</summary>
internal static class PacketRewriting
{
    /// <summary>Whether the packet is taken; then it stands again at the start of the destination.</summary>
    /// <exception cref="InvalidOperationException">What was read cannot be so.</exception>
    public static bool TryRewrite(
        PacketFrame frame, ProtocolLevel level, Span<byte> destination, out int bytes, out MalformedReason reason)
    {
        bytes = 0;
        switch (frame.Type)
        {
            case PacketType.Connect:
                return Connect(frame, destination, ref bytes, out reason);
            case PacketType.ConnAck:
                return ConnAck(frame, level, destination, ref bytes, out reason);
            case PacketType.Publish:
                return Publish(frame, level, destination, ref bytes, out reason);
            case PacketType.Subscribe:
                return Subscribe(frame, level, destination, ref bytes, out reason);
            case PacketType.Unsubscribe:
                return Unsubscribe(frame, level, destination, ref bytes, out reason);
            case PacketType.SubAck:
                return SubAck(frame, level, destination, ref bytes, out reason);
            case PacketType.UnsubAck:
                return UnsubAck(frame, level, destination, ref bytes, out reason);
            case PacketType.PingReq or PacketType.PingResp:
                bool isPing = PingView.TryRead(frame, out PingView ping, out reason);
                bytes = isPing ? PingView.Write(destination[..PingView.PacketBytes], ping.Type) : 0;
                return isPing;
            case PacketType.Disconnect:
                return Disconnect(frame, level, destination, ref bytes, out reason);
            case PacketType.Auth:
                return Auth(frame, level, destination, ref bytes, out reason);
            default:
                return Ack(frame, level, destination, ref bytes, out reason);
        }
    }

    private static bool Connect(PacketFrame frame, Span<byte> destination, ref int bytes, out MalformedReason reason)
    {
        if (!ConnectView.TryRead(frame, out ConnectView view, out reason))
        {
            return false;
        }

        RequireText(view.ClientIdentifier);
        RequireText(view.UserName);
        Walk(view.Properties);
        Walk(view.WillProperties);
        Require(!view.HasWill || TopicName.IsValid(view.WillTopic), "a will's topic that is none");
        bytes = view.Write(destination[..view.Measure()]);
        return true;
    }

    private static bool ConnAck(
        PacketFrame frame, ProtocolLevel level, Span<byte> destination, ref int bytes, out MalformedReason reason)
    {
        if (!ConnAckView.TryRead(frame, level, out ConnAckView view, out reason))
        {
            return false;
        }

        Walk(view.Properties);
        bytes = view.Write(destination[..view.Measure(level)], level);
        return true;
    }

    private static bool Publish(
        PacketFrame frame, ProtocolLevel level, Span<byte> destination, ref int bytes, out MalformedReason reason)
    {
        if (!PublishView.TryRead(frame, level, out PublishView view, out reason))
        {
            return false;
        }

        Require(view.Topic.IsEmpty ? view.TopicAlias != 0 : TopicName.IsValid(view.Topic), "a topic that is none");
        Require((view.Qos == 0) == (view.PacketIdentifier == 0) && view.Qos <= 2, "QoS and identifier do not fit");
        RequireText(view.Topic);
        Walk(view.Properties);
        bytes = view.Write(destination[..view.Measure(level)], level);
        return true;
    }

    private static bool Subscribe(
        PacketFrame frame, ProtocolLevel level, Span<byte> destination, ref int bytes, out MalformedReason reason)
    {
        if (!SubscribeView.TryRead(frame, level, out SubscribeView view, out reason))
        {
            return false;
        }

        Walk(view.Properties);
        SubscriptionReader entries = view.ReadEntries(level);
        int entryBytes = 0;
        Span<byte> scratch = destination[..view.Entries.Length];
        while (entries.TryRead(out SubscriptionEntry entry))
        {
            RequireText(entry.Filter);
            RequireFilter(entry.Filter, level);
            entryBytes += entry.Write(scratch[entryBytes..]);
        }

        Require(scratch[..entryBytes].SequenceEqual(view.Entries), "entries that are written otherwise than read");
        bytes = view.Write(destination[..view.Measure(level)], level);
        return true;
    }

    private static bool Unsubscribe(
        PacketFrame frame, ProtocolLevel level, Span<byte> destination, ref int bytes, out MalformedReason reason)
    {
        if (!UnsubscribeView.TryRead(frame, level, out UnsubscribeView view, out reason))
        {
            return false;
        }

        Walk(view.Properties);
        ByteReader filters = view.ReadFilters();
        while (!filters.IsAtEnd)
        {
            ReadOnlySpan<byte> filter = filters.ReadPrefixed();
            RequireText(filter);
            RequireFilter(filter, level);
        }

        Require(!filters.Failed, "filters that end in the middle of one");
        bytes = view.Write(destination[..view.Measure(level)], level);
        return true;
    }

    private static bool SubAck(
        PacketFrame frame, ProtocolLevel level, Span<byte> destination, ref int bytes, out MalformedReason reason)
    {
        if (!SubAckView.TryRead(frame, level, out SubAckView view, out reason))
        {
            return false;
        }

        Walk(view.Properties);
        bytes = view.Write(destination[..view.Measure(level)], level);
        return true;
    }

    private static bool UnsubAck(
        PacketFrame frame, ProtocolLevel level, Span<byte> destination, ref int bytes, out MalformedReason reason)
    {
        if (!UnsubAckView.TryRead(frame, level, out UnsubAckView view, out reason))
        {
            return false;
        }

        Walk(view.Properties);
        bytes = view.Write(destination[..view.Measure(level)], level);
        return true;
    }

    private static bool Disconnect(
        PacketFrame frame, ProtocolLevel level, Span<byte> destination, ref int bytes, out MalformedReason reason)
    {
        if (!DisconnectView.TryRead(frame, level, out DisconnectView view, out reason))
        {
            return false;
        }

        Walk(view.Properties);
        bytes = view.Write(destination[..view.Measure(level)], level);
        return true;
    }

    private static bool Auth(
        PacketFrame frame, ProtocolLevel level, Span<byte> destination, ref int bytes, out MalformedReason reason)
    {
        if (!AuthView.TryRead(frame, level, out AuthView view, out reason))
        {
            return false;
        }

        Walk(view.Properties);
        bytes = view.Write(destination[..view.Measure()]);
        return true;
    }

    private static bool Ack(
        PacketFrame frame, ProtocolLevel level, Span<byte> destination, ref int bytes, out MalformedReason reason)
    {
        if (!AckView.TryRead(frame, level, out AckView view, out reason))
        {
            return false;
        }

        Require(view.PacketIdentifier != 0, "an acknowledgement of nothing");
        Walk(view.Properties);
        bytes = view.Write(destination[..view.Measure(level)], level);
        return true;
    }

    /// <summary>Properties that were taken can be walked to their end.</summary>
    private static void Walk(ReadOnlySpan<byte> properties)
    {
        var reader = new PropertyReader(properties);
        int least = 0;
        while (reader.TryRead(out PropertyView property))
        {
            least += 1 + property.Name.Length + property.Value.Length;
            bool isBinary = (int)property.Id is 9 or PropertyTable.AuthenticationData;
            Require(PropertyTable.Exists((int)property.Id), "a property that does not exist");
            RequireText(property.Name);
            RequireText(isBinary ? default : property.Value);
        }

        Require(reader.Reason == MalformedReason.None && least <= properties.Length, "properties that do not end");
    }

    private static void RequireFilter(ReadOnlySpan<byte> filter, ProtocolLevel level)
    {
        bool isShared = level >= ProtocolLevel.V50 && TopicFilter.IsShared(filter);
        bool isOne = isShared ? TopicFilter.TryParseShared(filter, out _, out _) : TopicFilter.IsValid(filter);
        Require(isOne, "a topic filter that is none");
    }

    /// <summary>An independent look: the framework's own check of UTF-8, and no U+0000.</summary>
    private static void RequireText(ReadOnlySpan<byte> text) =>
        Require(text.IsEmpty || (Utf8.IsValid(text) && !text.Contains((byte)0)), "a text that is not UTF-8");

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"taken: {otherwise}");
        }
    }
}
