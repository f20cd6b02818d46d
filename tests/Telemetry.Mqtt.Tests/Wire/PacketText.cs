using System.Globalization;
using System.Text;
using Telemetry.Buffers;

namespace Telemetry.Mqtt.Tests.Wire;

/// <summary>The door of the packet tests: bytes in; the packet in words, and as it is written again, out.</summary>
internal static class PacketText
{
    private const int PacketBytesMax = 1_000_000;

    /// <summary>Reads one packet: its words, or why there is none.</summary>
    public static string Read(ReadOnlySpan<byte> bytes, ProtocolLevel level, out byte[] rewritten, out int consumed)
    {
        rewritten = [];
        ReadStatus status = PacketFramer.TryRead(
            bytes, PacketBytesMax, out PacketFrame frame, out consumed, out MalformedReason reason);
        return status switch
        {
            ReadStatus.NeedMore => "more",
            ReadStatus.Malformed => $"malformed {reason}",
            _ => Of(frame, level, out rewritten),
        };
    }

    /// <summary>The packet of a frame in words, and as it is written again.</summary>
    public static string Of(PacketFrame frame, ProtocolLevel level, out byte[] rewritten)
    {
        var text = new StringBuilder(frame.Type.ToString().ToUpperInvariant());
        MalformedReason reason = frame.Type switch
        {
            PacketType.Connect => Connect(frame, text, out rewritten),
            PacketType.ConnAck => ConnAck(frame, level, text, out rewritten),
            PacketType.Publish => Publish(frame, level, text, out rewritten),
            PacketType.Subscribe => Subscribe(frame, level, text, out rewritten),
            PacketType.Unsubscribe => Unsubscribe(frame, level, text, out rewritten),
            PacketType.SubAck => SubAck(frame, level, text, out rewritten),
            PacketType.UnsubAck => UnsubAck(frame, level, text, out rewritten),
            PacketType.PingReq or PacketType.PingResp => Ping(frame, out rewritten),
            PacketType.Disconnect => Disconnect(frame, level, text, out rewritten),
            PacketType.Auth => Auth(frame, level, text, out rewritten),
            _ => Ack(frame, level, text, out rewritten),
        };
        return reason == MalformedReason.None ? text.ToString() : $"malformed {reason}";
    }

    private static MalformedReason Connect(PacketFrame frame, StringBuilder text, out byte[] rewritten)
    {
        rewritten = [];
        if (!ConnectView.TryRead(frame, out ConnectView view, out MalformedReason reason))
        {
            return reason;
        }

        text.Append(CultureInfo.InvariantCulture, $" {view.Level}").Append(view.CleanStart ? " clean" : "")
            .Append(CultureInfo.InvariantCulture, $" keepalive={view.KeepAliveSeconds}")
            .Append(" client=").Append(Quoted(view.ClientIdentifier));
        if (view.HasWill)
        {
            text.Append(" will=").Append(Quoted(view.WillTopic))
                .Append(CultureInfo.InvariantCulture, $" qos={view.WillQos}")
                .Append(view.WillRetain ? " retain" : "")
                .Append(" payload=").Append(Hex(view.WillPayload));
        }

        text.Append(view.HasUserName ? $" user={Quoted(view.UserName)}" : "")
            .Append(view.HasPassword ? $" password={Hex(view.Password)}" : "")
            .Append(view.WillProperties.IsEmpty ? "" : $" willprops={Hex(view.WillProperties)}")
            .Append(Props(view.Properties));
        rewritten = new byte[view.Measure()];
        Assert.Equal(rewritten.Length, view.Write(rewritten));
        return reason;
    }

    private static MalformedReason ConnAck(
        PacketFrame frame, ProtocolLevel level, StringBuilder text, out byte[] rewritten)
    {
        rewritten = [];
        if (ConnAckView.TryRead(frame, level, out ConnAckView view, out MalformedReason reason))
        {
            text.Append(view.SessionPresent ? " session" : "").Append(' ').Append(view.ReasonCode)
                .Append(Props(view.Properties));
            rewritten = new byte[view.Measure(level)];
            Assert.Equal(rewritten.Length, view.Write(rewritten, level));
        }

        return reason;
    }

    private static MalformedReason Publish(
        PacketFrame frame, ProtocolLevel level, StringBuilder text, out byte[] rewritten)
    {
        rewritten = [];
        if (PublishView.TryRead(frame, level, out PublishView view, out MalformedReason reason))
        {
            text.Append(' ').Append(Quoted(view.Topic))
                .Append(CultureInfo.InvariantCulture, $" qos={view.Qos}")
                .Append(view.Qos > 0 ? $" id={view.PacketIdentifier}" : "")
                .Append(view.Dup ? " dup" : "").Append(view.Retain ? " retain" : "")
                .Append(" payload=").Append(Hex(view.Payload))
                .Append(Props(view.Properties));
            rewritten = new byte[view.Measure(level)];
            Assert.Equal(rewritten.Length, view.Write(rewritten, level));
        }

        return reason;
    }

    private static MalformedReason Ack(PacketFrame frame, ProtocolLevel level, StringBuilder text, out byte[] rewritten)
    {
        rewritten = [];
        if (AckView.TryRead(frame, level, out AckView view, out MalformedReason reason))
        {
            text.Append(CultureInfo.InvariantCulture, $" id={view.PacketIdentifier} {view.ReasonCode}")
                .Append(Props(view.Properties));
            rewritten = new byte[view.Measure(level)];
            Assert.Equal(rewritten.Length, view.Write(rewritten, level));
        }

        return reason;
    }

