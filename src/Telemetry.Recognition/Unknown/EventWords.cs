namespace Telemetry.Recognition;

/// <summary>
/// Words in topics and keys that speak of events, alarms, joins, logs and orders. Where one stands, an unknown format
/// is taken for no measurement: a number stored in error is worse than one that waits for a person.
/// </summary>
internal static class EventWords
{
    private static readonly Dictionary<string, MessageKind> Levels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["alarm"] = MessageKind.Alarm,
        ["alarms"] = MessageKind.Alarm,
        ["alert"] = MessageKind.Alarm,
        ["alerts"] = MessageKind.Alarm,
        ["event"] = MessageKind.Event,
        ["events"] = MessageKind.Event,
        ["join"] = MessageKind.Join,
        ["log"] = MessageKind.Log,
        ["logs"] = MessageKind.Log,
        ["debug"] = MessageKind.Log,
        ["error"] = MessageKind.Log,
        ["errors"] = MessageKind.Log,
        ["lwt"] = MessageKind.Status,
        ["will"] = MessageKind.Status,
        ["availability"] = MessageKind.Status,
        ["metadata"] = MessageKind.Metadata,
        ["meta"] = MessageKind.Metadata,
        ["config"] = MessageKind.Metadata,
        ["attributes"] = MessageKind.Metadata,
        ["cmd"] = MessageKind.Command,
        ["cmnd"] = MessageKind.Command,
        ["command"] = MessageKind.Command,
        ["commands"] = MessageKind.Command,
        ["set"] = MessageKind.Command,
        ["rpc"] = MessageKind.Command,
        ["ack"] = MessageKind.Event,
        ["request"] = MessageKind.Command,
        ["response"] = MessageKind.Command,
    };

    private static readonly (string[] Keys, MessageKind Kind)[] Bodies =
    [
        (["severity"], MessageKind.Alarm),
        (["alarm"], MessageKind.Alarm),
        (["alarmId"], MessageKind.Alarm),
        (["alarm_id"], MessageKind.Alarm),
        (["alarmType"], MessageKind.Alarm),
        (["alerts"], MessageKind.Alarm),
        (["eventType"], MessageKind.Event),
        (["event_type"], MessageKind.Event),
        (["eventId"], MessageKind.Event),
        (["event_id"], MessageKind.Event),
        (["event"], MessageKind.Event),
        (["level", "message"], MessageKind.Log),
        (["level", "msg"], MessageKind.Log),
        (["level", "description"], MessageKind.Log),
        (["command"], MessageKind.Command),
        (["cmd"], MessageKind.Command),
        (["method", "params"], MessageKind.Command),
    ];

    /// <summary>The first such word, in a sentence; null when there is none.</summary>
    public static (MessageKind Kind, string Sentence)? FindIn(TopicSample sample)
    {
        foreach (string level in sample.Levels.Reverse())
        {
            if (Levels.TryGetValue(level, out MessageKind kind))
            {
                return (kind, $"topic level \"{level}\" speaks of {Words(kind)}");
            }
        }

        return sample.Payloads.Select(payload => payload.Root is { } root ? FindIn(root) : null)
            .FirstOrDefault(found => found is not null);
    }

    private static (MessageKind Kind, string Sentence)? FindIn(PayloadNode root)
    {
        foreach ((string[] keys, MessageKind kind) in Bodies)
        {
            if (keys.All(key => root.At(key).Any(node => node.Kind is NodeKind.Text)))
            {
                return (kind, $"key {string.Join(" and key ", keys)} with text speaks of {Words(kind)}");
            }
        }

        return null;
    }

    private static string Words(MessageKind kind) => kind switch
    {
        MessageKind.Alarm => "an alarm",
        MessageKind.Join => "a device that joins",
        MessageKind.Log => "a log",
        MessageKind.Status => "the sender's own state",
        MessageKind.Metadata => "what values mean, not of values",
        MessageKind.Command => "an order to a device",
        _ => "an event",
    };
}
