using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Telemetry.Mqtt;

namespace Telemetry.Load;

/// <summary>
/// One connection of the load: messages are pre-rendered packets whose packet identifier, digits of times and decimals
/// of values are patched, so that the sender costs little of the cores it shares with the server. Times are those of
/// the sending in milliseconds, values wander within half a unit: nothing is late, flat or beyond a limit.
/// </summary>
internal sealed class Sender : IDisposable
{
    private const int PubAckBytes = 4; // MQTT 3.1.1 §3.4: 40 02 and the identifier
    private const int TimeDigits = 19; // nanoseconds from 2001 to 2262
    private const long TimeStep = 100_000; // between points of a series that are sent in one millisecond
    private const long Millisecond = 1_000_000;
    private const int Decimals = 2;

    // Two digits for each of a hundred steps of a wandering value.
    private static readonly byte[] Wandering =
        [.. Enumerable.Range(0, 100).SelectMany(i => Encoding.ASCII.GetBytes($"{i * 37 % 100:D2}"))];

    // Any time of the right length: the places of its digits are looked for.
    private static readonly string SomeTime = new('8', TimeDigits);
    private readonly LoadOptions _options;
    private readonly Socket _socket;
    private readonly byte[][] _packets;
    private readonly int[][] _timePlaces;
    private readonly int[][] _decimalPlaces;
    private readonly int[] _identifierPlaces;
    private readonly long[] _times; // of the last point of each series
    private readonly byte[] _burst;
    private readonly byte[] _acknowledgements = new byte[64 * 1024];
    private readonly Queue<(long Count, long Sent)> _marks = new();
    private long _ackBytes;
    private int _step;

    public Sender(LoadOptions options, int index)
    {
        _options = options;
        _step = index;
        int series = options.SeriesSent / options.Connections;
        _packets = new byte[series][];
        _timePlaces = new int[series][];
        _decimalPlaces = new int[series][];
        _identifierPlaces = new int[series];
        _times = new long[series];
        for (int i = 0; i < series; i++)
        {
            byte[] payload = Payload((index * series) + i);
            _packets[i] = Packet(index, (index * series) + i, payload);
            _identifierPlaces[i] = _packets[i].Length - payload.Length - sizeof(ushort);
            _timePlaces[i] = PlacesOf(_packets[i], SomeTime);
            _decimalPlaces[i] =
            [
                .. LoadSite.Fields.SelectMany(field => PlacesOf(_packets[i], field.Value))
                    .Select(place => place + LoadSite.Fields[0].Value.Length - Decimals),
            ];
            PayloadBytes = payload.Length;
        }

        _burst = new byte[BurstMax * _packets.Max(packet => packet.Length)];
        _socket = Connect(index);
    }

    public Socket Socket => _socket;

    /// <summary>Bytes of one message's payload.</summary>
    public int PayloadBytes { get; }

    public long Sent { get; private set; }

    public long Acknowledged => _options.Qos == 0 ? Sent : _ackBytes / PubAckBytes;

    private int BurstMax => _options.Rate == 0 ? _options.Burst : 1;

    /// <summary>Sends up to <paramref name="count"/> messages, as the window allows.</summary>
    /// <returns>How many were sent.</returns>
    public int SendBurst(long count)
    {
        int room = (int)Math.Min(count, Math.Min(BurstMax, _options.Window - (Sent - Acknowledged)));
        if (room <= 0)
        {
            return 0;
        }

        int bytes = 0;
        long now = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        now -= now % Millisecond;
        for (int i = 0; i < room; i++)
        {
            bytes += Append(_burst.AsSpan(bytes), Sent + i, now);
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

    private int Append(Span<byte> target, long number, long now)
    {
        int series = (int)(number % _packets.Length);
        byte[] packet = _packets[series];
        if (_options.Qos > 0)
        {
            ushort identifier = (ushort)((number % ushort.MaxValue) + 1);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(_identifierPlaces[series]), identifier);
        }

        ref long time = ref _times[series];
        foreach (int place in _timePlaces[series])
        {
            // Times are unique per series: every message is a point of its own.
            time = Math.Max(time + TimeStep, now);
            Utf8Formatter.TryFormat(time, packet.AsSpan(place, TimeDigits), out _);
        }

        foreach (int place in _decimalPlaces[series])
        {
            _step = _step + 1 < Wandering.Length / Decimals ? _step + 1 : 0;
            packet[place] = Wandering[_step * Decimals];
            packet[place + 1] = Wandering[(_step * Decimals) + 1];
        }

        packet.CopyTo(target);
        return packet.Length;
    }

    private byte[] Payload(int series)
    {
        string asset = LoadSite.AssetOf(_options.Measurement, series);
        string point = _options.Format == "json"
            ? $$"""{{{string.Join(',', LoadSite.Fields.Select(f => $"\"{f.Name}\":{f.Value}"))}},"time":{{SomeTime}}}"""
            : $"{_options.Measurement},site=pilot,area=crushing,asset={asset} "
                + $"{string.Join(',', LoadSite.Fields.Select(f => $"{f.Name}={f.Value}"))} {SomeTime}\n";
        return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(point, _options.PointsPerMessage)));
    }

    private byte[] Packet(int connection, int series, byte[] payload)
    {
        string asset = LoadSite.AssetOf(_options.Measurement, series);
        var publish = new PublishView
        {
            Topic = Encoding.UTF8.GetBytes($"{_options.Measurement}/c{connection}/{asset}"),
            Payload = payload,
            Qos = (byte)_options.Qos,
            PacketIdentifier = _options.Qos == 0 ? (ushort)0 : (ushort)1,
        };
        byte[] packet = new byte[publish.Measure(ProtocolLevel.V311)];
        publish.Write(packet, ProtocolLevel.V311);
        return packet;
    }

    private static int[] PlacesOf(byte[] packet, string text)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(text);
        var places = new List<int>();
        for (int from = 0, at; (at = packet.AsSpan(from).IndexOf(wanted)) >= 0; from += at + wanted.Length)
        {
            places.Add(from + at);
        }

        return [.. places];
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
