using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Telemetry.Mqtt;

namespace Telemetry.Load;

/// <summary>One gateway of the storm; it stays connected when its message is acknowledged.</summary>
internal sealed class StormGateway(
    IPEndPoint server, string thumbprint, string name, string password) : IDisposable
{
    private const int AnswerBytes = 4; // CONNACK and PUBACK of MQTT 3.1.1 are as long
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private Socket? _socket;
    private SslStream? _stream;

    /// <summary>Seconds from the start of the storm to the PUBACK; 0 when there was none.</summary>
    public double Seconds { get; private set; }

    public int Retries => Causes.Count;

    /// <summary>Why attempts failed.</summary>
    public List<string> Causes { get; } = [];

    public async Task RunAsync(long started, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await TryAsync(cancellation);
                Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                return;
            }
            catch (Exception cause) when (cause is IOException or SocketException or AuthenticationException
                or OperationCanceledException)
            {
                Causes.Add(cause.Message);
                Dispose();
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _socket?.Dispose();
    }

    private async Task TryAsync(CancellationToken cancellation)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await _socket.ConnectAsync(server, cancellation);
        _stream = new SslStream(new NetworkStream(_socket));
        await _stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == thumbprint,
            },
            cancellation);
        byte[] answer = new byte[AnswerBytes];
        await _stream.WriteAsync(Connect(), cancellation);
        await _stream.ReadExactlyAsync(answer, cancellation);
        if (answer is not [0x20, _, _, 0])
        {
            throw new IOException($"CONNACK return code {answer[3]}");
        }

        await _stream.WriteAsync(Publish(), cancellation);
        await _stream.ReadExactlyAsync(answer, cancellation);
        if (answer[0] != 0x40)
        {
            throw new IOException($"expected PUBACK, found {answer[0]:X2}");
        }
    }

    private byte[] Connect()
    {
        var connect = new ConnectView
        {
            Level = ProtocolLevel.V311,
            CleanStart = true,
            KeepAliveSeconds = 600,
            ClientIdentifier = Encoding.UTF8.GetBytes(name),
            HasUserName = true,
            UserName = Encoding.UTF8.GetBytes(name),
            HasPassword = true,
            Password = Encoding.UTF8.GetBytes(password),
        };
        byte[] packet = new byte[connect.Measure()];
        connect.Write(packet);
        return packet;
    }

    private byte[] Publish()
    {
        var publish = new PublishView
        {
            Topic = Encoding.UTF8.GetBytes($"{name}/storm"),
            Payload = Encoding.UTF8.GetBytes($"storm,gateway={name} value=1i"),
            PacketIdentifier = 1,
            Qos = 1,
        };
        byte[] packet = new byte[publish.Measure(ProtocolLevel.V311)];
        publish.Write(packet, ProtocolLevel.V311);
        return packet;
    }
}
