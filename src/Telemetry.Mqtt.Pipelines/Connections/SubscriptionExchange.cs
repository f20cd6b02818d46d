using System.Text;
using Telemetry.Buffers;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>SUBSCRIBE and UNSUBSCRIBE of one connection: reads and checks them on the connection's thread.</summary>
internal sealed class SubscriptionExchange(
    Connection connection, LiveSession session, PublishInflow inflow, IClientRights rights, MqttServerOptions options)
{
    /// <summary>Takes a SUBSCRIBE; its answer follows when it is in effect.</summary>
    public Refusal OnSubscribe(PacketFrame frame, ProtocolLevel level)
    {
        if (!SubscribeView.TryRead(frame, level, out SubscribeView subscribe, out MalformedReason reason))
        {
            return Refusal.Of(reason);
        }

        uint identifier = subscribe.Properties.IsEmpty ? 0 : subscribe.SubscriptionIdentifier;
        var change = new SubscriptionChange(session, subscribe.PacketIdentifier, isSubscribe: true)
        {
            Connection = connection,
        };
        SubscriptionReader entries = subscribe.ReadEntries(level);
        while (entries.TryRead(out SubscriptionEntry entry))
        {
            if (change.Wishes.Count >= options.SubscriptionsPerClientMax)
            {
                return Refusal.Of(ReasonCode.QuotaExceeded); // no client may hold so many: nothing of it is granted
            }

            var terms = new SessionSubscription(
                Encoding.UTF8.GetString(entry.Filter),
                entry.Qos,
                entry.NoLocal,
                entry.RetainAsPublished,
                entry.RetainHandling,
                identifier);
            ReasonCode refusal = Check(entry.Filter);
            change.Wishes.Add(new SubscriptionWish(terms, refusal));
            if (refusal == ReasonCode.Success && session.State.IsDurable)
            {
                inflow.Add(SessionEventKind.Subscribed, SessionEventFormat.Subscribed(terms));
            }
        }

        inflow.Add(change);
        return Refusal.None;
    }

    /// <summary>Takes an UNSUBSCRIBE; its answer follows when it is in effect.</summary>
    public Refusal OnUnsubscribe(PacketFrame frame, ProtocolLevel level)
    {
        if (!UnsubscribeView.TryRead(frame, level, out UnsubscribeView unsubscribe, out MalformedReason reason))
        {
            return Refusal.Of(reason);
        }

        var change = new SubscriptionChange(session, unsubscribe.PacketIdentifier, isSubscribe: false)
        {
            Connection = connection,
        };
        ByteReader filters = unsubscribe.ReadFilters();
        while (!filters.IsAtEnd)
        {
            if (change.Wishes.Count >= options.SubscriptionsPerClientMax)
            {
                return Refusal.Of(ReasonCode.QuotaExceeded);
            }

            ReadOnlySpan<byte> filter = filters.ReadPrefixed();
            var terms = new SessionSubscription(
                Encoding.UTF8.GetString(filter), 0, false, false, RetainHandling.DoNotSend, 0);
            change.Wishes.Add(new SubscriptionWish(terms, ReasonCode.Success));
            if (session.State.IsDurable)
            {
                inflow.Add(SessionEventKind.Unsubscribed, filter);
            }
        }

        inflow.Add(change);
        return Refusal.None;
    }

    private ReasonCode Check(ReadOnlySpan<byte> filter)
    {
        bool isTooDeep = filter.Count((byte)'/') >= options.TopicLevelsMax;
        if (isTooDeep)
        {
            return ReasonCode.TopicFilterInvalid;
        }

        bool isShared = TopicFilter.TryParseShared(filter, out _, out ReadOnlySpan<byte> within);
        if (rights.MaySubscribe(isShared ? within : filter))
        {
            return ReasonCode.Success;
        }

        return options.AnswersLikeMosquitto ? ReasonCode.UnspecifiedError : ReasonCode.NotAuthorized;
    }
}
