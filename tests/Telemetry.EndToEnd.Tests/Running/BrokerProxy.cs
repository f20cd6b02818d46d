using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Telemetry.Mqtt;

namespace Telemetry.EndToEnd.Tests;

/// <summary>
/// Stands between the service and a broker and sees every packet: which points the broker delivered, and which of them
/// the service acknowledged. It can let packets vanish without closing, as a dead link does.
/// </summary>
internal sealed class BrokerProxy : IAsyncDisposable
{
    private const int PacketBytesMax = 1 << 20;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _gate = new();
    private readonly HashSet<long> _acknowledged = [];
    private readonly HashSet<long> _delivered = [];
    private readonly List<Connection> _connections = [];
    private readonly int _brokerPort;

    private BrokerProxy(int brokerPort)
    {
        _brokerPort = brokerPort;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>A proxy in front of a broker.</summary>
    public static BrokerProxy Before(MqttBroker broker) => new(broker.Port);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Deliveries of points beyond the first of each.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Connections of the service so far.</summary>
    public int ConnectionCount
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Times of the points that the service has acknowledged to the broker.</summary>
    public IReadOnlyList<long> Acknowledged()
    {
        lock (_gate)
        {
            return [.. _acknowledged];
        }
    }

    /// <summary>Nothing passes on the connections there are, and nothing closes them.</summary>
    public void Freeze() => Each(connection => connection.IsFrozen = true);

    /// <summary>No PUBLISH of the broker passes on the connections there are; all else does.</summary>
    public void Silence() => Each(connection => connection.IsSilent = true);

    /// <summary>Completes when the service has closed the newest connection.</summary>
    public Task ClosedByServiceAsync()
    {
        lock (_gate)
        {
            return _connections[^1].ClosedByService.Task;
        }
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Each(connection => connection.Dispose());
        return ValueTask.CompletedTask;
    }

    private void Each(Action<Connection> act)
    {
        lock (_gate)
        {
            _connections.ForEach(act);
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient service;
            try
            {
                service = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException)
            {
                return;
            }

            var connection = new Connection(this, service);
            lock (_gate)
            {
                _connections.Add(connection);
            }

            _ = connection.RunAsync(_brokerPort);
        }
    }

    private void OnDelivered(long time)
    {
        lock (_gate)
        {
            Duplicates += _delivered.Add(time) ? 0 : 1;
        }
    }

    private void OnAcknowledged(long time)
    {
        lock (_gate)
        {
            _acknowledged.Add(time);
        }
    }

    private sealed class Connection(BrokerProxy proxy, TcpClient service) : IDisposable
    {
        private readonly TcpClient _broker = new();
        private readonly long[] _timeOf = new long[ushort.MaxValue + 1];
        private volatile ProtocolBox _level = new(ProtocolLevel.V311);

        public volatile bool IsFrozen;
        public volatile bool IsSilent;

        public TaskCompletionSource ClosedByService { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task RunAsync(int brokerPort)
        {
            try
            {
                await _broker.ConnectAsync(IPAddress.Loopback, brokerPort);
                Task up = PassAsync(service.GetStream(), _broker.GetStream(), isFromService: true);
                Task down = PassAsync(_broker.GetStream(), service.GetStream(), isFromService: false);
                await Task.WhenAny(up, down);
                if (IsFrozen)
                {
                    await up;
                }
            }
            catch (Exception over) when (over is IOException or SocketException or ObjectDisposedException)
            {
                // One side is gone; so is the other.
            }

            Dispose();
        }

        public void Dispose()
        {
            service.Dispose();
            _broker.Dispose();
        }

        private async Task PassAsync(NetworkStream from, NetworkStream to, bool isFromService)
        {
            try
            {
                await PassPacketsAsync(from, to, isFromService);
            }
            catch (Exception over) when (over is IOException or SocketException or ObjectDisposedException)
            {
                // Killed, or closed by the other direction.
            }

            if (isFromService)
            {
                ClosedByService.TrySetResult();
            }
        }

        private async Task PassPacketsAsync(NetworkStream from, NetworkStream to, bool isFromService)
        {
            byte[] buffer = new byte[PacketBytesMax];
            byte[] passing = new byte[PacketBytesMax];
            int end = 0;
            int read;
            while ((read = await from.ReadAsync(buffer.AsMemory(end))) > 0)
            {
                end += read;
                int taken = Take(buffer.AsSpan(0, end), passing, isFromService, out int passed);
                buffer.AsSpan(taken, end - taken).CopyTo(buffer);
                end -= taken;
                if (!IsFrozen)
                {
                    await to.WriteAsync(passing.AsMemory(0, passed));
                }
            }
        }

        /// <summary>Looks at all whole packets; what may pass is copied out.</summary>
        private int Take(ReadOnlySpan<byte> bytes, Span<byte> passing, bool isFromService, out int passed)
        {
            int start = 0;
            passed = 0;
            while (PacketFramer.TryRead(
                bytes[start..], PacketBytesMax, out PacketFrame frame, out int consumed, out _) == ReadStatus.Complete)
            {
                bool passes = isFromService ? SeenFromService(frame) : SeenFromBroker(frame);
                if (passes)
                {
                    bytes.Slice(start, consumed).CopyTo(passing[passed..]);
                    passed += consumed;
                }

                start += consumed;
            }

            return start;
        }

        private bool SeenFromService(PacketFrame frame)
        {
            if (frame.Type == PacketType.Connect && ConnectView.TryRead(frame, out ConnectView connect, out _))
            {
                _level = new ProtocolBox(connect.Level);
            }
            else if (frame.Type is PacketType.PubAck or PacketType.PubRec
                && AckView.TryRead(frame, _level.Level, out AckView ack, out _)
                && _timeOf[ack.PacketIdentifier] is var time and > 0)
            {
                proxy.OnAcknowledged(time);
            }

            return true;
        }

        private bool SeenFromBroker(PacketFrame frame)
        {
            if (frame.Type == PacketType.Publish
                && PublishView.TryRead(frame, _level.Level, out PublishView publish, out _))
            {
                // The payload of a point ends in its time.
                ReadOnlySpan<byte> payload = publish.Payload;
                bool isPoint = payload.StartsWith(Encoding.UTF8.GetBytes(PointSender.Measurement));
                long time = isPoint
                    ? long.Parse(payload[(payload.LastIndexOf((byte)' ') + 1)..], CultureInfo.InvariantCulture)
                    : 0;
                _timeOf[publish.PacketIdentifier] = time;
                if (isPoint)
                {
                    proxy.OnDelivered(time);
                }

                return !IsSilent;
            }

            return true;
        }

        private sealed record ProtocolBox(ProtocolLevel Level);
    }
}
