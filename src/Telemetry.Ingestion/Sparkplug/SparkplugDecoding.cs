using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Brings the messages of edge nodes to the host and its answers to the batch: decode, hold, decode what was held, mark
/// stale. Belongs to one <see cref="RecordDecoder"/>.
/// </summary>
internal sealed class SparkplugDecoding(
    SparkplugHost host, RecordDecoder decoder, Action<SparkplugRequest>? requests)
{
    /// <summary>Takes one message; its entry comes first, what it releases stands behind.</summary>
    public RecordFate Decode(
        PointBatch batch, in RecordView record, in MessageRecord message, ResolvedTopic topic)
    {
        SparkplugStep step = host.Take(message, record.ArrivalTime);
        RecordFate fate = Apply(batch, record, message, topic, step);
        Release(batch, record);
        HandOver();
        return fate;
    }

    /// <summary>Moves the clock of the host.</summary>
    public void Tick(PointBatch batch, in RecordView tick)
    {
        host.Tick(tick.ArrivalTime);
        Release(batch, tick);
        HandOver();
    }

    private void HandOver()
    {
        foreach (SparkplugRequest request in host.Requests)
        {
            requests?.Invoke(request);
        }

        host.Requests.Clear();
    }

    private void Release(PointBatch batch, in RecordView by)
    {
        while (host.TryRelease(out HeldMessage held, out SparkplugStep step))
        {
            RecordView record = held.View;
            MessageRecord message = MessageRecord.Read(record.Body);
            bool isReadable = step.Action != SparkplugAction.Decode || step.Births is not null;
            if (!isReadable)
            {
                SparkplugHost.TryHold(step, message, record);
            }
            else if (TopicOf(message) is { } topic)
            {
                decoder.BeginRelease(by.Offset, by.ArrivalTime - record.ArrivalTime);
                Apply(batch, record, message, topic, step);
                decoder.NoteGateway(batch, message, topic);
                decoder.EndRelease();
            }
        }
    }

    /// <summary>What the topic means now; null when its route is no more, or reads something else.</summary>
    private ResolvedTopic? TopicOf(in MessageRecord message)
    {
        ResolvedTopic? topic = decoder.Routes.Find(message.Topic, message.Client);
        return topic is { Route.Decoder: SparkplugRouteDecoder } ? topic : null;
    }

    private RecordFate Apply(
        PointBatch batch,
        in RecordView record,
        in MessageRecord message,
        ResolvedTopic topic,
        in SparkplugStep step)
    {
        switch (step.Action)
        {
            case SparkplugAction.Decode:
                return DecodePayload(batch, record, message, topic, step);
            case SparkplugAction.MarkStale:
                return MarkStale(batch, record, topic, step);
            case SparkplugAction.Duplicate:
                batch.AddRecord(record.Offset, record.ArrivalTime, record.Lane).Fate = RecordFate.Duplicate;
                return RecordFate.Duplicate;
            case SparkplugAction.Ignore:
            default:
                batch.AddRecord(record.Offset, record.ArrivalTime, record.Lane).Fate = RecordFate.NotAMeasurement;
                HoldEffect(step, message, record);
                return RecordFate.NotAMeasurement;
        }
    }

    private RecordFate DecodePayload(
        PointBatch batch,
        in RecordView record,
        in MessageRecord message,
        ResolvedTopic topic,
        in SparkplugStep step)
    {
        var route = (SparkplugRouteDecoder)topic.Route.Decoder!;
        route.Begin(step, record.ArrivalTime);
        RecordFate fate = decoder.DecodePayload(batch, record, message, topic);
        if (step.Node is null)
        {
            return fate;
        }

        if (SparkplugTopic.Read(message.Topic).Kind is SparkplugKind.NodeBirth or SparkplugKind.DeviceBirth)
        {
            HoldEffect(step, message, record);
        }
        else if (route.LacksBirth)
        {
            SparkplugHost.TryHold(step, message, record);
            if (step.Node.GapSince == 0)
            {
                host.Ask(step.Node, record.ArrivalTime);
            }
        }

        return fate;
    }

    /// <summary>A birth or death behind a gap takes effect when the gap is closed.</summary>
    private static void HoldEffect(in SparkplugStep step, in MessageRecord message, in RecordView record)
    {
        if (step is { Node.GapSince: > 0, Sequence: >= 0 })
        {
            SparkplugHost.TryHold(step, message, record);
        }
    }

    private RecordFate MarkStale(
        PointBatch batch, in RecordView record, ResolvedTopic topic, in SparkplugStep step)
    {
        EdgeNode node = step.Node!;
        ref RecordEntry entry = ref decoder.BeginRecord(batch, record, topic);
        IEnumerable<EdgeDevice> dead = step.Device is { } device ? [device] : node.Devices.Append(node.Own);
        foreach (EdgeDevice one in dead.Where(one => one is { IsOnline: true, Births: not null }))
        {
            if (decoder.Routes.Find(one.Topic, node.Client) is { } meaning)
            {
                StalePoints.Write(one.Births!, meaning.Series, decoder.WriterOf(batch, meaning), step.Time);
            }
        }

        if (step.Device is { } gone)
        {
            gone.Die(step.Time);
        }
        else
        {
            node.Die(step.Time);
        }

        entry.Fate = entry is { PointCount: > 0, ReleasedAt: 0 } ? RecordFate.Decoded : RecordFate.NotAMeasurement;
        return entry.Fate;
    }
}
