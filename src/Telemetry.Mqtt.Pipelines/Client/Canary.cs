using System.Buffers.Text;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// A message of our own that goes to the broker and comes back through our subscription: the only proof that a quiet
/// connection still flows. Called from the read loop and the clock, so it has a lock.
/// </summary>
internal sealed class Canary
{
    private const int SilencesUnprovenMax = 3; // never seen and this often missed: it cannot come back
    private const int ClosesMax = 3; // a 3.1.1 broker that forbids the topic can only close

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly byte[] _topic;
    private readonly TimeSpan _interval;
    private string _offBecause;
    private long _number;
    private long? _sentAt;
    private long? _waitingSince;
    private long? _seenAt;
    private ushort _unacknowledged;
    private int _silencesUnproven;
    private int _closes;

    public Canary(string topic, int intervalSeconds, TimeProvider time)
    {
        _topic = System.Text.Encoding.UTF8.GetBytes(topic);
        _interval = TimeSpan.FromSeconds(intervalSeconds);
        _time = time;
        _offBecause = intervalSeconds == 0 ? "off" : "";
    }

    /// <summary>True while canaries are sent.</summary>
    public bool IsOn
    {
        get
        {
            lock (_gate)
            {
                return _offBecause.Length == 0;
            }
        }
    }

    /// <summary>In words, for the status page.</summary>
    public string State
    {
        get
        {
            lock (_gate)
            {
                return _offBecause.Length > 0 ? _offBecause : _seenAt is null ? "waiting" : "seen";
            }
        }
    }

    /// <summary>Time since one came back; null for never.</summary>
    public TimeSpan? Age
    {
        get
        {
            lock (_gate)
            {
                return _seenAt is { } seen ? _time.GetElapsedTime(seen) : null;
            }
        }
    }

    /// <summary>A connection begins: what an earlier one waited for is no matter.</summary>
    public void OnConnected()
    {
        lock (_gate)
        {
            _sentAt = null;
            _waitingSince = null;
            _unacknowledged = 0;
        }
    }

    /// <summary>True when the next one is due.</summary>
    public bool IsDue()
    {
        lock (_gate)
        {
            // One at a time: it keeps to the smallest receive maximum there is [MQTT-3.3.4-7].
            return _offBecause.Length == 0 && _unacknowledged == 0
                && (_sentAt is not { } sent || _time.GetElapsedTime(sent) >= _interval);
        }
    }

    /// <summary>The next one as a packet; it counts as sent.</summary>
    public byte[] Render(ProtocolLevel level, byte qos, ushort packetIdentifier)
    {
        Span<byte> number = stackalloc byte[20];
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            _sentAt = now;
            _waitingSince ??= now;
            _unacknowledged = qos > 0 ? packetIdentifier : (ushort)0;
            Utf8Formatter.TryFormat(++_number, number, out int digits);
            var publish = new PublishView
            {
                Topic = _topic,
                Payload = number[..digits],
                Qos = qos,
                PacketIdentifier = _unacknowledged,
            };
            byte[] packet = new byte[publish.Measure(level)];
            publish.Write(packet, level);
            return packet;
        }
    }

    /// <summary>Takes a message that is one; false when it is none.</summary>
    public bool TryTake(ReadOnlySpan<byte> topic)
    {
        if (!topic.SequenceEqual(_topic))
        {
            return false;
        }

        lock (_gate)
        {
            _waitingSince = null;
            _seenAt = _time.GetTimestamp();
        }

        return true;
    }

    /// <summary>The broker has taken one, or refused it; true when this switched canaries off.</summary>
    public bool OnAcknowledged(ushort packetIdentifier, ReasonCode code)
    {
        lock (_gate)
        {
            if (packetIdentifier != _unacknowledged)
            {
                return false;
            }

            _unacknowledged = 0;
            _closes = 0;
        }

        return code >= ReasonCode.UnspecifiedError && Refuse($"the broker refuses to publish it: {code}");
    }

    /// <summary>The broker does not let us have any; true when this switched canaries off.</summary>
    public bool Refuse(string reason)
    {
        lock (_gate)
        {
            bool wasOn = _offBecause.Length == 0;
            _offBecause = wasOn ? reason : _offBecause;
            return wasOn;
        }
    }

    /// <summary>True when one has not come back for two intervals and no other message since.</summary>
    /// <param name="lastMessageAt">When any message came last, on the same clock.</param>
    public bool IsOverdue(long lastMessageAt)
    {
        lock (_gate)
        {
            return _offBecause.Length == 0
                && _waitingSince is { } since
                && lastMessageAt <= since
                && _time.GetElapsedTime(since) >= _interval * 2;
        }
    }

    /// <summary>Reading was paused: what did not come then proves nothing.</summary>
    public void OnResumed()
    {
        lock (_gate)
        {
            _waitingSince = _waitingSince is null ? null : _time.GetTimestamp();
        }
    }

    /// <summary>A connection ended for silence; true when this switched canaries off.</summary>
    public bool OnSilence()
    {
        lock (_gate)
        {
            if (_seenAt is not null || ++_silencesUnproven < SilencesUnprovenMax)
            {
                return false;
            }
        }

        return Refuse("it never came back; may this client read and write its topic?");
    }

    /// <summary>The broker closed a connection; true when this switched canaries off.</summary>
    public bool OnClosedByBroker()
    {
        lock (_gate)
        {
            if (_unacknowledged == 0 || ++_closes < ClosesMax)
            {
                return false;
            }
        }

        return Refuse("the broker closes the connection instead of taking it");
    }
}
