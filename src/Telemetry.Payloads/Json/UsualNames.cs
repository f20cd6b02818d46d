using System.Text;

namespace Telemetry.Payloads;

/// <summary>
/// Names that gateways give to the same things, for payloads without a mapping. Upper case counts as lower case except
/// for single letters, since T is a temperature and V a voltage.
/// </summary>
internal static class UsualNames
{
    /// <summary>The rank from which on a name means a time and nothing else.</summary>
    public const int TimeForSure = 10;

    /// <summary>The rank of names that may as well number the element.</summary>
    public const int IdentifierRank = 1;

    /// <summary>
    /// The names under which a time is looked for; the higher rank wins, 0 is no such name. When a message was received
    /// or served is worse than when it was measured.
    /// </summary>
    public static int TimeRank(ReadOnlySpan<byte> key) => key.Length switch
    {
        1 => key[0] == 't' ? TimeForSure : 0,
        2 => Is(key, "ts"u8) ? TimeForSure + 1 : 0,
        3 => Is(key, "tst"u8) ? 5 : 0,
        4 => Is(key, "time"u8) ? TimeForSure + 3 : 0,
        5 => Is(key, "ts_ms"u8) ? 6 : 0,
        8 => Is(key, "datetime"u8) ? 6 : 0,
        9 => Is(key, "timestamp"u8) ? TimeForSure + 2 : Is(key, "eventtime"u8) ? 7 : 0,
        10 => Is(key, "event_time"u8) ? 7 : Is(key, "receivedat"u8) ? 1 : 0,
        11 => Is(key, "received_at"u8) ? 1 : Is(key, "timestampms"u8) ? 6 : 0,
        12 => Is(key, "timestamp_ms"u8) ? 6 : 0,
        15 => Is(key, "sourcetimestamp"u8) ? 8 : Is(key, "servertimestamp"u8) ? 2 : 0,
        16 => Is(key, "source_timestamp"u8) ? 8 : Is(key, "server_timestamp"u8) ? 2 : 0,
        _ => 0,
    };

    /// <summary>The names under which an element of an array says what it is; the higher rank wins.</summary>
    public static int NameRank(ReadOnlySpan<byte> key) => key.Length switch
    {
        1 => key[0] == 'n' ? 5 : 0,
        2 => Is(key, "id"u8) ? IdentifierRank : 0,
        3 => Is(key, "key"u8) ? IdentifierRank : Is(key, "tag"u8) ? 3 : 0,
        4 => Is(key, "name"u8) ? 6 : 0,
        7 => Is(key, "tagname"u8) ? 7 : 0,
        8 => Is(key, "tag_name"u8) ? 7 : Is(key, "variable"u8) ? 4 : 0,
        _ => 0,
    };

    /// <summary>True for the names of a value beside its name.</summary>
    public static bool IsValue(ReadOnlySpan<byte> key) => key.Length switch
    {
        1 => key[0] == 'v',
        3 => Is(key, "val"u8),
        5 => Is(key, "value"u8),
        _ => false,
    };

    /// <summary>True for the names of a quality beside a value.</summary>
    public static bool IsQuality(ReadOnlySpan<byte> key) =>
        (key.Length == 1 && key[0] == 'q') || (key.Length == 7 && Is(key, "quality"u8));

    /// <summary>True for what Sparkplug's JSON says of the metric and not of the machine.</summary>
    public static bool IsDescription(ReadOnlySpan<byte> key) => Is(key, "alias"u8) || Is(key, "datatype"u8);

    private static bool Is(ReadOnlySpan<byte> key, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(key, name);
}
