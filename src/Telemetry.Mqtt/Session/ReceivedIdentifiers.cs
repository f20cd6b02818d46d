namespace Telemetry.Mqtt;

/// <summary>
/// The packet identifiers of QoS 2 messages that a client has sent and not released: a PUBLISH with one of them is the
/// same message again [MQTT-4.3.3-10]. Each with the offset at which its message is durable. Not thread-safe; one
/// owner.
/// </summary>
public sealed class ReceivedIdentifiers
{
    /// <summary>The offset of a message that is not in the log yet.</summary>
    public const long NotAppended = long.MaxValue;

    private Dictionary<ushort, long>? _offsets; // most clients never send QoS 2

    /// <summary>Identifiers held.</summary>
    public int Count => _offsets?.Count ?? 0;

    /// <summary>Identifiers and offsets, in no order.</summary>
    public IReadOnlyCollection<KeyValuePair<ushort, long>> All => _offsets ?? [];

    /// <summary>A message was received; false when it is the same one again.</summary>
    public bool TryAdd(ushort packetIdentifier) => (_offsets ??= []).TryAdd(packetIdentifier, NotAppended);

    /// <summary>A message was received, or is now known to be durable at this offset.</summary>
    public void Set(ushort packetIdentifier, long endOffset) => (_offsets ??= [])[packetIdentifier] = endOffset;

    /// <summary>PUBREL: the identifier may be used for another message. False when it was not held.</summary>
    public bool Release(ushort packetIdentifier) => _offsets is not null && _offsets.Remove(packetIdentifier);

    /// <summary>Forgets all.</summary>
    public void Clear() => _offsets?.Clear();
}
