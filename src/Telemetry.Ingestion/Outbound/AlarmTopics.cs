using System.Text;
using System.Text.Json;
using Telemetry.Alarms;
using Telemetry.Mqtt.Pipelines;

namespace Telemetry.Ingestion;

/// <summary>
/// Transitions → retained MQTT topics <c>telemetry/SITE/alarms/ASSET/SIGNAL/KIND</c>; a normal alarm clears its topic.
/// What is published there by others is not taken in.
/// </summary>
public sealed class AlarmTopics : IAlarmListener
{
    private const byte Qos = 1;
    private readonly Intake _intake;
    private readonly Broker _broker;
    private readonly AlarmDesk _desk;
    private readonly string _prefix;

    /// <param name="intake">Publishes by way of the log, so that a restart loses no transition.</param>
    /// <param name="broker">Publishes when the log has no room: people must hear of a full disk.</param>
    /// <param name="desk">Whose transitions are told.</param>
    /// <param name="site">The site's slug.</param>
    public AlarmTopics(Intake intake, Broker broker, AlarmDesk desk, string site)
    {
        _intake = intake;
        _broker = broker;
        _desk = desk;
        _prefix = PrefixOf(site);
        desk.Add(this);
    }

    /// <summary>Filter of all topics that are ours.</summary>
    public static string FilterOf(string site) => PrefixOf(site) + "#";

    /// <summary>
    /// Brings the retained topics in line with the board, after a restart: the journal may know what no topic says yet.
    /// </summary>
    public void PublishStanding()
    {
        var standing = new HashSet<string>(StringComparer.Ordinal);
        foreach (Alarm alarm in _desk.Snapshot.Standing)
        {
            (byte[] topic, byte[] payload) = Render(alarm);
            standing.Add(Encoding.UTF8.GetString(topic));
            if (!_broker.IsRetained(topic, payload))
            {
                Publish(topic, payload);
            }
        }

        foreach (string topic in _broker.FindRetained(_prefix + "#").Where(topic => !standing.Contains(topic)))
        {
            Publish(Encoding.UTF8.GetBytes(topic), []);
        }
    }

    /// <inheritdoc/>
    public void OnChange(in AlarmChange change) => Publish(change.Alarm);

    private static string PrefixOf(string site) => $"telemetry/{site}/alarms/";

    private void Publish(Alarm alarm)
    {
        (byte[] topic, byte[] payload) = Render(alarm);
        Publish(topic, payload);
        if (!alarm.IsStanding)
        {
            // Watchers have seen it become normal; a newcomer is not to be told of it (MQTT 5 §3.3.1.3).
            Publish(topic, []);
        }
    }

    private void Publish(byte[] topic, byte[] payload)
    {
        if (!_intake.TryPublish(topic, payload, Qos, retain: true))
        {
            _broker.Publish(topic, payload, Qos, retain: true);
        }
    }

    private (byte[] Topic, byte[] Payload) Render(Alarm alarm)
    {
        AlarmMessage message = AlarmMessage.Of(alarm, _desk.Snapshot.IsCovered(alarm));
        string kind = alarm.Id[(alarm.Id.LastIndexOf('/') + 1)..];
        byte[] topic = Encoding.UTF8.GetBytes($"{_prefix}{message.AssetId}/{message.Signal}/{kind}");
        byte[] payload = JsonSerializer.SerializeToUtf8Bytes(message, AlarmMessage.JsonOptions);
        return (topic, payload);
    }
}
