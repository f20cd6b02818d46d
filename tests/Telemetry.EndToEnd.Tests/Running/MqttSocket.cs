using System.Net;
using System.Net.Sockets;
using System.Text;
using Telemetry.Mqtt;

namespace Telemetry.EndToEnd.Tests;

/// <summary>An MQTT 3.1.1 connection on a bare socket, for what a well-behaved client would not send.</summary>
internal sealed class MqttSocket : IDisposable
{
    private const int PacketBytesMax = 64 * 1024;
    private const int SecondsMax = 60;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _received = new byte[PacketBytesMax];
    private int _start;
    private int _end;

    /// <summary>Connects and waits for the CONNACK.</summary>
    public MqttSocket(int port, string client)
    {
        _socket.NoDelay = true;
        _socket.ReceiveTimeout = SecondsMax * 1000;
        _socket.Connect(IPAddress.Loopback, port);
        var connect = new ConnectView
        {
            Level = ProtocolLevel.V311,
            CleanStart = true,
            KeepAliveSeconds = SecondsMax,
            ClientIdentifier = Encoding.UTF8.GetBytes(client),
        };
        var packet = new byte[connect.Measure()];
        connect.Write(packet);
        Send(packet);
        Assert.True(TryReceive(out PacketFrame frame));
        Assert.Equal(PacketType.ConnAck, frame.Type);
    }

    /// <summary>The bytes of a QoS 1 PUBLISH.</summary>
    public static byte[] Publish(string topic, string payload, ushort packetIdentifier)
    {
        var publish = new PublishView
        {
            Topic = Encoding.UTF8.GetBytes(topic),
            Payload = Encoding.UTF8.GetBytes(payload),
            PacketIdentifier = packetIdentifier,
            Qos = 1,
        };
        var packet = new byte[publish.Measure(ProtocolLevel.V311)];
        publish.Write(packet, ProtocolLevel.V311);
        return packet;
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>The next packet, valid until the next call; false when the peer has closed.</summary>
    public bool TryReceive(out PacketFrame frame)
    {
        while (true)
        {
            ReadStatus status = PacketFramer.TryRead(
                _received.AsSpan(_start, _end - _start), PacketBytesMax, out frame, out int consumed, out _);
            _start += consumed;
            if (status == ReadStatus.Complete)
            {
                return true;
            }

            Assert.Equal(ReadStatus.NeedMore, status);
            _received.AsSpan(_start, _end - _start).CopyTo(_received);
            (_start, _end) = (0, _end - _start);
            int bytes = _socket.Receive(_received.AsSpan(_end));
            if (bytes == 0)
            {
                return false;
            }

            _end += bytes;
        }
    }

    public void Dispose() => _socket.Dispose();
}
