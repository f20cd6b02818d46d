using System.Net.Sockets;
using Telemetry.Mqtt;

namespace Telemetry.EndToEnd.Tests;

/// <summary>
/// Sends one point after the other at QoS 1, as fast as a window of unacknowledged messages allows, until it is stopped
/// or the peer is gone; remembers which points were acknowledged.
/// </summary>
internal sealed class PointSender : IDisposable
{
    /// <summary>The measurement of the points; their field is <c>n</c>, equal to their time.</summary>
    public const string Measurement = "load";

    private const int Window = 500;
    private readonly MqttSocket _socket;
    private readonly SemaphoreSlim _room = new(Window);
    private readonly List<long> _acknowledged = [];
    private readonly long[] _timeOf = new long[ushort.MaxValue + 1];
    private readonly long _firstTime;
    private readonly Thread _sending;
    private readonly Thread _receiving;
    private volatile bool _stopped;

    /// <param name="port">Where the service listens.</param>
    /// <param name="firstTime">Time of the first point; each next one is 1 ns later.</param>
    public PointSender(int port, long firstTime)
    {
        _firstTime = firstTime;
        NextTime = firstTime;
        _socket = new MqttSocket(port, "point-sender");
        _sending = new Thread(Send);
        _receiving = new Thread(Receive);
        _sending.Start();
        _receiving.Start();
    }

    /// <summary>Time after that of the last point sent; read it after <see cref="Stop"/>.</summary>
    public long NextTime { get; private set; }

    public int AcknowledgedCount
    {
        get
        {
            lock (_acknowledged)
            {
                return _acknowledged.Count;
            }
        }
    }

    /// <summary>Times of the points acknowledged so far.</summary>
    public IReadOnlyList<long> Acknowledged()
    {
        lock (_acknowledged)
        {
            return [.. _acknowledged];
        }
    }

    /// <summary>Waits until a number of points is acknowledged.</summary>
    public Task WaitForAcknowledgedAsync(int count) => Until.Async(
        $"{count} points are acknowledged", () => Task.FromResult(AcknowledgedCount), found => found >= count);

    /// <summary>Stops sending, ends the connection and gives the times of all acknowledged points.</summary>
    public IReadOnlyList<long> Stop()
    {
        _stopped = true;
        _sending.Join();
        _socket.Dispose();
        _receiving.Join();
        return _acknowledged;
    }

    public void Dispose()
    {
        Stop();
        _room.Dispose();
    }

    private void Send()
    {
        try
        {
            for (long time = _firstTime; !_stopped; time++)
            {
                while (!_room.Wait(TimeSpan.FromMilliseconds(20)))
                {
                    if (_stopped)
                    {
                        return;
                    }
                }

                var identifier = (ushort)(time % ushort.MaxValue + 1);
                Volatile.Write(ref _timeOf[identifier], time);
                NextTime = time + 1;
                _socket.Send(MqttSocket.Publish("load/points", $"{Measurement} n={time}i {time}", identifier));
            }
        }
        catch (SocketException)
        {
            // The service was killed.
        }
    }

    private void Receive()
    {
        try
        {
            while (_socket.TryReceive(out PacketFrame frame))
            {
                if (AckView.TryRead(frame, ProtocolLevel.V311, out AckView ack, out _))
                {
                    lock (_acknowledged)
                    {
                        _acknowledged.Add(Volatile.Read(ref _timeOf[ack.PacketIdentifier]));
                    }

                    _room.Release();
                }
            }
        }
        catch (Exception cause) when (cause is SocketException or ObjectDisposedException)
        {
            // The service was killed, or the test has seen enough.
        }

        _stopped = true;
    }
}
