namespace Telemetry.Mqtt.Pipelines;

/// <summary>Who subscribes to what, and who gets the message in hand. The broker owns it under its lock.</summary>
internal sealed class SubscriptionTable
{
    private readonly SubscriptionTree<SubscriptionTarget> _tree = new();
    private readonly Dictionary<(string Share, string Filter), SharedGroup> _groups = [];
    private readonly List<SubscriptionTarget> _found = [];
    private readonly List<LiveSession> _matched = [];
    private readonly List<Subscription> _shared = [];
    private long _messageNumber;
    private int _count;

    /// <summary>How many subscriptions there are. Any thread may ask.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a subscription, in place of one with the same filter; true when there was none.</summary>
    public bool Add(Subscription subscription)
    {
        bool isNew = !Remove(subscription.Owner, subscription.Terms.Filter);
        subscription.Owner.Granted.Add(subscription.Terms.Filter, subscription);
        if (subscription.IsShared)
        {
            GroupOf(subscription).Add(subscription);
        }
        else
        {
            _tree.Add(subscription.Filter, subscription);
        }

        Volatile.Write(ref _count, _count + 1);
        return isNew;
    }

    /// <summary>Gives a subscription up; false when there was none.</summary>
    public bool Remove(LiveSession owner, string filter)
    {
        if (!owner.Granted.Remove(filter, out Subscription? subscription))
        {
            return false;
        }

        Volatile.Write(ref _count, _count - 1);
        if (!subscription.IsShared)
        {
            _tree.Remove(subscription.Filter, subscription);
            return true;
        }

        SharedGroup group = GroupOf(subscription);
        group.Remove(subscription);
        if (group.IsEmpty)
        {
            _groups.Remove(KeyOf(subscription));
            _tree.Remove(subscription.Filter, group);
        }

        return true;
    }

    /// <summary>Gives up all subscriptions of a session.</summary>
    public void RemoveAll(LiveSession owner)
    {
        foreach (string filter in owner.Granted.Keys.ToArray())
        {
            Remove(owner, filter);
        }
    }

    /// <summary>
    /// Finds who gets a message: the sessions with a match, each noted down once, and of each share one subscription.
    /// The lists are valid until the next call.
    /// </summary>
    public (IReadOnlyList<LiveSession> Sessions, IReadOnlyList<Subscription> Shared) Match(
        ReadOnlySpan<byte> topic, ReadOnlySpan<byte> publisher)
    {
        _found.Clear();
        _matched.Clear();
        _shared.Clear();
        _messageNumber++;
        _tree.Match(topic, _found);
        foreach (SubscriptionTarget target in _found)
        {
            if (target is SharedGroup group)
            {
                _shared.Add(group.Take());
                continue;
            }

            var subscription = (Subscription)target;
            LiveSession owner = subscription.Owner;
            bool isOwn = subscription.Terms.NoLocal && publisher.SequenceEqual(owner.ClientIdentifier);
            if (!isOwn && owner.Match.Add(_messageNumber, subscription))
            {
                _matched.Add(owner);
            }
        }

        return (_matched, _shared);
    }

    private SharedGroup GroupOf(Subscription subscription)
    {
        if (!_groups.TryGetValue(KeyOf(subscription), out SharedGroup? group))
        {
            group = new SharedGroup();
            _groups.Add(KeyOf(subscription), group);
            _tree.Add(subscription.Filter, group);
        }

        return group;
    }

    private static (string Share, string Filter) KeyOf(Subscription subscription) =>
        (subscription.Share, subscription.Terms.Filter);
}
