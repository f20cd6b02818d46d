namespace Telemetry.Mqtt;

/// <summary>
/// The topic aliases that a peer has set on one connection (MQTT 5 §3.3.2.3.4). Its ceiling is the topic alias maximum
/// that was offered, times the longest topic name. Not thread-safe; one owner.
/// </summary>
public sealed class TopicAliases
{
    private readonly int _aliasMax;
    private byte[]?[] _names = []; // by alias − 1; grows to the highest alias that was set

    /// <summary>A table for aliases 1 to <paramref name="aliasMax"/>; 0 takes none.</summary>
    public TopicAliases(ushort aliasMax) => _aliasMax = aliasMax;

    /// <summary>
    /// Gives the topic name that a PUBLISH means: its own, which its alias then stands for, or the one that its alias
    /// stood for. The name is valid until the alias is set anew.
    /// </summary>
    public MalformedReason Resolve(in PublishView publish, out ReadOnlySpan<byte> topic)
    {
        topic = publish.Topic;
        if (publish.Properties.IsEmpty || publish.TopicAlias is not (> 0 and var alias))
        {
            return MalformedReason.None;
        }

        if (alias > _aliasMax)
        {
            return MalformedReason.TopicAliasTooLarge; // [MQTT-3.3.2-9]
        }

        if (!publish.Topic.IsEmpty)
        {
            Set(alias, publish.Topic);
            return MalformedReason.None;
        }

        topic = alias <= _names.Length ? _names[alias - 1] : default;
        return topic.IsEmpty ? MalformedReason.TopicAliasUnknown : MalformedReason.None;
    }

    private void Set(ushort alias, ReadOnlySpan<byte> topic)
    {
        if (alias > _names.Length)
        {
            Array.Resize(ref _names, Math.Min(_aliasMax, Math.Max(alias, 2 * _names.Length)));
        }

        ref byte[]? name = ref _names[alias - 1];
        if (!topic.SequenceEqual(name))
        {
            name = topic.ToArray();
        }
    }
}
