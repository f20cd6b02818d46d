using Telemetry.Mqtt;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Committed messages → subscribers and retained messages. Runs behind the commit (law L2), starts at the tail, and
/// skips what nobody wants: without subscribers only ranges with retained messages are read.
/// </summary>
public sealed class FanOut
{
    private readonly Spool.Spool _spool;
    private readonly Intake _intake;
    private readonly Broker _broker;
    private long _position;

    /// <param name="spool">Where messages are committed.</param>
    /// <param name="intake">Knows where retained messages stand.</param>
    /// <param name="broker">Knows who wants what.</param>
    public FanOut(Spool.Spool spool, Intake intake, Broker broker)
    {
        _spool = spool;
        _intake = intake;
        _broker = broker;
        _position = spool.DurableOffset;
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        SpoolReader reader = _spool.OpenReader(_position);
        try
        {
            while (true)
            {
                long durable = await _spool.WaitForCommitAsync(_position, cancellationToken);
                if (_broker.HasSubscribers || _intake.RetainedOffset > _position)
                {
                    if (reader.Position != _position)
                    {
                        reader.Dispose();
                        reader = _spool.OpenReader(_position);
                    }

                    Distribute(reader, durable);
                }

                _position = durable;
            }
        }
        finally
        {
            reader.Dispose();
        }
    }

    private void Distribute(SpoolReader reader, long before)
    {
        while (reader.Position < before && reader.TryRead(out RecordView record))
        {
            if (record.Kind == (byte)RecordKind.Publish)
            {
                Distribute(MessageRecord.Read(record.Body));
            }
        }
    }

    private void Distribute(in MessageRecord message)
    {
        if (!_broker.HasSubscribers && !message.Retain)
        {
            return;
        }

        var publish = new PublishView
        {
            Topic = message.Topic,
            Payload = message.Payload,
            Properties = message.Properties,
            Qos = message.Qos,
            Retain = message.Retain,
        };
        _broker.Distribute(publish, message.Client);
    }
}
