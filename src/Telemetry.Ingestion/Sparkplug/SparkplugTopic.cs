using System.Text;

namespace Telemetry.Ingestion;

/// <summary>What a message of Sparkplug B is, by its topic.</summary>
internal enum SparkplugKind : byte
{
    /// <summary>A command, or no topic of the standard: nothing to be decoded.</summary>
    Other = 0,
    NodeBirth = 1,
    NodeData = 2,
    NodeDeath = 3,
    DeviceBirth = 4,
    DeviceData = 5,
    DeviceDeath = 6,
    State = 7,
}

/// <summary>
/// A topic of Sparkplug B (3.0 §4.1), <c>spBv1.0/group/kind/node[/device]</c>, or <c>spBv1.0/STATE/host</c>: borrowed
/// from the message.
/// </summary>
internal readonly ref struct SparkplugTopic
{
    public static ReadOnlySpan<byte> Namespace => "spBv1.0/"u8;

    public static ReadOnlySpan<byte> StatePrefix => "spBv1.0/STATE/"u8;

    public SparkplugKind Kind { get; private init; }

    public ReadOnlySpan<byte> Group { get; private init; }

    public ReadOnlySpan<byte> Node { get; private init; }

    /// <summary>Empty for messages of the node itself.</summary>
    public ReadOnlySpan<byte> Device { get; private init; }

    /// <summary>The topic of a host's STATE.</summary>
    public static string StateOf(string hostId) => Encoding.UTF8.GetString(StatePrefix) + hostId;

    /// <summary>Reads a topic name; what is none of these is of the kind Other.</summary>
    public static SparkplugTopic Read(ReadOnlySpan<byte> topic)
    {
        if (topic.StartsWith(StatePrefix))
        {
            return new SparkplugTopic { Kind = SparkplugKind.State, Node = topic[StatePrefix.Length..] };
        }

        if (!topic.StartsWith(Namespace))
        {
            return default;
        }

        ReadOnlySpan<byte> rest = topic[Namespace.Length..];
        ReadOnlySpan<byte> group = NextLevel(ref rest);
        SparkplugKind kind = KindOf(NextLevel(ref rest));
        ReadOnlySpan<byte> node = NextLevel(ref rest);
        bool isOfDevice = kind >= SparkplugKind.DeviceBirth;
        bool isWhole = !group.IsEmpty && !node.IsEmpty && isOfDevice != rest.IsEmpty && rest.IndexOf((byte)'/') < 0;
        return isWhole ? new SparkplugTopic { Kind = kind, Group = group, Node = node, Device = rest } : default;
    }

    private static SparkplugKind KindOf(ReadOnlySpan<byte> level) =>
        level.SequenceEqual("NDATA"u8) ? SparkplugKind.NodeData
        : level.SequenceEqual("DDATA"u8) ? SparkplugKind.DeviceData
        : level.SequenceEqual("NBIRTH"u8) ? SparkplugKind.NodeBirth
        : level.SequenceEqual("DBIRTH"u8) ? SparkplugKind.DeviceBirth
        : level.SequenceEqual("NDEATH"u8) ? SparkplugKind.NodeDeath
        : level.SequenceEqual("DDEATH"u8) ? SparkplugKind.DeviceDeath
        : SparkplugKind.Other;

    private static ReadOnlySpan<byte> NextLevel(scoped ref ReadOnlySpan<byte> rest)
    {
        int slash = rest.IndexOf((byte)'/');
        ReadOnlySpan<byte> level = slash < 0 ? rest : rest[..slash];
        rest = slash < 0 ? default : rest[(slash + 1)..];
        return level;
    }
}
