using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>Rules of topic filters: what is subscribed to (MQTT 5 §4.7, §4.8.2).</summary>
public static class TopicFilter
{
    internal const byte SingleLevelWildcard = (byte)'+';
    internal const byte MultiLevelWildcard = (byte)'#';
    internal const byte ReservedPrefix = (byte)'$';

    private static ReadOnlySpan<byte> SharedPrefix => "$share/"u8;

    /// <summary>
    /// Whether bytes are a topic filter: not empty, valid UTF-8, <c>#</c> alone in the last level [MQTT-4.7.1-1],
    /// <c>+</c> alone in its level [MQTT-4.7.1-2], at most <see cref="TopicName.LevelCountMax"/> levels.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> filter) => Check(filter) == MalformedReason.None;

    /// <summary>Whether the filter asks for a shared subscription, well formed or not.</summary>
    public static bool IsShared(ReadOnlySpan<byte> filter) => filter.StartsWith(SharedPrefix);

    /// <summary>
    /// Takes <c>$share/group/filter</c> apart: the group is not empty and has no wildcards [MQTT-4.8.2-1], and the
    /// filter is valid [MQTT-4.8.2-2].
    /// </summary>
    public static bool TryParseShared(
        ReadOnlySpan<byte> shared,
        out ReadOnlySpan<byte> group,
        out ReadOnlySpan<byte> filter)
    {
        group = default;
        filter = default;
        if (!IsShared(shared))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = shared[SharedPrefix.Length..];
        int end = rest.IndexOf(TopicName.Separator);
        if (end <= 0 || !TopicName.IsValid(rest[..end]) || !IsValid(rest[(end + 1)..]))
        {
            return false;
        }

        group = rest[..end];
        filter = rest[(end + 1)..];
        return true;
    }

    /// <summary>
    /// Whether a valid filter matches a valid topic name (MQTT 5 §4.7.1); wildcards in the first level do not match
    /// names that begin with <c>$</c> [MQTT-4.7.2-1].
    /// </summary>
    public static bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        if (!topic.IsEmpty && topic[0] == ReservedPrefix && filter is [SingleLevelWildcard or MultiLevelWildcard, ..])
        {
            return false;
        }

        while (true)
        {
            ReadOnlySpan<byte> filterLevel = TakeLevel(ref filter, out bool filterGoesOn);
            if (filterLevel is [MultiLevelWildcard])
            {
                return true;
            }

            ReadOnlySpan<byte> topicLevel = TakeLevel(ref topic, out bool topicGoesOn);
            if (filterLevel is not [SingleLevelWildcard] && !filterLevel.SequenceEqual(topicLevel))
            {
                return false;
            }

            if (!topicGoesOn)
            {
                // "a/#" matches its parent "a" as well (§4.7.1.2).
                return !filterGoesOn || filter is [MultiLevelWildcard];
            }

            if (!filterGoesOn)
            {
                return false;
            }
        }
    }

    /// <summary>
    /// Whether every topic name that one valid filter matches is matched by another, the pattern, as well. It asks
    /// about one pattern alone: what only several patterns together would match is not covered by any of them.
    /// </summary>
    public static bool Covers(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> filter)
    {
        if (filter is [MultiLevelWildcard] && pattern is [SingleLevelWildcard, TopicName.Separator, MultiLevelWildcard])
        {
            return true; // every name has a first level
        }

        if (filter is [ReservedPrefix, ..] && pattern is [SingleLevelWildcard or MultiLevelWildcard, ..])
        {
            return false; // [MQTT-4.7.2-1]
        }

        while (true)
        {
            ReadOnlySpan<byte> patternLevel = TakeLevel(ref pattern, out bool patternGoesOn);
            if (patternLevel is [MultiLevelWildcard])
            {
                return true;
            }

            ReadOnlySpan<byte> filterLevel = TakeLevel(ref filter, out bool filterGoesOn);
            bool isWithin = patternLevel is [SingleLevelWildcard]
                ? filterLevel is not [MultiLevelWildcard]
                : filterLevel.SequenceEqual(patternLevel); // the pattern's level is a literal here
            if (!isWithin)
            {
                return false;
            }

            if (!filterGoesOn)
            {
                return !patternGoesOn || pattern is [MultiLevelWildcard];
            }

            if (!patternGoesOn)
            {
                return false;
            }
        }
    }

    internal static MalformedReason Check(ReadOnlySpan<byte> filter)
    {
        if (filter.IsEmpty || filter.Length > TopicName.BytesMax
            || filter.Count(TopicName.Separator) >= TopicName.LevelCountMax)
        {
            return MalformedReason.TopicFilterMalformed;
        }

        if (!Utf8Text.IsValid(filter) || Utf8Text.HasControls(filter))
        {
            return MalformedReason.TextNotUtf8;
        }

        bool hasWildcards = filter.ContainsAny(SingleLevelWildcard, MultiLevelWildcard);
        return hasWildcards ? CheckWildcards(filter) : MalformedReason.None;
    }

    internal static MalformedReason CheckShared(ReadOnlySpan<byte> filter) =>
        TryParseShared(filter, out _, out _) ? MalformedReason.None : MalformedReason.TopicFilterMalformed;

    /// <summary>Takes the first level off; <paramref name="goesOn"/> says that a separator followed it.</summary>
    internal static ReadOnlySpan<byte> TakeLevel(ref ReadOnlySpan<byte> rest, out bool goesOn)
    {
        int end = rest.IndexOf(TopicName.Separator);
        goesOn = end >= 0;
        ReadOnlySpan<byte> level = goesOn ? rest[..end] : rest;
        rest = goesOn ? rest[(end + 1)..] : default;
        return level;
    }

    private static MalformedReason CheckWildcards(ReadOnlySpan<byte> filter)
    {
        bool goesOn = true;
        while (goesOn)
        {
            ReadOnlySpan<byte> level = TakeLevel(ref filter, out goesOn);
            bool isWildcard = level is [SingleLevelWildcard] || (level is [MultiLevelWildcard] && !goesOn);
            if (!isWildcard && level.ContainsAny(SingleLevelWildcard, MultiLevelWildcard))
            {
                return MalformedReason.TopicFilterMalformed;
            }
        }

        return MalformedReason.None;
    }
}
