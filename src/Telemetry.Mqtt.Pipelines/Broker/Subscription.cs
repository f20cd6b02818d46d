using System.Text;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>What stands at a filter of the tree: one client's subscription, or one that several share.</summary>
internal abstract class SubscriptionTarget;

/// <summary>One subscription of one client: who, and how it wants its messages.</summary>
internal sealed class Subscription : SubscriptionTarget
{
    private const int IdentifierPropertyBytesMax = 5; // identifier(1), variable byte integer(4)

    public Subscription(LiveSession owner, SessionSubscription terms)
    {
        Owner = owner;
        Terms = terms;
        if (terms.Identifier > 0)
        {
            var writer = new PropertyWriter(stackalloc byte[IdentifierPropertyBytesMax]);
            writer.WriteNumber(PropertyId.SubscriptionIdentifier, terms.Identifier);
            IdentifierProperty = writer.Written.ToArray();
        }

        byte[] filter = Encoding.UTF8.GetBytes(terms.Filter);
        IsShared = TopicFilter.TryParseShared(filter, out ReadOnlySpan<byte> share, out ReadOnlySpan<byte> within);
        Filter = IsShared ? within.ToArray() : filter;
        Share = Encoding.UTF8.GetString(share);
    }

    /// <summary>Whose it is.</summary>
    public LiveSession Owner { get; }

    /// <summary>What was granted.</summary>
    public SessionSubscription Terms { get; }

    /// <summary>The filter that topics are matched with.</summary>
    public byte[] Filter { get; }

    /// <summary>Whether it is a shared subscription (MQTT 5 §4.8.2).</summary>
    public bool IsShared { get; }

    /// <summary>The name of the share; empty when it is not shared.</summary>
    public string Share { get; }

    /// <summary>The subscription identifier as a property; empty when there is none.</summary>
    public byte[] IdentifierProperty { get; } = [];
}

/// <summary>The subscriptions that share a filter under one name: each message goes to one of them.</summary>
internal sealed class SharedGroup : SubscriptionTarget
{
    private readonly List<Subscription> _members = [];
    private int _next;

    /// <summary>Whether nobody is left.</summary>
    public bool IsEmpty => _members.Count == 0;

    public void Add(Subscription member) => _members.Add(member);

    public void Remove(Subscription member) => _members.Remove(member);

    /// <summary>
    /// The member whose turn it is: among those that are here, or when none is among those that have a session
    /// (MQTT 5 §4.8.2).
    /// </summary>
    public Subscription Take()
    {
        for (int i = 0; i < _members.Count; i++)
        {
            Subscription member = _members[(_next + i) % _members.Count];
            if (member.Owner.Connection is not null)
            {
                _next = (_next + i + 1) % _members.Count;
                return member;
            }
        }

        _next = (_next + 1) % _members.Count;
        return _members[_next];
    }
}
