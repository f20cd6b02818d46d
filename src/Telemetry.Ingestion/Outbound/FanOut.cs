using Microsoft.Extensions.Logging;
using Telemetry.Mqtt;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Committed messages → subscribers, sessions and retained messages. Runs behind the commit (law L2) and skips what
/// nobody wants: without subscribers only ranges with retained messages are read. What the broker keeps is written to a
/// checkpoint now and then; a restart replays the log from there.
/// </summary>
public sealed class FanOut
{
    private const uint Magic = 0x4B52_4254; // "TBRK" as little-endian bytes
    private const uint Version = 1;
    private const long MovedBytesMax = 16 * 1024 * 1024; // what a restart replays, though nothing of it concerns us
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LargeCheckpointInterval = TimeSpan.FromSeconds(60); // of more than was moved

    private readonly Spool.Spool _spool;
    private readonly Intake _intake;
    private readonly Broker _broker;
    private readonly SpoolRelief _relief;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CheckpointFile _file;
    private readonly SpoolHold _hold;
    private long _position;
    private long _savedPosition;
    private long _savedBytes;
    private long _savedAt;
    private bool _isChanged;

    /// <param name="spool">Where messages are committed.</param>
    /// <param name="intake">Knows where retained messages and events of sessions stand.</param>
    /// <param name="broker">Knows who wants what.</param>
    /// <param name="relief">Waits for commits.</param>
    /// <param name="files">The disk.</param>
    /// <param name="directory">Where the checkpoint lies.</param>
    /// <param name="time">The rhythm of checkpoints.</param>
    /// <param name="logger">Told when the disk refuses.</param>
    internal FanOut(
        Spool.Spool spool,
        Intake intake,
        Broker broker,
        SpoolRelief relief,
        IFileSystem files,
        string directory,
        TimeProvider time,
        ILogger logger)
    {
        _spool = spool;
        _intake = intake;
        _broker = broker;
        _relief = relief;
        _time = time;
        _logger = logger;
        _file = new CheckpointFile(files, directory, "broker.checkpoint", Magic, Version, logger);
        _hold = spool.OpenHold("broker", required: true, initialOffset: 0);
    }

    /// <summary>Brings the broker to where it was, before anybody connects: checkpoint, then the log.</summary>
    public void Restore()
    {
        if (_file.TryRead(out byte[] state, out long offset))
        {
            if (_broker.TryLoad(state))
            {
                _position = Math.Min(offset, _spool.DurableOffset);
            }
            else
            {
                _file.SetAside("the state cannot be read");
            }
        }

        using (SpoolReader reader = _spool.OpenReader(Math.Max(_position, _spool.FirstOffset)))
        {
            while (reader.TryRead(out RecordView record))
            {
                Replay(record, reader.Position);
            }

            _position = reader.Position;
        }

        _broker.OnDistributed(_position);
        _broker.Start(_intake);
        Checkpoint();
    }

    /// <summary>Runs until cancelled; the last checkpoint is written then.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        SpoolReader reader = _spool.OpenReader(_position);
        try
        {
            while (true)
            {
                if (!await _relief.WaitForCommitAsync(_position, cancellationToken))
                {
                    if (_position > _savedPosition)
                    {
                        Checkpoint();
                    }

                    continue;
                }

                long durable = _spool.DurableOffset;
                if (_broker.HasSubscribers || _intake.WantedOffset > _position)
                {
                    if (reader.Position != _position)
                    {
                        reader.Dispose();
                        reader = _spool.OpenReader(_position);
                    }

                    Distribute(reader, durable);
                    _isChanged = true;
                }

                _position = durable;
                _broker.OnDistributed(durable);
                if (IsCheckpointDue())
                {
                    Checkpoint();
                }
            }
        }
        finally
        {
            reader.Dispose();
            Checkpoint();
        }
    }

    private void Distribute(SpoolReader reader, long before)
    {
        while (reader.Position < before && reader.TryRead(out RecordView record))
        {
            if (!record.IsDropped && record.Kind is (byte)RecordKind.Publish or (byte)RecordKind.OwnPublish)
            {
                Distribute(MessageRecord.Read(record.Body), reader.Position, record.ArrivalTime);
            }

            if (_broker.HasChanges)
            {
                _broker.OnDistributed(reader.Position);
            }
        }
    }

    private void Distribute(in MessageRecord message, long endOffset, long arrivalTime)
    {
        var publish = new PublishView
        {
            Topic = message.Topic,
            Payload = message.Payload,
            Properties = message.Properties,
            Qos = message.Qos,
            Retain = message.Retain,
        };
        _broker.Distribute(publish, message.Client, endOffset, arrivalTime);
    }

    private void Replay(in RecordView record, long endOffset)
    {
        if (record.IsDropped)
        {
            return; // before a checkpoint that is lost: whoever was to get it does not any more
        }

        if (record.Kind == (byte)RecordKind.SessionEvent)
        {
            bool isRead = SessionEventFormat.TryRead(
                record.Body, out SessionEventKind kind, out ReadOnlySpan<byte> client, out ReadOnlySpan<byte> content);
            if (isRead)
            {
                _broker.Replay(kind, client, content, record.ArrivalTime);
            }
        }
        else if (record.Kind is (byte)RecordKind.Publish or (byte)RecordKind.OwnPublish)
        {
            MessageRecord message = MessageRecord.Read(record.Body);
            Distribute(message, endOffset, record.ArrivalTime);
            if (message.Qos == 2)
            {
                _broker.ReplayReceived(message.Client, message.PacketIdentifier, endOffset);
            }
        }
    }

    /// <summary>
    /// A change is kept within seconds; a state larger than what has come since is kept less often, so that it does not
    /// wear the disk more than the messages do.
    /// </summary>
    private bool IsCheckpointDue()
    {
        TimeSpan since = _time.GetElapsedTime(_savedAt);
        long moved = _position - _savedPosition;
        bool isLarge = _savedBytes > moved;
        return _isChanged
            ? since >= (isLarge ? LargeCheckpointInterval : CheckpointInterval)
            : moved >= MovedBytesMax && since >= CheckpointInterval;
    }

    private void Checkpoint()
    {
        try
        {
            byte[] state = _broker.Save(_position);
            _file.Write(_position, state);
            _hold.ReleaseTo(_position);
            _savedPosition = _position;
            _savedBytes = state.Length;
            _isChanged = false;
        }
        catch (IOException cause)
        {
            IngestionLog.BrokerCheckpointFailed(_logger, cause.Message, _position - _savedPosition);
        }

        _savedAt = _time.GetTimestamp();
    }
}
