using System.Buffers;
using System.Text;
using Telemetry.Buffers;
using Telemetry.Model;
using Telemetry.Payloads;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// The host application of Sparkplug B as a fold over the log: which edge nodes and devices were born, what their
/// aliases mean, what is missing, and what is held until it can be read. docs/payloads/sparkplug.md.
/// </summary>
internal sealed class SparkplugHost : IDecodingStatePart
{
    private const byte Version = 1;
    private readonly long _reorderTimeout;
    private readonly bool _requestsRebirth;
    private readonly byte[] _ownId;
    private readonly SparkplugBudget _budget = new();
    private readonly Dictionary<byte[], EdgeNode> _nodes = new(BytesComparer.Instance);
    private readonly Queue<(EdgeNode Node, HeldMessage Message)> _released = new();
    private int _missingCount;
    private bool _mayHaveGaps;
    private long _requestSecond;
    private int _requestsInSecond;

    public SparkplugHost(SparkplugSettings settings)
    {
        _reorderTimeout = settings.ReorderTimeout.Ticks * TimeSpan.NanosecondsPerTick;
        _requestsRebirth = settings.RequestsRebirth;
        _ownId = Encoding.UTF8.GetBytes(settings.HostId);
    }

    /// <summary>What is to be sent; taken and cleared by whoever decodes.</summary>
    public List<SparkplugRequest> Requests { get; } = [];

    public IReadOnlyCollection<EdgeNode> Nodes => _nodes.Values;

    /// <summary>Messages of nodes that found no room.</summary>
    public long Unremembered { get; private set; }

    /// <summary>Takes a message into the state, and says what is to be done with it.</summary>
    public SparkplugStep Take(in MessageRecord message, long arrival)
    {
        SparkplugTopic topic = SparkplugTopic.Read(message.Topic);
        switch (topic.Kind)
        {
            case SparkplugKind.State:
                TakeState(topic.Node, message.Payload);
                return default;
            case SparkplugKind.Other:
                bool isOurs = message.Topic.StartsWith(SparkplugTopic.Namespace);
                return new SparkplugStep(isOurs ? SparkplugAction.Ignore : SparkplugAction.Decode);
            default:
                break;
        }

        bool isDeath = topic.Kind is SparkplugKind.NodeDeath or SparkplugKind.DeviceDeath;
        EdgeNode? node = message.IsStale ? null : FindOrAdd(topic, isDeath);
        if (node is null)
        {
            // What a broker had retained may be of any session, and what has no place here is of none.
            return new SparkplugStep(isDeath ? SparkplugAction.Ignore : SparkplugAction.Decode);
        }

        node.Hear(message.Client, arrival);
        _missingCount = node.TakeMissingCount();
        node.LetGoBefore(arrival - (SparkplugLimits.HoldSeconds * Timestamp.NanosecondsPerSecond));
        return topic.Kind switch
        {
            SparkplugKind.NodeBirth => TakeNodeBirth(node, message, arrival),
            SparkplugKind.DeviceBirth => TakeDeviceBirth(node, topic, message, arrival),
            SparkplugKind.NodeDeath => TakeNodeDeath(node, message, arrival),
            SparkplugKind.DeviceDeath => TakeDeviceDeath(node, topic, message, arrival),
            _ => TakeData(node, topic, message, arrival),
        };
    }

    /// <summary>
    /// How many messages of the last message's node were found lost since the one before, once.
    /// </summary>
    public int TakeMissing()
    {
        int count = _missingCount;
        _missingCount = 0;
        return count;
    }

    /// <summary>
    /// Keeps a message for later: data that lacked a birth, or a birth or death behind a gap. False when it does not
    /// fit.
    /// </summary>
    public static bool TryHold(in SparkplugStep step, in MessageRecord message, in RecordView record)
    {
        SparkplugTopic topic = SparkplugTopic.Read(message.Topic);
        int sequence = step.Node!.GapSince != 0 ? step.Sequence : -1;
        return step.Node.TryHold(
            new HeldMessage(topic.Kind, topic.Device.ToArray(), sequence, record.Offset, HeldMessage.CopyOf(record)));
    }

