using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Telemetry.Mqtt;

namespace Telemetry.Load;

/// <summary>
/// One connection of the load: messages are one pre-rendered packet whose packet identifier and time digits are
/// patched, so that the sender costs little of the cores it shares with the server.
/// </summary>
internal sealed class Sender : IDisposable
{
    private const int PubAckBytes = 4; // MQTT 3.1.1 §3.4: 40 02 and the identifier
    private const int TimeDigits = 19; // nanoseconds from 2001 to 2262
    private readonly LoadOptions _options;
    private readonly Socket _socket;
    private readonly byte[][] _packets;
    private readonly int[][] _timePlaces;
    private readonly int[] _identifierPlaces;
    private readonly byte[] _burst;
    private readonly byte[] _acknowledgements = new byte[64 * 1024];
    private readonly Queue<(long Count, long Sent)> _marks = new();
    private long _time;
    private long _ackBytes;

    public Sender(LoadOptions options, int index)
    {
        _options = options;
        _time = 1_700_000_000_000_000_000 + (index * 1_000L);
        int series = Math.Max(1, options.Series / options.Connections);
        _packets = new byte[series][];
        _timePlaces = new int[series][];
        _identifierPlaces = new int[series];
        for (int i = 0; i < series; i++)
        {
            (_packets[i], _identifierPlaces[i], _timePlaces[i]) = Render(index, (index * series) + i);
        }

        _burst = new byte[options.Burst * _packets.Max(packet => packet.Length)];
        _socket = Connect(index);
    }

    public long Sent { get; private set; }

    public long Acknowledged => _options.Qos == 0 ? Sent : _ackBytes / PubAckBytes;

    /// <summary>Sends up to <paramref name="count"/> messages, as the window allows.</summary>
    /// <returns>How many were sent.</returns>
    public int SendBurst(long count)
    {
        int room = (int)Math.Min(count, Math.Min(_options.Burst, _options.Window - (Sent - Acknowledged)));
        if (room <= 0)
        {
            return 0;
        }

        int bytes = 0;
        for (int i = 0; i < room; i++)
        {
            bytes += Append(_burst.AsSpan(bytes), Sent + i);
        }

        for (int sent = 0; sent < bytes;)
        {
            sent += _socket.Send(_burst.AsSpan(sent, bytes - sent));
        }

        Sent += room;
        _marks.Enqueue((Sent, Stopwatch.GetTimestamp()));
        return room;
    }

    /// <summary>Takes the acknowledgements that are there.</summary>
    public void Receive(List<double> latencies)
    {
        while (_options.Qos > 0 && _socket.Available > 0)
        {
            int bytes = _socket.Receive(_acknowledgements);
            _ackBytes += bytes;
        }

        while (_marks.TryPeek(out (long Count, long Sent) mark) && mark.Count <= Acknowledged)
        {
            _marks.Dequeue();
            latencies.Add(Stopwatch.GetElapsedTime(mark.Sent).TotalMilliseconds);
        }
    }

    public void Dispose() => _socket.Dispose();

    private int Append(Span<byte> target, long number)
    {
        int series = (int)(number % _packets.Length);
        byte[] packet = _packets[series];
        if (_options.Qos > 0)
        {
            ushort identifier = (ushort)((number % ushort.MaxValue) + 1);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(_identifierPlaces[series]), identifier);
        }

        foreach (int place in _timePlaces[series])
        {
            // Times are unique per connection and series: every message is a point of its own.
            _time += 1_000_000;
            Utf8Formatter.TryFormat(_time, packet.AsSpan(place, TimeDigits), out _);
        }

        packet.CopyTo(target);
        return packet.Length;
    }

    private (byte[] Packet, int IdentifierPlace, int[] TimePlaces) Render(int connection, int series)
    {
        var payload = new StringBuilder();
        for (int i = 0; i < _options.PointsPerMessage; i++)
        {
            payload.Append(_options.Format == "json"
                ? $$"""{"temperature":58.31,"current":92.4,"power":48.75,"vibration":9.02,"time":{{_time}}}"""
                : $"{_options.Measurement},site=pilot,area=crushing,asset=a{series} "
                + $"temperature=58.31,current=92.4,power=48.75,vibration=9.02 {_time}\n");
        }

        byte[] body = Encoding.UTF8.GetBytes(payload.ToString());
        var publish = new PublishView
        {
            Topic = Encoding.UTF8.GetBytes($"{_options.Measurement}/c{connection}/a{series}"),
            Payload = body,
            Qos = (byte)_options.Qos,
            PacketIdentifier = _options.Qos == 0 ? (ushort)0 : (ushort)1,
        };
        var packet = new byte[publish.Measure(ProtocolLevel.V311)];
        publish.Write(packet, ProtocolLevel.V311);
        byte[] digits = Encoding.UTF8.GetBytes(_time.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var places = new List<int>();
        for (int at = packet.AsSpan().IndexOf(digits); at >= 0;)
        {
            places.Add(at);
            int next = packet.AsSpan(at + TimeDigits).IndexOf(digits);
            at = next < 0 ? -1 : at + TimeDigits + next;
        }

        return (packet, packet.Length - body.Length - sizeof(ushort), [.. places]);
    }

    private Socket Connect(int index)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(_options.Host, _options.Port);
        var connect = new ConnectView
        {
            Level = ProtocolLevel.V311,
            CleanStart = true,
            KeepAliveSeconds = 60,
            ClientIdentifier = Encoding.UTF8.GetBytes($"{_options.Measurement}-{index}"),
        };
        var packet = new byte[connect.Measure()];
        connect.Write(packet);
        socket.Send(packet);
        var answer = new byte[4]; // MQTT 3.1.1 §3.2: 20 02, flags, return code
        for (int got = 0; got < answer.Length;)
        {
            int bytes = socket.Receive(answer.AsSpan(got));
            got += bytes > 0 ? bytes : throw new IOException("cannot connect: the server closed before CONNACK");
        }

        return answer[3] == 0 ? socket : throw new IOException($"cannot connect: CONNACK return code {answer[3]}");
    }
}
