using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Telemetry.Mqtt;

namespace Telemetry.FirmwareSim;

/// <summary>What came from the server.</summary>
internal readonly record struct Received(PacketType Type, ushort PacketIdentifier, ReasonCode ReasonCode);

/// <summary>
/// One MQTT 3.1.1 connection as a client sees it: packets out in batches, packets in one by one. Whatever breaks it is
/// an <see cref="IOException"/> or a <see cref="SocketException"/>.
/// </summary>
internal sealed class MqttLink : IDisposable
{
    /// <summary>The protocol level spoken.</summary>
    public const ProtocolLevel Level = ProtocolLevel.V311;

    /// <summary>The keep alive asked for, seconds.</summary>
    public const ushort KeepAliveSeconds = 60;

    private const int PacketBytesMax = 64 * 1024; // a publisher is told little
    private const int BatchBytes = 64 * 1024;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly ArrayBufferWriter<byte> _out = new(BatchBytes);
    private readonly byte[] _in = new byte[PacketBytesMax];
    private int _inStart;
    private int _inEnd;

    /// <summary>True when so much waits that it should be flushed.</summary>
    public bool IsBatchFull => _out.WrittenCount >= BatchBytes;

    /// <summary>Connects and waits for the server's yes.</summary>
    public async Task OpenAsync(SimulatorOptions options, string clientIdentifier, CancellationToken cancellation)
    {
        await _socket.ConnectAsync(options.Host, options.Port, cancellation);
        WriteConnect(options, clientIdentifier);
        await FlushAsync(cancellation);
        Received answer = await ReceiveAsync(cancellation);
        if (answer is not { Type: PacketType.ConnAck, ReasonCode: ReasonCode.Success })
        {
            throw new IOException($"the server answered CONNECT with {answer.Type}, {answer.ReasonCode}");
        }
    }

    /// <summary>Adds a whole packet to the batch.</summary>
    public void Add(ReadOnlySpan<byte> packet) => _out.Write(packet);

    /// <summary>Adds a packet that has no body.</summary>
    public void AddEmpty(PacketType type) => _out.Advance(PingView.Write(_out.GetSpan(PingView.PacketBytes), type));

    /// <summary>Sends the batch.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> rest = _out.WrittenMemory;
        while (!rest.IsEmpty)
        {
            int sent = await _socket.SendAsync(rest, SocketFlags.None, cancellation);
            rest = rest[sent..];
        }

        _out.ResetWrittenCount();
    }

    /// <summary>Waits for the next packet.</summary>
    public async ValueTask<Received> ReceiveAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (TryReadPacket(out Received received))
            {
                return received;
            }

            _in.AsSpan(_inStart, _inEnd - _inStart).CopyTo(_in);
            _inEnd -= _inStart;
            _inStart = 0;
            int read = await _socket.ReceiveAsync(_in.AsMemory(_inEnd), SocketFlags.None, cancellation);
            if (read == 0)
            {
                throw new IOException("the server closed the connection");
            }

            _inEnd += read;
        }
    }

    public void Dispose() => _socket.Dispose();

    private void WriteConnect(SimulatorOptions options, string clientIdentifier)
    {
        var connect = new ConnectView
        {
            Level = Level,
            CleanStart = true,
            KeepAliveSeconds = KeepAliveSeconds,
            ClientIdentifier = Encoding.UTF8.GetBytes(clientIdentifier),
            HasUserName = options.User is not null,
            UserName = Encoding.UTF8.GetBytes(options.User ?? ""),
            HasPassword = options.Password is not null,
            Password = Encoding.UTF8.GetBytes(options.Password ?? ""),
        };
        _out.Advance(connect.Write(_out.GetSpan(connect.Measure())));
    }

    private bool TryReadPacket(out Received received)
    {
        ReadStatus status = PacketFramer.TryRead(
            _in.AsSpan(_inStart, _inEnd - _inStart),
            PacketBytesMax,
            out PacketFrame frame,
            out int consumed,
            out MalformedReason reason);
        _inStart += consumed;
        received = status == ReadStatus.Complete ? Understand(frame, ref reason) : default;
        return reason == MalformedReason.None
            ? status == ReadStatus.Complete
            : throw new IOException($"the server sent a malformed packet: {reason}");
    }

    private static Received Understand(PacketFrame frame, ref MalformedReason reason)
    {
        switch (frame.Type)
        {
            case PacketType.ConnAck:
                ConnAckView.TryRead(frame, Level, out ConnAckView connAck, out reason);
                return new Received(frame.Type, 0, connAck.ReasonCode);
            case PacketType.PubAck:
                AckView.TryRead(frame, Level, out AckView ack, out reason);
                return new Received(frame.Type, ack.PacketIdentifier, ack.ReasonCode);
            default:
                return new Received(frame.Type, 0, ReasonCode.Success);
        }
    }
}