    /// <summary>Asks for the births of a node that sent what cannot be read without.</summary>
    public void Ask(EdgeNode node, long now)
    {
        if (!_requestsRebirth || !node.Pacing.IsDue(now))
        {
            return;
        }

        long second = now / Timestamp.NanosecondsPerSecond;
        _requestsInSecond = second == _requestSecond ? _requestsInSecond : 0;
        _requestSecond = second;
        if (_requestsInSecond < SparkplugLimits.RebirthsPerSecondMax)
        {
            _requestsInSecond++;
            node.Pacing.OnAsked(now);
            Requests.Add(new SparkplugRequest(
                Encoding.UTF8.GetString(node.Client),
                Encoding.UTF8.GetString(node.Group),
                Encoding.UTF8.GetString(node.Name)));
        }
    }

    /// <summary>Moves the clock: a gap that is old enough is closed, one way or the other.</summary>
    public void Tick(long now)
    {
        if (!_mayHaveGaps)
        {
            return;
        }

        _mayHaveGaps = false;
        foreach (EdgeNode node in _nodes.Values.Where(node => node.GapSince != 0))
        {
            if (now - node.GapSince >= _reorderTimeout)
            {
                CloseGap(node, now);
            }
            else
            {
                _mayHaveGaps = true;
            }
        }
    }

    /// <summary>
    /// The next held message whose time has come, with what is to be done with it; to be asked until there is none.
    /// </summary>
    public bool TryRelease(out HeldMessage held, out SparkplugStep step)
    {
        while (_released.TryDequeue(out (EdgeNode Node, HeldMessage Message) next))
        {
            held = next.Message;
            step = Release(next.Node, held);
            if (step.Action != SparkplugAction.Ignore)
            {
                return true;
            }
        }

        (held, step) = (null!, default);
        return false;
    }

    /// <inheritdoc/>
    public void Save(IBufferWriter<byte> target)
    {
        var writer = new StateWriter(target);
        writer.Byte(Version);
        writer.Int64(Unremembered);
        writer.Int64(_requestSecond);
        writer.Int32(_requestsInSecond);
        writer.Int32(_nodes.Count);
        foreach (EdgeNode node in _nodes.Values)
        {
            node.Save(writer);
        }
    }

    /// <inheritdoc/>
    public bool TryRestore(ReadOnlySpan<byte> state)
    {
        Clear();
        var reader = new StateReader(state);
        if (reader.Byte() != Version)
        {
            return false;
        }

        Unremembered = reader.Int64();
        _requestSecond = reader.Int64();
        _requestsInSecond = reader.Int32();
        for (int left = reader.Int32(); left > 0 && !reader.IsFailed; left--)
        {
            EdgeNode node = EdgeNode.Restore(ref reader, _budget);
            _nodes.TryAdd(KeyOf(node.Group, node.Name), node);
        }

        _mayHaveGaps = true;
        return !reader.IsFailed && reader.RestBytes == 0;
    }

    /// <inheritdoc/>
    public void Clear()
    {
        _nodes.Clear();
        _mayHaveGaps = false;
        _released.Clear();
        _budget.Clear();
        Requests.Clear();
        (Unremembered, _requestSecond, _requestsInSecond) = (0, 0, 0);
    }

    private void TakeState(ReadOnlySpan<byte> hostId, ReadOnlySpan<byte> payload)
    {
        if (_ownId.Length > 0 && hostId.SequenceEqual(_ownId) && SparkplugState.SaysOffline(payload))
        {
            Requests.Add(SparkplugRequest.TellState);
        }
    }

    private SparkplugStep TakeNodeBirth(EdgeNode node, in MessageRecord message, long arrival)
    {
        var births = new BirthTable(_budget);
        if (!SparkplugMessage.TryReadMetrics(message.Payload, ref births, out SparkplugHeader header))
        {
            births.Release();
            return new SparkplugStep(SparkplugAction.Decode); // its decoder says what is wrong with it
        }

        node.Begin(header, births, message.Payload, message.Topic, arrival);
        Release(node, node.TakeWaiting(default));
        return new SparkplugStep(SparkplugAction.Decode, node, node.Own, IsSure: true);
    }

