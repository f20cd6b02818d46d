using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Testing;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>The server without sockets: each peer is a pair of pipes, time is the test's.</summary>
internal sealed class TestServer : IDisposable, IAuthenticator
{
    private const int PipeBytes = 64 * 1024;
    private const string IdentityMark = "as ";

    private readonly MqttConnectionHandler _handler;
    private long _savedAt;

    public TestServer(Action<MqttServerOptions>? configure = null)
        : this(new FakeIntake(), new ManualTime(), configure)
    {
        Broker.Start(Intake);
        Intake.Distributes = Broker;
    }

    private TestServer(FakeIntake intake, ManualTime time, Action<MqttServerOptions>? configure = null)
    {
        Options.SendsReasonStrings = false; // tests compare bytes; the words have tests of their own
        configure?.Invoke(Options);
        Intake = intake;
        Time = time;
        Broker = new Broker(Options, Metrics, Time, NullLogger<Broker>.Instance);
        _handler = new MqttConnectionHandler(
            Broker, Intake, this, Options, Metrics, Time, NullLogger<MqttConnectionHandler>.Instance);
    }

    public ManualTime Time { get; }

    public MqttServerOptions Options { get; } = new();

    public MqttMetrics Metrics { get; } = new();

    public FakeIntake Intake { get; }

    public Broker Broker { get; }

    /// <summary>Who may connect by name: the password "as NAME" proves it.</summary>
    public Dictionary<string, TestRights> Identities { get; private init; } = [];

    /// <summary>Who has left, and how.</summary>
    public ConcurrentQueue<string> Departures { get; } = [];

    /// <summary>A checkpoint of all that is durable.</summary>
    public byte[] Save()
    {
        _savedAt = Intake.DurableOffset;
        return Broker.Save(_savedAt);
    }

    /// <summary>
    /// The server after kill -9: all that it has is the committed log, behind a checkpoint if there is one. The old
    /// one's connections are cut off without a word.
    /// </summary>
    public TestServer Restart(byte[]? checkpoint = null)
    {
        Broker.Dispose();
        long from = checkpoint is null ? 0 : _savedAt;
        var again = new TestServer(Intake, Time) { Identities = Identities };
        if (checkpoint is not null)
        {
            Assert.True(again.Broker.TryLoad(checkpoint), "the state can be read");
        }

        Intake.ReplayInto(again.Broker, from);
        again.Broker.Start(Intake);
        return again;
    }

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

    public async ValueTask<Admission> AuthenticateAsync(
        ConnectCredentials credentials, CancellationToken cancellationToken)
    {
        await Task.Yield();
        string text = Encoding.UTF8.GetString(credentials.Password ?? []);
        if (text.StartsWith(IdentityMark, StringComparison.Ordinal))
        {
            string name = text[IdentityMark.Length..];
            return new Admission(AuthenticationOutcome.Accepted, name, Identities[name]);
        }

        ReadOnlySpan<byte> password = credentials.Password;
        return password.SequenceEqual("wrong"u8) ? Admission.Refused(AuthenticationOutcome.BadUserNameOrPassword)
            : password.SequenceEqual("banned"u8) ? Admission.Refused(AuthenticationOutcome.NotAuthorized)
            : Admission.Anonymous;
    }

    public IClientRights? FindRights(string identity, string clientIdentifier) =>
        Identities.TryGetValue(identity, out TestRights? rights) && rights.IsInForce ? rights : null;

    public void OnDisconnected(string? identity, string clientIdentifier, IPAddress? address, string reason) =>
        Departures.Enqueue($"{identity ?? "-"} {clientIdentifier} {reason}");

    public void Dispose() => Broker.Dispose();

    private sealed class PipePair(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
