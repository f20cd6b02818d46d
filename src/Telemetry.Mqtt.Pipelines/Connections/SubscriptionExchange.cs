using System.Buffers;
using System.Text;
using Telemetry.Buffers;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>SUBSCRIBE and UNSUBSCRIBE of one connection, with their answers, on the connection's thread.</summary>
internal sealed class SubscriptionExchange(
    Broker broker, Subscriber subscriber, ProtocolLevel level, MqttServerOptions options, MqttMetrics metrics)
{
    private const byte QosGrantedMax = 1;

    private readonly ArrayBufferWriter<byte> _codes = new(16);
    private readonly List<RetainedDelivery> _retained = [];

    /// <summary>Grants subscriptions, answers, and sends the retained messages they ask for.</summary>
    public Refusal OnSubscribe(PacketFrame frame)
    {
        if (!SubscribeView.TryRead(frame, level, out SubscribeView subscribe, out MalformedReason reason))
        {
            return Refusal.Of(reason);
        }

        if (subscribe.SubscriptionIdentifier != 0)
        {
            return Refusal.Of(ReasonCode.SubscriptionIdentifiersNotSupported); // CONNACK has said so
        }

        _codes.ResetWrittenCount();
        SubscriptionReader entries = subscribe.ReadEntries(level);
        while (entries.TryRead(out SubscriptionEntry entry))
        {
            AddCode(Grant(entry));
        }

        var answer = new SubAckView
        {
            PacketIdentifier = subscribe.PacketIdentifier,
            ReasonCodes = _codes.WrittenSpan,
        };
        byte[] packet = new byte[answer.Measure(level)];
        answer.Write(packet, level);
        subscriber.Outbox.Send(packet);
        return SendRetained();
    }

    /// <summary>Gives subscriptions up and answers.</summary>
    public Refusal OnUnsubscribe(PacketFrame frame)
    {
        if (!UnsubscribeView.TryRead(frame, level, out UnsubscribeView unsubscribe, out MalformedReason reason))
        {
            return Refusal.Of(reason);
        }

        _codes.ResetWrittenCount();
        ByteReader filters = unsubscribe.ReadFilters();
        while (!filters.IsAtEnd)
        {
            ReadOnlySpan<byte> filter = filters.ReadPrefixed();
            bool existed = broker.Unsubscribe(subscriber, Encoding.UTF8.GetString(filter), filter);
            AddCode(existed ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted);
        }

        var answer = new UnsubAckView
        {
            PacketIdentifier = unsubscribe.PacketIdentifier,
            ReasonCodes = _codes.WrittenSpan,
        };
        byte[] packet = new byte[answer.Measure(level)];
        answer.Write(packet, level);
        subscriber.Outbox.Send(packet);
        return Refusal.None;
    }

    private ReasonCode Grant(in SubscriptionEntry entry)
    {
        byte qos = Math.Min(entry.Qos, QosGrantedMax);
        bool isNew = false;
        ReasonCode code = CheckFilter(entry.Filter);
        if (code == ReasonCode.Success)
        {
            var wanted = new Subscription(subscriber, qos, entry.NoLocal, entry.RetainAsPublished);
            string filter = Encoding.UTF8.GetString(entry.Filter);
            (code, isNew) = broker.Subscribe(filter, entry.Filter, wanted);
        }

        if (code != ReasonCode.Success)
        {
            metrics.OnRefused(code);
            return code;
        }

        bool wantsRetained = entry.RetainHandling == RetainHandling.Send
            || (entry.RetainHandling == RetainHandling.SendIfNew && isNew);
        if (wantsRetained)
        {
            broker.FindRetained(entry.Filter, qos, _retained);
        }

        return (ReasonCode)qos;
    }

    private ReasonCode CheckFilter(ReadOnlySpan<byte> filter)
    {
        if (TopicFilter.IsShared(filter))
        {
            return ReasonCode.SharedSubscriptionsNotSupported;
        }

        bool isTooDeep = filter.Count((byte)'/') >= options.TopicLevelsMax;
        return isTooDeep ? ReasonCode.TopicFilterInvalid : ReasonCode.Success;
    }

    private Refusal SendRetained()
    {
        if (_retained.Count == 0)
        {
            return Refusal.None;
        }

        QueueOutcome outcome = subscriber.Outbox.Queue(_retained);
        _retained.Clear();
        return outcome == QueueOutcome.Overflowed ? Refusal.Of(ReasonCode.QuotaExceeded) : Refusal.None;
    }

    private void AddCode(ReasonCode code)
    {
        _codes.GetSpan(1)[0] = (byte)code;
        _codes.Advance(1);
    }
}