    private SparkplugStep TakeDeviceBirth(
        EdgeNode node, in SparkplugTopic topic, in MessageRecord message, long arrival)
    {
        if (!SparkplugMessage.TryReadHeader(message.Payload, out SparkplugHeader header))
        {
            return new SparkplugStep(SparkplugAction.Decode);
        }

        if (!node.IsSure)
        {
            node.HearUnsure(header.Sequence);
            node.LetGoOf(topic.Device.ToArray());
            Ask(node, arrival);
            return new SparkplugStep(SparkplugAction.Decode, node);
        }

        SequencePlace place = TakeSequence(node, header.Sequence, message.Payload, arrival);
        if (place == SequencePlace.BehindGap)
        {
            // It names its values itself, so they need not wait; what it means for later ones does.
            return new SparkplugStep(SparkplugAction.Decode, node, Sequence: header.Sequence);
        }

        if (place == SequencePlace.InOrder)
        {
            Begin(node, topic, message, arrival);
        }

        return place == SequencePlace.Copy
            ? new SparkplugStep(SparkplugAction.Duplicate)
            : new SparkplugStep(SparkplugAction.Decode, node, node.Find(topic.Device), IsSure: true);
    }

    private void Begin(EdgeNode node, in SparkplugTopic topic, in MessageRecord message, long arrival)
    {
        var births = new BirthTable(_budget);
        bool isRead = SparkplugMessage.TryReadMetrics(message.Payload, ref births, out SparkplugHeader header);
        if (isRead && node.TryBegin(topic.Device, births, header, message.Topic, arrival))
        {
            Release(node, node.TakeWaiting(topic.Device));
        }
        else
        {
            births.Release();
        }
    }

    private SparkplugStep TakeData(EdgeNode node, in SparkplugTopic topic, in MessageRecord message, long arrival)
    {
        if (!SparkplugMessage.TryReadHeader(message.Payload, out SparkplugHeader header))
        {
            return new SparkplugStep(SparkplugAction.Decode);
        }

        EdgeDevice? device = node.Find(topic.Device);
        bool isOvertaken = header.TimeMilliseconds < Math.Max(node.Own.SentMilliseconds, device?.SentMilliseconds ?? 0);
        if (!node.IsSure)
        {
            isOvertaken |= !node.HearUnsure(header.Sequence);
            Ask(node, arrival);
            return new SparkplugStep(SparkplugAction.Decode, isOvertaken ? null : node);
        }

        if (isOvertaken && header.Sequence != node.Expected)
        {
            return new SparkplugStep(SparkplugAction.Decode); // sent before a birth: its aliases are of the time before
        }

        SequencePlace place = TakeSequence(node, header.Sequence, message.Payload, arrival);
        return place switch
        {
            SequencePlace.Copy => new SparkplugStep(SparkplugAction.Duplicate),
            SequencePlace.BehindGap =>
                new SparkplugStep(SparkplugAction.Decode, node, Sequence: node.IsLost ? -1 : header.Sequence),
            _ => new SparkplugStep(SparkplugAction.Decode, node, device, IsSure: true),
        };
    }

    private SparkplugStep TakeNodeDeath(EdgeNode node, in MessageRecord message, long arrival)
    {
        var none = new BirthTable(_budget);
        bool isRead = SparkplugMessage.TryReadMetrics(message.Payload, ref none, out SparkplugHeader header);
        none.Release();
        bool isOfOther = header.BirthDeathSequence >= 0 && node.BirthDeathSequence >= 0
            && header.BirthDeathSequence != node.BirthDeathSequence;
        if (!isRead || isOfOther)
        {
            // The will of a session before this one may come late; a death that cannot be read is told by its decoder.
            return new SparkplugStep(isRead ? SparkplugAction.Ignore : SparkplugAction.Decode);
        }

        return new SparkplugStep(SparkplugAction.MarkStale, node, Time: arrival);
    }

    private SparkplugStep TakeDeviceDeath(
        EdgeNode node, in SparkplugTopic topic, in MessageRecord message, long arrival)
    {
        if (!SparkplugMessage.TryReadHeader(message.Payload, out SparkplugHeader header))
        {
            return new SparkplugStep(SparkplugAction.Decode);
        }

        SequencePlace place = node.IsSure
            ? TakeSequence(node, header.Sequence, message.Payload, arrival)
            : SequencePlace.InOrder;
        return place switch
        {
            SequencePlace.Copy => new SparkplugStep(SparkplugAction.Duplicate),
            SequencePlace.BehindGap when !node.IsLost =>
                new SparkplugStep(SparkplugAction.Ignore, node, Sequence: header.Sequence),
            _ => DeathOf(node, topic.Device, header, arrival),
        };
    }

