namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// Brings SUBSCRIBE and UNSUBSCRIBE into effect, each in its place in the order of the log, answers them, and sends the
/// retained messages that they ask for. The broker owns it under its lock.
/// </summary>
internal sealed class SubscriptionDesk(
    SessionTable sessions,
    SubscriptionTable subscriptions,
    RetainedStore retained,
    MqttServerOptions options,
    MqttMetrics metrics,
    TimeProvider time)
{
    private readonly List<SubscriptionChange> _waiting = [];
    private readonly List<RetainedDelivery> _deliveries = [];
    private int _waitingCount;
    private bool _isCut; // the filters of one packet ask for more retained messages than anybody may

    /// <summary>Whether a change waits. Any thread may ask.</summary>
    public bool HasWaiting => Volatile.Read(ref _waitingCount) > 0;

    /// <summary>Takes a change; <see cref="RunUntil"/> brings it into effect.</summary>
    public void Add(SubscriptionChange change)
    {
        _waiting.Add(change);
        Volatile.Write(ref _waitingCount, _waiting.Count);
    }

    /// <summary>Brings what stands at or before this offset of the log into effect.</summary>
    public void RunUntil(long position)
    {
        for (int i = 0; i < _waiting.Count;)
        {
            SubscriptionChange change = _waiting[i];
            if (change.Barrier > position)
            {
                i++;
                continue;
            }

            _waiting.RemoveAt(i);
            Volatile.Write(ref _waitingCount, _waiting.Count);
            if (sessions.Holds(change.Session))
            {
                Run(change);
            }
        }
    }

    /// <summary>After a restart, a subscription out of the log, with the retained messages it asked for.</summary>
    public void Replay(LiveSession session, SessionSubscription terms)
    {
        _deliveries.Clear();
        Grant(session, terms);
        QueueRetained(session);
    }

    /// <summary>After a restart, a subscription out of a checkpoint.</summary>
    public void Restore(LiveSession session, SessionSubscription terms)
    {
        Grant(session, terms);
        _deliveries.Clear();
    }

    private void Run(SubscriptionChange change)
    {
        byte[] codes = new byte[change.Wishes.Count];
        _deliveries.Clear();
        for (int i = 0; i < codes.Length; i++)
        {
            SubscriptionWish wish = change.Wishes[i];
            bool isRefused = wish.Refusal != ReasonCode.Success;
            ReasonCode code = isRefused ? wish.Refusal
                : change.IsSubscribe ? Grant(change.Session, wish.Terms)
                : subscriptions.Remove(change.Session, wish.Terms.Filter) ? ReasonCode.Success
                : ReasonCode.NoSubscriptionExisted;
            codes[i] = (byte)code;
            if (code >= ReasonCode.UnspecifiedError)
            {
                metrics.OnRefused(code);
            }
        }

        change.Connection.Answer(change, codes);
        QueueRetained(change.Session);
    }

    private void QueueRetained(LiveSession session)
    {
        bool isTooMuch = _isCut || (_deliveries.Count > 0
            && session.Queue(_deliveries, time.GetUnixNanoseconds()) == QueueOutcome.Overflowed);
        _isCut = false;
        if (isTooMuch)
        {
            session.Connection?.Stop(ReasonCode.QuotaExceeded);
        }
    }

    /// <summary>
    /// Adds a subscription and notes the retained messages that it asks for. It is granted even if those are too many:
    /// the log has it, and a restart grants it again.
    /// </summary>
    private ReasonCode Grant(LiveSession session, SessionSubscription terms)
    {
        bool isHeld = session.Granted.ContainsKey(terms.Filter);
        if (!isHeld && session.Granted.Count >= options.SubscriptionsPerClientMax)
        {
            return ReasonCode.QuotaExceeded;
        }

        var subscription = new Subscription(session, terms);
        subscriptions.Add(subscription);
        bool wantsRetained = !subscription.IsShared && (terms.Handling == RetainHandling.Send
            || (terms.Handling == RetainHandling.SendIfNew && !isHeld));
        if (wantsRetained && _deliveries.Count > options.RetainedMessagesMax)
        {
            _isCut = true; // many filters of one packet ask for the same retained messages
        }
        else if (wantsRetained)
        {
            long now = time.GetUnixNanoseconds();
            retained.Find(subscription.Filter, terms.Qos, subscription.IdentifierProperty, now, _deliveries);
        }

        return (ReasonCode)terms.Qos;
    }
}
