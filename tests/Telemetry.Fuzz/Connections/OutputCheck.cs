namespace Telemetry.Fuzz;

/// <summary>
/// Reads what the server sends to one client, and what that client sent as far as it broke no rule: each packet is well
/// formed, allowed now, within what the client asked for, and acknowledges only what there was.
/// </summary>
internal sealed class OutputCheck(ProtocolLevel level)
{
    private readonly Dictionary<int, int> _sent = []; // QoS 1 and 2 messages by identifier, sent and not acknowledged
    private readonly HashSet<int> _inFlight = []; // identifiers of messages from the server
    private readonly HashSet<int> _aliases = [];
    private ConnectionState _state = ConnectionState.Opening;
    private bool _isBlurred; // what was sent is not known any more
    private bool _isOver;
    private bool _hasAsked; // CONNECT has been sent
    private long _packetBytesMax = long.MaxValue;
    private uint _aliasMax;

    /// <summary>What is wrong with the server's packets; null when nothing is.</summary>
    public string? Complaint { get; private set; }

    /// <summary>The client sends something.</summary>
    public void OnSent(ReadOnlySpan<byte> bytes, bool isKnown)
    {
        _inFlight.Clear(); // it may acknowledge what it was never told to
        PacketFrame frame = default;
        _isBlurred |= !isKnown
            || PacketFramer.TryRead(bytes, int.MaxValue, out frame, out _, out _) != ReadStatus.Complete;
        if (_isBlurred)
        {
            return;
        }

        bool isConnect = frame.Type == PacketType.Connect && !_hasAsked;
        if (isConnect && ConnectView.TryRead(frame, out ConnectView connect, out _))
        {
            _hasAsked = true;
            _packetBytesMax = PropertyReader.FindNumber(
                connect.Properties, PropertyId.MaximumPacketSize, uint.MaxValue);
            _aliasMax = PropertyReader.FindNumber(connect.Properties, PropertyId.TopicAliasMaximum, 0);
        }
        else if (frame.Type == PacketType.Publish && PublishView.TryRead(frame, level, out PublishView publish, out _)
            && publish.Qos > 0)
        {
            _sent[publish.PacketIdentifier] = _sent.GetValueOrDefault(publish.PacketIdentifier) + 1;
        }
    }

    /// <summary>Something is wrong that is not about a single packet.</summary>
    public void Complain(string complaint) => Complaint ??= complaint;

    /// <summary>The client has acknowledged this message, to its end.</summary>
    public void OnFinished(int identifier) => _inFlight.Remove(identifier);

    /// <summary>The server has sent a packet.</summary>
    public void OnReceived(PacketFrame frame, int bytes)
    {
        string? wrong = Check(frame, bytes);
        if (wrong is not null)
        {
            Complaint ??= $"{wrong}: {frame.FirstByte:X2} {Convert.ToHexString(frame.Body)}";
        }
    }

    private string? Check(PacketFrame frame, int bytes)
    {
        if (_isOver)
        {
            return "a packet after the last one";
        }

        Span<byte> again = new byte[bytes + FixedHeader.BytesMax];
        if (!PacketRewriting.TryRewrite(frame, level, again, out _, out MalformedReason reason))
        {
            // Whether a damaged CONNECT was in this level nobody knows.
            return _isBlurred ? null : $"a packet that is malformed ({reason})";
        }

        MalformedReason rule = SessionRules.CheckFromServer(_state, frame.Type, level);
        if (rule != MalformedReason.None && !_isBlurred)
        {
            return $"a packet out of place ({rule})";
        }

        _isOver = frame.Type == PacketType.Disconnect;
        return frame.Type switch
        {
            PacketType.ConnAck => CheckConnAck(frame),
            _ when bytes > _packetBytesMax && !_isBlurred && !_isOver => "a packet larger than the client takes",
            PacketType.Publish => CheckPublish(frame),
            PacketType.PubAck or PacketType.PubRec => CheckAck(frame),
            _ => null,
        };
    }

    private string? CheckConnAck(PacketFrame frame)
    {
        _state = ConnectionState.Connected;
        ConnAckView.TryRead(frame, level, out ConnAckView ack, out _);
        _isOver = ack.ReasonCode != ReasonCode.Success;
        return null;
    }

    private string? CheckPublish(PacketFrame frame)
    {
        PublishView.TryRead(frame, level, out PublishView publish, out _);
        bool isNew = publish.Qos == 0 || _inFlight.Add(publish.PacketIdentifier);
        ushort alias = publish.TopicAlias;
        if (_isBlurred)
        {
            return null;
        }

        if (!isNew)
        {
            return "a packet identifier that is in flight";
        }

        if (alias > _aliasMax)
        {
            return $"topic alias {alias} where {_aliasMax} are taken";
        }

        bool isSet = alias == 0 || !_aliases.Add(alias);
        return publish.Topic.IsEmpty && !isSet ? "a topic alias that was never set" : null;
    }

    private string? CheckAck(PacketFrame frame)
    {
        AckView.TryRead(frame, level, out AckView ack, out _);
        int left = _sent.GetValueOrDefault(ack.PacketIdentifier);
        _sent[ack.PacketIdentifier] = left - 1;
        return left <= 0 && !_isBlurred ? "an acknowledgement of what was not sent" : null;
    }
}