    private static MalformedReason Subscribe(
        PacketFrame frame, ProtocolLevel level, StringBuilder text, out byte[] rewritten)
    {
        rewritten = [];
        if (!SubscribeView.TryRead(frame, level, out SubscribeView view, out MalformedReason reason))
        {
            return reason;
        }

        text.Append(CultureInfo.InvariantCulture, $" id={view.PacketIdentifier} ");
        var entries = new List<byte>();
        SubscriptionReader reader = view.ReadEntries(level);
        while (reader.TryRead(out SubscriptionEntry entry))
        {
            text.Append('[').Append(Quoted(entry.Filter))
                .Append(CultureInfo.InvariantCulture, $" qos={entry.Qos}")
                .Append(entry.NoLocal ? " nolocal" : "").Append(entry.RetainAsPublished ? " rap" : "")
                .Append(entry.RetainHandling == RetainHandling.Send ? "" : $" retain={(int)entry.RetainHandling}")
                .Append(']');
            var bytes = new byte[entry.Measure()];
            Assert.Equal(bytes.Length, entry.Write(bytes));
            entries.AddRange(bytes);
        }

        text.Append(Props(view.Properties));
        Assert.True(view.Entries.SequenceEqual(entries.ToArray()));
        rewritten = new byte[view.Measure(level)];
        Assert.Equal(rewritten.Length, view.Write(rewritten, level));
        return reason;
    }

    private static MalformedReason Unsubscribe(
        PacketFrame frame, ProtocolLevel level, StringBuilder text, out byte[] rewritten)
    {
        rewritten = [];
        if (UnsubscribeView.TryRead(frame, level, out UnsubscribeView view, out MalformedReason reason))
        {
            text.Append(CultureInfo.InvariantCulture, $" id={view.PacketIdentifier} ");
            ByteReader filters = view.ReadFilters();
            while (!filters.IsAtEnd)
            {
                text.Append('[').Append(Quoted(filters.ReadPrefixed())).Append(']');
            }

            text.Append(Props(view.Properties));
            rewritten = new byte[view.Measure(level)];
            Assert.Equal(rewritten.Length, view.Write(rewritten, level));
        }

        return reason;
    }

    private static MalformedReason SubAck(
        PacketFrame frame, ProtocolLevel level, StringBuilder text, out byte[] rewritten)
    {
        rewritten = [];
        if (SubAckView.TryRead(frame, level, out SubAckView view, out MalformedReason reason))
        {
            text.Append(CultureInfo.InvariantCulture, $" id={view.PacketIdentifier} codes={Hex(view.ReasonCodes)}")
                .Append(Props(view.Properties));
            rewritten = new byte[view.Measure(level)];
            Assert.Equal(rewritten.Length, view.Write(rewritten, level));
        }

        return reason;
    }

    private static MalformedReason UnsubAck(
        PacketFrame frame, ProtocolLevel level, StringBuilder text, out byte[] rewritten)
    {
        rewritten = [];
        if (UnsubAckView.TryRead(frame, level, out UnsubAckView view, out MalformedReason reason))
        {
            text.Append(CultureInfo.InvariantCulture, $" id={view.PacketIdentifier} codes={Hex(view.ReasonCodes)}")
                .Append(Props(view.Properties));
            rewritten = new byte[view.Measure(level)];
            Assert.Equal(rewritten.Length, view.Write(rewritten, level));
        }

        return reason;
    }

    private static MalformedReason Ping(PacketFrame frame, out byte[] rewritten)
    {
        rewritten = [];
        if (PingView.TryRead(frame, out PingView view, out MalformedReason reason))
        {
            rewritten = new byte[PingView.PacketBytes];
            Assert.Equal(rewritten.Length, PingView.Write(rewritten, view.Type));
        }

        return reason;
    }

    private static MalformedReason Disconnect(
        PacketFrame frame, ProtocolLevel level, StringBuilder text, out byte[] rewritten)
    {
        rewritten = [];
        if (DisconnectView.TryRead(frame, level, out DisconnectView view, out MalformedReason reason))
        {
            text.Append(' ').Append(view.ReasonCode).Append(Props(view.Properties));
            rewritten = new byte[view.Measure(level)];
            Assert.Equal(rewritten.Length, view.Write(rewritten, level));
        }

        return reason;
    }

    private static MalformedReason Auth(
        PacketFrame frame, ProtocolLevel level, StringBuilder text, out byte[] rewritten)
    {
        rewritten = [];
        if (AuthView.TryRead(frame, level, out AuthView view, out MalformedReason reason))
        {
            text.Append(' ').Append(view.ReasonCode).Append(Props(view.Properties));
            rewritten = new byte[view.Measure()];
            Assert.Equal(rewritten.Length, view.Write(rewritten));
        }

        return reason;
    }

    private static string Props(ReadOnlySpan<byte> properties) =>
        properties.IsEmpty ? "" : $" props={Hex(properties)}";

    private static string Quoted(ReadOnlySpan<byte> text) => $"\"{Encoding.UTF8.GetString(text)}\"";

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
