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
            change.Wishes.Add(new SubscriptionWish(terms, Check(entry.Filter)));
        }

        Submit(change);
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

            var terms = new SessionSubscription(
                Encoding.UTF8.GetString(filters.ReadPrefixed()), 0, false, false, RetainHandling.DoNotSend, 0);
            change.Wishes.Add(new SubscriptionWish(terms, ReasonCode.Success));
        }

        Submit(change);
        return Refusal.None;
    }

    /// <summary>Nothing of a packet that is refused gets here: what the log has, a restart grants.</summary>
    private void Submit(SubscriptionChange change)
    {
        foreach (SubscriptionWish wish in change.Wishes)
        {
            if (!session.State.IsDurable || wish.Refusal != ReasonCode.Success)
            {
                continue;
            }

            if (change.IsSubscribe)
            {
                inflow.Add(SessionEventKind.Subscribed, SessionEventFormat.Subscribed(wish.Terms));
            }
            else
            {
                inflow.Add(SessionEventKind.Unsubscribed, Encoding.UTF8.GetBytes(wish.Terms.Filter));
            }
        }

        inflow.Add(change);
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
