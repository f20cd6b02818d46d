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
    private readonly Broker _broker;
    private readonly AlarmDesk _desk;
    private readonly string _prefix;

    /// <param name="broker">Publishes.</param>
    /// <param name="desk">Whose transitions are told.</param>
    /// <param name="site">The site's slug.</param>
    public AlarmTopics(Broker broker, AlarmDesk desk, string site)
    {
        _broker = broker;
        _desk = desk;
        _prefix = PrefixOf(site);
        desk.Add(this);
    }

    /// <summary>Filter of all topics that are ours.</summary>
    public static string FilterOf(string site) => PrefixOf(site) + "#";

    /// <summary>
    /// Publishes every standing alarm: retained messages live in memory and are gone after a restart.
    /// </summary>
    public void PublishStanding()
    {
        foreach (Alarm alarm in _desk.Snapshot.Standing)
        {
            Publish(alarm);
        }
    }

    /// <inheritdoc/>
    public void OnChange(in AlarmChange change) => Publish(change.Alarm);

    private static string PrefixOf(string site) => $"telemetry/{site}/alarms/";

    private void Publish(Alarm alarm)
    {
        AlarmMessage message = AlarmMessage.Of(alarm, _desk.Snapshot.IsCovered(alarm));
        string kind = alarm.Id[(alarm.Id.LastIndexOf('/') + 1)..];
        byte[] topic = Encoding.UTF8.GetBytes($"{_prefix}{message.AssetId}/{message.Signal}/{kind}");
        byte[] payload = JsonSerializer.SerializeToUtf8Bytes(message, AlarmMessage.JsonOptions);
        _broker.Publish(topic, payload, Qos, retain: true);
        if (!alarm.IsStanding)
        {
            // Watchers have seen it become normal; a newcomer is not to be told of it (MQTT 5 §3.3.1.3).
            _broker.Publish(topic, [], Qos, retain: true);
        }
    }
}
