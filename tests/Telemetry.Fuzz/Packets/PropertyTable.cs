using System.Collections.Frozen;

namespace Telemetry.Fuzz;

/// <summary>
/// Table 2-4 of MQTT 5 (§2.2.2.2), read a second time: the code under test has a table of its own, and neither knows
/// the other's mistakes.
/// </summary>
internal static class PropertyTable
{
    public const int UserProperty = 38;
    public const int TopicAlias = 35;
    public const int AuthenticationMethod = 21;
    public const int AuthenticationData = 22;
    public const int SubscriptionIdentifier = 11;
    public const int SessionExpiry = 17;

    /// <summary>The will's properties, which are no packet.</summary>
    public const PacketType Will = PacketType.None;

    private static readonly PacketType[] Acks =
    [
        PacketType.PubAck, PacketType.PubRec, PacketType.PubRel, PacketType.PubComp, PacketType.SubAck,
        PacketType.UnsubAck,
    ];

    private static readonly PacketType[] Message = [PacketType.Publish, Will];
    private static readonly PacketType[] Granted = [PacketType.ConnAck];
    private static readonly PacketType[] Wished = [PacketType.Connect];
    private static readonly PacketType[] Agreed = [PacketType.Connect, PacketType.ConnAck];

    private static readonly FrozenDictionary<int, (PropertyShape Shape, PacketType[] Places)> Rows =
        new Dictionary<int, (PropertyShape, PacketType[])>
        {
            [1] = (PropertyShape.Flag, Message),
            [2] = (PropertyShape.Four, Message),
            [3] = (PropertyShape.Text, Message),
            [8] = (PropertyShape.Topic, Message),
            [9] = (PropertyShape.Binary, Message),
            [SubscriptionIdentifier] = (PropertyShape.Variable, [PacketType.Publish, PacketType.Subscribe]),
            [SessionExpiry] = (PropertyShape.Four, [PacketType.Connect, PacketType.ConnAck, PacketType.Disconnect]),
            [18] = (PropertyShape.Text, Granted),
            [19] = (PropertyShape.Two, Granted),
            [AuthenticationMethod] =
                (PropertyShape.Text, [PacketType.Connect, PacketType.ConnAck, PacketType.Auth]),
            [AuthenticationData] =
                (PropertyShape.Binary, [PacketType.Connect, PacketType.ConnAck, PacketType.Auth]),
            [23] = (PropertyShape.Flag, Wished),
            [24] = (PropertyShape.Four, [Will]),
            [25] = (PropertyShape.Flag, Wished),
            [26] = (PropertyShape.Text, Granted),
            [28] = (PropertyShape.Text, [PacketType.ConnAck, PacketType.Disconnect]),
            [31] = (PropertyShape.Text, [PacketType.ConnAck, PacketType.Disconnect, PacketType.Auth, .. Acks]),
            [33] = (PropertyShape.TwoNotZero, Agreed),
            [34] = (PropertyShape.Two, Agreed),
            [TopicAlias] = (PropertyShape.TwoNotZero, [PacketType.Publish]),
            [36] = (PropertyShape.Flag, Granted),
            [37] = (PropertyShape.Flag, Granted),
            [UserProperty] = (PropertyShape.Pair, [.. Enumerable.Range(0, 16).Select(type => (PacketType)type)]),
            [39] = (PropertyShape.FourNotZero, Agreed),
            [40] = (PropertyShape.Flag, Granted),
            [41] = (PropertyShape.Flag, Granted),
            [42] = (PropertyShape.Flag, Granted),
        }.ToFrozenDictionary();

    private static readonly int[][] ByPlace =
        [.. Enumerable.Range(0, 16).Select(type => Rows
            .Where(row => row.Value.Places.Contains((PacketType)type)).Select(row => row.Key).Order().ToArray())];

    /// <summary>All that exist.</summary>
    public static int[] All { get; } = [.. Rows.Keys.Order()];

    /// <summary>Those that may stand in a packet.</summary>
    public static int[] In(PacketType place) => ByPlace[(int)place];

    public static PropertyShape ShapeOf(int id) => Rows[id].Shape;

    public static bool Exists(int id) => Rows.ContainsKey(id);

    /// <summary>Whether it may stand twice in a packet.</summary>
    public static bool MayRepeat(int id, PacketType place) =>
        id == UserProperty || (id == SubscriptionIdentifier && place == PacketType.Publish);
}
