using System.Net;
using System.Net.Sockets;
using System.Text;
using Telemetry.Mqtt;

namespace Telemetry.Load;

/// <summary>
/// One connection that is mostly silent: CONNECT, a PINGREQ now and then, and a QoS 1 PUBLISH when asked for. It holds
/// a socket and nothing else, so that ten thousand of them cost the machine little beside the server.
/// </summary>
internal sealed class IdleClient : IDisposable
{
    /// <summary>Seconds after which a silent one has to ping; the server waits for half as long again.</summary>
    public const int KeepAliveSeconds = 60;

    private static readonly byte[] PingReq = [0xC0, 0x00];
    private readonly Socket _socket;
    private readonly byte[] _publish;
    private int _awaited; // bytes of answers that have not come

    public IdleClient(IPEndPoint from, IPEndPoint server, string name)
    {
        _publish = Publish(name);
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Bind(from);
        _socket.Connect(server);
        var connect = new ConnectView
        {
            Level = ProtocolLevel.V311,
            CleanStart = true,
            KeepAliveSeconds = KeepAliveSeconds,
            ClientIdentifier = Encoding.UTF8.GetBytes(name),
        };
        byte[] packet = new byte[connect.Measure()];
        connect.Write(packet);
        _socket.Send(packet);
        Span<byte> answer = stackalloc byte[4]; // MQTT 3.1.1 §3.2: 20 02, flags, return code
        for (int got = 0; got < answer.Length;)
        {
            int bytes = _socket.Receive(answer[got..]);
            got += bytes > 0 ? bytes : throw new IOException("cannot connect: the server closed before CONNACK");
        }

        if (answer[3] != 0)
        {
            throw new IOException($"cannot connect: CONNACK return code {answer[3]}");
        }
    }

    /// <summary>Whether every answer has come.</summary>
    public bool IsAnswered => _awaited == 0;

    /// <summary>Says that it is still there.</summary>
    public void Ping() => Send(PingReq, answerBytes: 2);

    /// <summary>Publishes a point at QoS 1.</summary>
    public void Publish() => Send(_publish, answerBytes: 4);

    /// <summary>Takes the answers that are there.</summary>
    public void Receive(byte[] buffer)
    {
        while (_awaited > 0 && _socket.Available > 0)
        {
            _awaited -= _socket.Receive(buffer);
        }
    }

    public void Dispose() => _socket.Dispose();

    private static byte[] Publish(string name)
    {
        var publish = new PublishView
        {
            Topic = Encoding.UTF8.GetBytes($"idle/{name}"),
            Payload = Encoding.UTF8.GetBytes($"idle,gateway={name} value=1i"),
            PacketIdentifier = 1,
            Qos = 1,
        };
        byte[] packet = new byte[publish.Measure(ProtocolLevel.V311)];
        publish.Write(packet, ProtocolLevel.V311);
        return packet;
    }

    private void Send(byte[] packet, int answerBytes)
    {
        _awaited += answerBytes;
        _socket.Send(packet);
    }
}
