using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>The server without sockets: each peer is a pair of pipes, time is the test's.</summary>
internal sealed class TestServer : IDisposable, IAuthenticator
{
    private const int PipeBytes = 64 * 1024;

    private readonly MqttConnectionHandler _handler;

    public TestServer(Action<MqttServerOptions>? configure = null)
    {
        configure?.Invoke(Options);
        Broker = new Broker(Options, Metrics, Time);
        _handler = new MqttConnectionHandler(
            Broker, Intake, this, Options, Metrics, Time, NullLogger<MqttConnectionHandler>.Instance);
    }

    public ManualTime Time { get; } = new();

    public MqttServerOptions Options { get; } = new();

    public MqttMetrics Metrics { get; } = new();

    public FakeIntake Intake { get; } = new();

    public Broker Broker { get; }

    public Peer Open(ProtocolLevel level)
    {
        var toServer = new Pipe(new PipeOptions(
            pauseWriterThreshold: PipeBytes * 64, minimumSegmentSize: PipeBytes, useSynchronizationContext: false));
        var toPeer = new Pipe(new PipeOptions(pauseWriterThreshold: PipeBytes, useSynchronizationContext: false));
        var transport = new DefaultConnectionContext
        {
            Transport = new PipePair(toServer.Reader, toPeer.Writer),
        };
        transport.ConnectionClosed.Register(() => toPeer.Reader.CancelPendingRead());
        Task served = Task.Run(() => _handler.OnConnectedAsync(transport));
        return new Peer(new PipePair(toPeer.Reader, toServer.Writer), served, level);
    }

    /// <summary>A peer that has been taken in.</summary>
    public Task<Peer> ConnectAsync(ProtocolLevel level, string client, ushort keepAlive = 0, string? will = null)
    {
        Peer peer = Open(level);
        return peer.ConnectAsync(peer.ConnectPacket(client, keepAlive, will: will));
    }

    public AuthenticationOutcome Authenticate(
        ReadOnlySpan<byte> clientIdentifier, ReadOnlySpan<byte> userName, ReadOnlySpan<byte> password) =>
        password.SequenceEqual("wrong"u8) ? AuthenticationOutcome.BadUserNameOrPassword
        : password.SequenceEqual("banned"u8) ? AuthenticationOutcome.NotAuthorized
        : AuthenticationOutcome.Accepted;

    public void Dispose() => Broker.Dispose();

    private sealed class PipePair(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
