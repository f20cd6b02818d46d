using System.Buffers.Text;
using System.Text;
using Telemetry.Mqtt;

namespace Telemetry.EndToEnd.Tests;

/// <summary>
/// Gateways that send lines as fast as they are acknowledged: a burst of each, then all acknowledgements, again. The
/// packets are made once and get new times, so that the sender takes little of the machine.
/// </summary>
internal sealed class LineSenders : IDisposable
{
    public const string Measurement = "stride";
    private const int Burst = 250; // messages; identifiers 1 … 250
    private const int SeriesEach = 2;
    private const int TimeDigits = 19;
    private const long FirstTime = 1_700_000_000_000_000_000;
    private readonly MqttSocket[] _sockets;
    private readonly byte[][] _bursts;
    private readonly int[][] _timePlaces;
    private long _time = FirstTime;

    public LineSenders(int port, int connections)
    {
        _sockets = [.. Enumerable.Range(0, connections).Select(i => new MqttSocket(port, $"{Measurement}-{i}"))];
        _bursts = [.. Enumerable.Range(0, connections).Select(BurstOf)];
        byte[] time = Encoding.UTF8.GetBytes($"{FirstTime}");
        _timePlaces = [.. _bursts.Select(burst => PlacesOf(burst, time))];
    }

    /// <summary>The time of the newest line, nanoseconds since 1970.</summary>
    public long LastTime => _time;

    /// <summary>Sends this many messages, rounded up to bursts of all, and waits for every acknowledgement.</summary>
    public void Send(long messages)
    {
        for (long sent = 0; sent < messages; sent += Burst * _sockets.Length)
        {
            for (int i = 0; i < _sockets.Length; i++)
            {
                SetTimes(i);
                _sockets[i].Send(_bursts[i]);
            }

            foreach (MqttSocket socket in _sockets)
            {
                TakeAcknowledgements(socket);
            }

            _time += Burst * 1_000_000L;
        }
    }

    public void Dispose()
    {
        foreach (MqttSocket socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private static byte[] BurstOf(int connection) =>
    [
        .. Enumerable.Range(0, Burst).SelectMany(i => MqttSocket.Publish(
            $"{Measurement}/c{connection}/a{i % SeriesEach}",
            $"{Measurement},asset=a{connection}x{i % SeriesEach} t=58.31,i=92.4,p=48.75,v=9.02 {FirstTime}",
            (ushort)(i + 1))),
    ];

    private static int[] PlacesOf(ReadOnlySpan<byte> burst, ReadOnlySpan<byte> time)
    {
        var places = new List<int>();
        for (int at = 0; burst[at..].IndexOf(time) is >= 0 and int next; at = places[^1] + TimeDigits)
        {
            places.Add(at + next);
        }

        return [.. places];
    }

    private void SetTimes(int connection)
    {
        for (int i = 0; i < Burst; i++)
        {
            Span<byte> place = _bursts[connection].AsSpan(_timePlaces[connection][i], TimeDigits);
            Assert.True(Utf8Formatter.TryFormat(_time + (i * 1_000_000L), place, out _));
        }
    }

    private static void TakeAcknowledgements(MqttSocket socket)
    {
        for (int i = 0; i < Burst; i++)
        {
            Assert.True(socket.TryReceive(out PacketFrame frame));
            Assert.Equal(PacketType.PubAck, frame.Type);
        }
    }
}
