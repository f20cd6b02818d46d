using System.Text;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>One edge node of Sparkplug B on the status page. Counters are since it was first heard.</summary>
/// <param name="Group">Its group.</param>
/// <param name="Node">Its identifier.</param>
/// <param name="Client">Who brought its last message: a broker by its name, or its own connection.</param>
/// <param name="Online">Whether it was born and has not died.</param>
/// <param name="State">
/// <c>online</c>, <c>offline</c>, <c>unborn</c> (no birth was heard), <c>waiting</c> (for a missing message) or
/// <c>lost</c> (messages were lost, and births are awaited).
/// </param>
/// <param name="ChangedMilliseconds">When it was born or died last, since 1970; 0: never.</param>
/// <param name="LastSeenMilliseconds">Arrival of its last message, since 1970.</param>
/// <param name="BirthDeathSequence">The <c>bdSeq</c> of its last birth; −1: none.</param>
/// <param name="Births">Births of the node.</param>
/// <param name="Gaps">Gaps in its sequence numbers.</param>
/// <param name="RebirthsRequested">How often its births were asked for.</param>
/// <param name="Held">Messages that wait until they can be read.</param>
/// <param name="Metrics">Metrics of its own.</param>
/// <param name="StaleMetrics">Metrics of it and its devices whose last value holds no more.</param>
/// <param name="Forgotten">Metrics of its births that found no room.</param>
/// <param name="Devices">Its devices.</param>
public sealed record SparkplugNodeView(
    string Group,
    string Node,
    string Client,
    bool Online,
    string State,
    long ChangedMilliseconds,
    long LastSeenMilliseconds,
    long BirthDeathSequence,
    long Births,
    long Gaps,
    long RebirthsRequested,
    int Held,
    int Metrics,
    int StaleMetrics,
    int Forgotten,
    IReadOnlyList<SparkplugDeviceView> Devices)
{
    internal static IReadOnlyList<SparkplugNodeView> Of(SparkplugHost host) =>
    [
        .. host.Nodes.Select(Of)
            .OrderBy(view => view.Group, StringComparer.Ordinal)
            .ThenBy(view => view.Node, StringComparer.Ordinal),
    ];

    private static SparkplugNodeView Of(EdgeNode node) => new(
        Encoding.UTF8.GetString(node.Group),
        Encoding.UTF8.GetString(node.Name),
        Encoding.UTF8.GetString(node.Client),
        node.Own.IsOnline,
        StateOf(node),
        node.Own.ChangedAt / Timestamp.NanosecondsPerMillisecond,
        node.LastArrival / Timestamp.NanosecondsPerMillisecond,
        node.BirthDeathSequence,
        node.Births,
        node.Gaps,
        node.Pacing.Count,
        node.Held.Count,
        node.Own.Births?.Count ?? 0,
        node.Devices.Append(node.Own).Where(device => !device.IsOnline).Sum(device => device.Births?.Count ?? 0),
        node.Devices.Append(node.Own).Sum(device => device.Births?.Forgotten ?? 0),
        [
            .. node.Devices.Select(device => new SparkplugDeviceView(
                Encoding.UTF8.GetString(device.Name),
                device.IsOnline,
                device.ChangedAt / Timestamp.NanosecondsPerMillisecond,
                device.Births?.Count ?? 0)),
        ]);

    private static string StateOf(EdgeNode node) => node switch
    {
        { Own.Births: null } => "unborn",
        { Own.IsOnline: false } => "offline",
        { IsLost: true } => "lost",
        { GapSince: > 0 } => "waiting",
        _ => "online",
    };
}

/// <summary>One device of an edge node.</summary>
/// <param name="Device">Its identifier.</param>
/// <param name="Online">Whether it was born and has not died.</param>
/// <param name="ChangedMilliseconds">When it was born or died last, since 1970.</param>
/// <param name="Metrics">Its metrics.</param>
public sealed record SparkplugDeviceView(string Device, bool Online, long ChangedMilliseconds, int Metrics);
