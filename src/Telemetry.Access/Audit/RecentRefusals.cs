namespace Telemetry.Access;

/// <summary>Something that was refused.</summary>
/// <param name="Identity">The identity it was refused to; null for none, <c>?</c> for a name that is not known.</param>
/// <param name="Client">The client identifier.</param>
/// <param name="Reason">Why, in the word of the audit log; <c>deny_publish</c> for a topic.</param>
/// <param name="Topic">The topic; empty for a login.</param>
/// <param name="Address">Where it came from last; empty when that is not known.</param>
/// <param name="Count">How often since the service started; of a topic once per minute at most.</param>
/// <param name="Last">When last.</param>
public sealed record RecentRefusal(
    string? Identity, string Client, string Reason, string Topic, string Address, long Count, DateTimeOffset Last);

/// <summary>What was refused since the service started, the last of each kind; the oldest makes room.</summary>
public sealed class RecentRefusals
{
    private const int TextCharactersMax = 200; // what a person reads of a client identifier or topic
    private readonly Lock _gate = new();
    private readonly Dictionary<Key, LinkedListNode<RecentRefusal>> _byKey = [];
    private readonly LinkedList<RecentRefusal> _byAge = new();

    /// <summary>What was refused to an identity or a client of that name, the last first.</summary>
    public IReadOnlyList<RecentRefusal> Of(string name)
    {
        lock (_gate)
        {
            return [.. _byAge.Where(refusal => refusal.Identity == name || refusal.Client == name)];
        }
    }

    internal void Add(
        string? identity, string client, string reason, string topic, string address, DateTimeOffset time)
    {
        var key = new Key(identity, Cut(client), reason, Cut(topic));
        lock (_gate)
        {
            long count = 1;
            if (_byKey.Remove(key, out LinkedListNode<RecentRefusal>? known))
            {
                _byAge.Remove(known);
                count += known.Value.Count;
                address = address.Length > 0 ? address : known.Value.Address;
            }
            else if (_byKey.Count >= AccessLimits.RecentRefusalsMax)
            {
                RecentRefusal oldest = _byAge.Last!.Value;
                _byAge.RemoveLast();
                _byKey.Remove(new Key(oldest.Identity, oldest.Client, oldest.Reason, oldest.Topic));
            }

            _byKey[key] = _byAge.AddFirst(
                new RecentRefusal(identity, key.Client, reason, key.Topic, address, count, time));
        }
    }

    private static string Cut(string text) => text.Length > TextCharactersMax ? text[..TextCharactersMax] : text;

    private readonly record struct Key(string? Identity, string Client, string Reason, string Topic);
}
