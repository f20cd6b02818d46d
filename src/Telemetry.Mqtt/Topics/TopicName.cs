using System.Buffers;
using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>Rules of topic names: what is published to (MQTT 5 §4.7).</summary>
public static class TopicName
{
    /// <summary>Longest topic name or filter, by its two byte length [MQTT-4.7.3-3].</summary>
    public const int BytesMax = ushort.MaxValue;

    /// <summary>
    /// Most levels of a topic name or filter. The specification has no ceiling; real trees have below twenty, and
    /// matching walks one step deeper per level.
    /// </summary>
    public const int LevelCountMax = 200;

    internal const byte Separator = (byte)'/';

    // Printable ASCII without the wildcards: most topics, and none of them can break a rule but by its length.
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(0x20, 0x5F).Select(c => (byte)c).Except("+#"u8.ToArray())]);

    /// <summary>
    /// Whether bytes are a topic name: not empty [MQTT-4.7.3-1], valid UTF-8 without U+0000 [MQTT-4.7.3-2], no
    /// wildcards [MQTT-3.3.2-2], no control characters, at most <see cref="LevelCountMax"/> levels.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> topic) => Check(topic) == MalformedReason.None;

    internal static MalformedReason Check(ReadOnlySpan<byte> topic)
    {
        bool isPlain = topic.Length is > 0 and < LevelCountMax && !topic.ContainsAnyExcept(Plain);
        return isPlain ? MalformedReason.None : CheckAny(topic);
    }

    private static MalformedReason CheckAny(ReadOnlySpan<byte> topic)
    {
        if (topic.IsEmpty || topic.Length > BytesMax || topic.ContainsAny((byte)'+', (byte)'#')
            || topic.Count(Separator) >= LevelCountMax)
        {
            return MalformedReason.TopicNameMalformed;
        }

        // In a topic, control characters are a broken device, and would break the names that series get from it.
        bool isText = Utf8Text.IsValid(topic) && !Utf8Text.HasControls(topic);
        return isText ? MalformedReason.None : MalformedReason.TextNotUtf8;
    }
}