    private static SparkplugStep DeathOf(
        EdgeNode node, ReadOnlySpan<byte> device, in SparkplugHeader header, long arrival)
    {
        EdgeDevice? known = node.Find(device);
        if (known is not { IsOnline: true })
        {
            return default;
        }

        bool hasTime = header.TimeMilliseconds is <= long.MaxValue;
        long milliseconds = (long)(header.TimeMilliseconds ?? 0);
        long time = hasTime && Timestamp.TryFrom(milliseconds, TimePrecision.Milliseconds, out long told)
            ? told
            : arrival;
        return new SparkplugStep(SparkplugAction.MarkStale, node, known, Time: time);
    }

    private SequencePlace TakeSequence(EdgeNode node, int sequence, ReadOnlySpan<byte> payload, long arrival)
    {
        bool hadGap = node.GapSince != 0;
        SequencePlace place = node.Order(sequence, payload, arrival);
        _mayHaveGaps |= place == SequencePlace.BehindGap;
        if (place == SequencePlace.InOrder && hadGap)
        {
            Release(node, node.TakePassed());
        }

        if (node.IsOverrun)
        {
            CloseGap(node, arrival);
        }

        return place;
    }

    private void CloseGap(EdgeNode node, long now)
    {
        if (_requestsRebirth)
        {
            Release(node, node.Lose());
            Ask(node, now);
        }
        else
        {
            Release(node, node.PassOverGap());
        }
    }

    private void Release(EdgeNode node, List<HeldMessage> messages)
    {
        foreach (HeldMessage message in messages)
        {
            _released.Enqueue((node, message));
        }
    }

    private SparkplugStep Release(EdgeNode node, HeldMessage held)
    {
        MessageRecord message = MessageRecord.Read(held.View.Body);
        SparkplugTopic topic = SparkplugTopic.Read(message.Topic);
        if (held.IsData)
        {
            return new SparkplugStep(SparkplugAction.Decode, node, node.Find(held.Device), IsSure: node.IsSure);
        }

        if (held.Kind == SparkplugKind.DeviceBirth && node.IsSure)
        {
            Begin(node, topic, message, held.ArrivalTime);
        }
        else if (held.Kind == SparkplugKind.DeviceDeath
            && SparkplugMessage.TryReadHeader(message.Payload, out SparkplugHeader header))
        {
            return DeathOf(node, held.Device, header, held.ArrivalTime);
        }

        return default;
    }

    private EdgeNode? FindOrAdd(in SparkplugTopic topic, bool isDeath)
    {
        int bytes = topic.Group.Length + 1 + topic.Node.Length;
        Span<byte> key = bytes <= 256 ? stackalloc byte[256] : new byte[bytes];
        key = key[..bytes];
        topic.Group.CopyTo(key);
        key[topic.Group.Length] = (byte)'/';
        topic.Node.CopyTo(key[(topic.Group.Length + 1)..]);
        if (_nodes.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out EdgeNode? node) || isDeath)
        {
            return node;
        }

        bool fits = _nodes.Count < SparkplugLimits.NodesMax && bytes <= IngestionLimits.RememberedTopicBytesMax;
        if (!fits)
        {
            Unremembered++;
            return null;
        }

        node = new EdgeNode(topic.Group.ToArray(), topic.Node.ToArray(), _budget);
        _nodes.Add(key.ToArray(), node);
        return node;
    }

    /// <summary>By which births a message that came before is to be read now; changes nothing.</summary>
    public SparkplugStep Recall(in MessageRecord message)
    {
        SparkplugTopic topic = SparkplugTopic.Read(message.Topic);
        return _nodes.TryGetValue(KeyOf(topic.Group.ToArray(), topic.Node.ToArray()), out EdgeNode? node)
            ? new SparkplugStep(SparkplugAction.Decode, Device: node.Find(topic.Device), IsSure: node.IsSure)
            : default;
    }

    private static byte[] KeyOf(byte[] group, byte[] node) => [.. group, (byte)'/', .. node];
}
