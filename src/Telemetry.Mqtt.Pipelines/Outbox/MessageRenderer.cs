using System.Diagnostics;
using System.IO.Pipelines;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// Messages → PUBLISH and PUBREL packets of one connection: with what is left of their expiry, their subscription
/// identifiers and this connection's topic aliases. The session owns it under its lock.
/// </summary>
internal sealed class MessageRenderer(DeliveryTerms terms)
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int NumberBytesMax = 5; // expiry: identifier(1) seconds(4); alias: identifier(1) number(2)
    private const int AliasedTopicBytesMin = 4; // a shorter name costs less than its alias

    private Dictionary<byte[], ushort>? _aliases; // most clients take none
    private byte[] _properties = []; // grows with the first message of MQTT 5

    /// <summary>What was agreed with the client.</summary>
    public DeliveryTerms Terms => terms;

    /// <summary>Writes a message in the state it is in; false when the client takes no packet of its size.</summary>
    public bool TryWrite(in OutgoingView message, long now, PipeWriter output)
    {
        if (message.State == OutgoingState.Received)
        {
            Span<byte> release = output.GetSpan(AckView.SuccessBytes);
            output.Advance(AckView.WriteSuccess(release, PacketType.PubRel, message.PacketIdentifier));
            return true;
        }

        var publish = new PublishView
        {
            Topic = message.Topic,
            Payload = message.Payload,
            Properties = terms.Level >= ProtocolLevel.V50 ? JoinProperties(message, now) : default,
            PacketIdentifier = message.PacketIdentifier,
            Qos = message.Qos,
            Dup = message.State == OutgoingState.Sent,
            Retain = message.Retain,
        };
        if (publish.Measure(terms.Level) > terms.PacketBytesMax)
        {
            return false;
        }

        Write(terms.TopicAliasMax > 0 ? WithAlias(publish) : publish, output);
        return true;
    }

    private void Write(in PublishView publish, PipeWriter output)
    {
        int bytes = publish.Measure(terms.Level);
        int written = publish.Write(output.GetSpan(bytes), terms.Level);
        Debug.Assert(written == bytes, "a packet has the measured length");
        output.Advance(written);
    }

    /// <summary>The first topics get the aliases; a name that has one is left out from the second time on.</summary>
    private PublishView WithAlias(in PublishView publish)
    {
        _aliases ??= new Dictionary<byte[], ushort>(TopicComparer.Instance);
        bool isKnown = _aliases.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(publish.Topic, out ushort alias);
        bool isWorthIt = publish.Topic.Length >= AliasedTopicBytesMin && _aliases.Count < terms.TopicAliasMax;
        if (!isKnown && !isWorthIt)
        {
            return publish;
        }

        alias = isKnown ? alias : (ushort)(_aliases.Count + 1);
        var writer = new PropertyWriter(_properties.AsSpan(publish.Properties.Length));
        writer.WriteNumber(PropertyId.TopicAlias, alias);
        PublishView aliased = publish with
        {
            Properties = _properties.AsSpan(0, publish.Properties.Length + writer.Written.Length),
            Topic = isKnown ? default : publish.Topic,
        };
        if (aliased.Measure(terms.Level) > terms.PacketBytesMax)
        {
            return publish;
        }

        if (!isKnown)
        {
            _aliases.Add(publish.Topic.ToArray(), alias);
        }

        return aliased;
    }

    private ReadOnlySpan<byte> JoinProperties(in OutgoingView message, long now)
    {
        int bytesMax = message.Properties.Length + message.SubscriptionIdentifiers.Length + (2 * NumberBytesMax);
        if (_properties.Length < bytesMax)
        {
            _properties = new byte[bytesMax * 2];
        }

        int bytes = 0;
        if (message.ExpiresAt != 0)
        {
            long seconds = (message.ExpiresAt - now + NanosecondsPerSecond - 1) / NanosecondsPerSecond;
            var writer = new PropertyWriter(_properties);
            writer.WriteNumber(
                PropertyId.MessageExpiryInterval, (uint)Math.Clamp(seconds, 0, uint.MaxValue)); // [MQTT-3.3.2-6]
            bytes = writer.Written.Length;
        }

        message.Properties.CopyTo(_properties.AsSpan(bytes));
        bytes += message.Properties.Length;
        message.SubscriptionIdentifiers.CopyTo(_properties.AsSpan(bytes));
        bytes += message.SubscriptionIdentifiers.Length;
        return _properties.AsSpan(0, bytes);
    }
}
